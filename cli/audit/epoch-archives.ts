import { sealPrefix } from '../../shared/contracts/log-origin';
import type { SealedArchive } from '../../shared/ports/audit-seal';

export interface EpochArchive {
  /** As its place says; `undefined` = a copy of one epoch alone, whose place says nothing. */
  readonly epoch: number | undefined;
  readonly archive: SealedArchive;
}

/** The sealed copies of each epoch, oldest first: those below `epoch-<n>/`, or where there are none, all as one epoch. */
export async function epochArchives(whole: SealedArchive): Promise<EpochArchive[]> {
  const byEpoch = new Map<number, string[]>();
  const bare: string[] = [];
  for await (const name of whole.names()) {
    const epoch = /^epoch-([1-9]\d{0,14})\//.exec(name)?.[1];
    if (epoch === undefined) bare.push(name);
    else byEpoch.set(Number(epoch), [...(byEpoch.get(Number(epoch)) ?? []), name]);
  }
  if (byEpoch.size === 0)
    return bare.length === 0 ? [] : [{ epoch: undefined, archive: named(whole, '', bare) }];
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, names]) => ({ epoch, archive: named(whole, sealPrefix(epoch), names) }));
}

function named(whole: SealedArchive, prefix: string, names: readonly string[]): SealedArchive {
  return {
    read: (name) => whole.read(prefix + name),
    async *names() {
      for (const name of names) yield name.slice(prefix.length);
    },
  };
}
