import type { ClosedEpoch } from '../../shared/contracts/audit-body';
import { closedBefore } from '../../shared/contracts/closed-before';
import { previousLink } from '../../shared/domain/audit-entry';
import type { EpochDeps } from './sealer-deps';

export interface Opening {
  /** What the epoch before was, as the sequencer saw it. */
  readonly closes: ClosedEpoch;
  /** Of its last entry. */
  readonly link: Uint8Array;
}

/** The entry at `seq`, if it opens the epoch after `closed`. */
export async function openingAt(
  seq: number,
  closed: string,
  { log }: Pick<EpochDeps, 'log'>,
): Promise<Opening | undefined> {
  for await (const { leaf } of log.entries(seq, seq + 1)) {
    const closes = closedBefore(leaf);
    if (closes?.origin !== closed || closes.base + closes.size !== seq) return undefined;
    return { closes, link: previousLink(leaf) };
  }
  return undefined;
}
