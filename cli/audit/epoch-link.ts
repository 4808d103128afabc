import type { ClosedEpoch } from '../../shared/contracts/audit-body';
import { epochOrigin, readOrigin } from '../../shared/contracts/log-origin';
import type { Checkpoint } from '../../shared/domain/tlog/checkpoint';
import { type Check, failed, notCheckable, ok } from './check';

/** The end of an epoch, as it was read. */
export interface EpochEnd {
  /** First line of its checkpoints; `undefined` = nothing is signed. */
  readonly origin: string | undefined;
  /** `seq` of its first entry. */
  readonly base: number;
  /** Entries that hold. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Of its last entry. */
  readonly link: Uint8Array;
  /** It was read from the log itself, where no entry may be missing; sealed copies end where the sealer stopped. */
  readonly isLog: boolean;
  /** The newest that is signed. */
  readonly signed: Checkpoint | undefined;
}

/** The beginning of the epoch after it. */
export interface EpochBeginning {
  readonly base: number;
  readonly closes: ClosedEpoch | undefined;
  readonly follows: Uint8Array;
  readonly origin: string | undefined;
}

/** Whether an epoch begins where, and with what, the one before it ended. */
export function linkCheck(before: EpochEnd, after: EpochBeginning): Check {
  const { base, closes } = after;
  const end = before.base + before.size;
  if (closes === undefined) {
    return failed('EPOCH_LINK', `entry ${base} does not say which epoch ends with it`, { firstBad: base });
  }
  const { origin, size } = closes;
  const wrong = (detail: string, firstBad = base) => failed('EPOCH_LINK', detail, { firstBad });
  if (after.origin !== undefined && after.origin !== nextOrigin(origin))
    return wrong(`entry ${base} opens ${after.origin}, and closes ${origin}`);
  if (before.origin !== undefined && before.origin !== origin)
    return wrong(`entry ${base} closes ${origin}; the epoch here before it is ${before.origin}`, end);
  if (closes.base + size !== base)
    return wrong(`entry ${base} closes entries ${closes.base} to ${closes.base + size - 1}`);
  if (closes.base !== before.base)
    return wrong(`entry ${base} closes an epoch from ${closes.base} on; it begins at ${before.base}`, end);
  const { signed } = before;
  if (signed !== undefined && signed.size > size)
    return wrong(`entry ${base} closes ${size} entries of ${origin}, of which ${signed.size} are signed`);
  if (before.size > size) return wrong(`${origin} has ${before.size} entries; entry ${base} closes ${size}`);
  if (before.size < size) {
    const there = `${origin} was closed with ${size} entries; here are ${before.size} that hold`;
    return before.isLog ? wrong(there, end) : notCheckable('EPOCH_LINK', there);
  }
  return treeCheck(before, { ...after, closes });
}

/** Both ends meet; the tree that was closed is the one that is here, or one of the two is not what was written. */
function treeCheck(
  before: EpochEnd,
  { base, closes, follows }: EpochBeginning & { closes: ClosedEpoch },
): Check {
  const { origin, size, root } = closes;
  const isTree = Buffer.from(before.root).toString('hex') === root;
  if (!isTree || Buffer.compare(before.link, follows) !== 0) {
    const detail = `entry ${base} does not close the ${size} entries of ${origin} that are here`;
    if (isTree) return failed('EPOCH_LINK', detail, { firstBad: base });
    // One of the two is not what was written; which, only other checks can say.
    return failed('EPOCH_LINK', detail, { between: [before.base, base + 1] });
  }
  if (before.signed?.size !== size) {
    const most = before.signed?.size ?? 0;
    return notCheckable(
      'EPOCH_LINK',
      `${origin} ended with these ${size} entries; its own checkpoints cover ${most} of them`,
    );
  }
  return ok('EPOCH_LINK', `it follows ${origin}, of ${size} entries, as signed`);
}

/** Of an epoch whose predecessor is not here. */
export function withoutPredecessor({ base, closes }: Pick<EpochBeginning, 'base' | 'closes'>): Check[] {
  if (closes === undefined) return [];
  const detail = `entry ${base} closes ${closes.origin}, ${closes.size} entries, which is not here`;
  return [notCheckable('EPOCH_LINK', detail)];
}

function nextOrigin(origin: string): string | undefined {
  const of = readOrigin(origin);
  return of === undefined ? undefined : epochOrigin(of.name, of.epoch + 1);
}
