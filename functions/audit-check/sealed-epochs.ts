import type { LogEpoch } from '../../shared/ports/audit-log';
import type { CheckDeps } from './check-deps';

/** Of an epoch, the entries that its newest checkpoint covers: `seq` from `base` (included) to `to` (excluded). */
export interface SealedEpoch extends LogEpoch {
  readonly to: number;
}

export async function sealedEpoch(epoch: LogEpoch, { checkpoints }: CheckDeps): Promise<SealedEpoch> {
  const [newest] = await checkpoints(epoch.epoch).list(1);
  return { ...epoch, to: epoch.base + (newest?.size ?? 0) };
}

/**
 * The first entry that is under no checkpoint yet. What an epoch was closed with and the sealer refused stays unsealed:
 * once the next epoch is begun nobody waits for it.
 */
export async function sealedTo(deps: CheckDeps): Promise<number> {
  for (const epoch of [...(await deps.log.epochs())].reverse()) {
    const { base, to } = await sealedEpoch(epoch, deps);
    if (to > base) return to;
  }
  return 0;
}
