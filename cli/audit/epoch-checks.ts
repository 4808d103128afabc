import { readOrigin } from '../../shared/contracts/log-origin';
import { type Check, failed, notCheckable, ok } from './check';
import { checkpointChecks } from './checkpoint-checks';
import { linkCheck, withoutPredecessor } from './epoch-link';
import { type ReadCheckpoint, readable, type Trust } from './read-checkpoint';
import type { ReadEpoch } from './read-epoch';

/** Its number: as its place says, or its first entry, or what is signed of it. */
export function numberOf({ evidence, closes }: ReadEpoch): number {
  const said = closes === undefined ? undefined : readOrigin(closes.origin);
  if (evidence.epoch !== undefined) return evidence.epoch;
  if (said !== undefined) return said.epoch + 1;
  return readOrigin(newestOf(evidence.checkpoints)?.origin ?? '')?.epoch ?? 1;
}

/** Of each epoch, how it is tied to the one before, and what is signed and sealed of it. */
export function epochChecks(
  read: readonly ReadEpoch[],
  { trust, isLog }: { readonly trust: Trust; readonly isLog: boolean },
): Check[][] {
  const kept = trust.since === undefined ? undefined : readable(trust.since);
  const keptIn = kept === undefined ? undefined : (readOrigin(kept.origin)?.epoch ?? 1);
  // What is no checkpoint at all is said of the newest epoch.
  const keptAt = keptIn === undefined ? read.length - 1 : read.findIndex((one) => numberOf(one) === keptIn);
  return read.map((epoch, n) => {
    const { evidence, base, chain, sealed, misplaced } = epoch;
    const { since: _since, ...keys } = trust;
    const given = {
      checkpoints: evidence.checkpoints,
      keys: evidence.keys,
      trust: n === keptAt ? trust : keys,
      elsewhere: read.some((one) => one !== epoch && newestOf(one.evidence.checkpoints) !== undefined),
      closed: n < read.length - 1,
    };
    const tree = { base, size: chain.verified, roots: chain.roots ?? new Map() };
    return [
      ...linkChecks(read, n, isLog),
      ...misplaced.map((seq) =>
        failed('EPOCH_LINK', `entry ${seq} closes an epoch, and begins none`, { firstBad: seq }),
      ),
      ...checkpointChecks(given, tree),
      ...(n === 0 && kept !== undefined && keptAt < 0 ? [keptElsewhere(kept, read)] : []),
      ...(sealed === undefined ? [] : [sealed]),
    ];
  });
}

function linkChecks(read: readonly ReadEpoch[], n: number, isLog: boolean): Check[] {
  const [before, after] = [read[n - 1], read[n] as ReadEpoch];
  const { base, closes, follows, evidence, chain } = after;
  if (before === undefined) {
    if (!isLog || closes === undefined) return withoutPredecessor(after);
    return [failed('EPOCH_LINK', `the log begins with entry ${base}, of a later epoch`, { firstBad: 0 })];
  }
  // Of an epoch without entries others say that they are missing.
  if (chain.entries === 0) return [];
  const signed = newestOf(before.evidence.checkpoints);
  const end = {
    origin: signed?.origin,
    base: before.base,
    size: before.chain.verified,
    root: before.root,
    link: before.link,
    isLog,
    signed,
  };
  return [linkCheck(end, { base, closes, follows, origin: newestOf(evidence.checkpoints)?.origin })];
}

/** What the auditor kept is of an epoch that is not here: the first one here may say how that epoch ended. */
function keptElsewhere(kept: ReadCheckpoint, read: readonly ReadEpoch[]): Check {
  const code = 'KEPT_CHECKPOINT';
  const [first, last] = [read[0] as ReadEpoch, read.at(-1) as ReadEpoch];
  const { closes, base } = first;
  const epoch = readOrigin(kept.origin)?.epoch ?? 1;
  if (epoch > numberOf(last)) {
    const end = last.base + last.chain.verified;
    const detail = `you kept a checkpoint of ${kept.origin}; the log here ends with epoch ${numberOf(last)}`;
    return failed(code, detail, { firstBad: end });
  }
  if (closes?.origin !== kept.origin)
    return notCheckable(code, `you kept a checkpoint of ${kept.origin}, which is not here`);
  if (kept.size < closes.size) {
    const detail = `you kept ${kept.size} entries of ${kept.origin}, which ended with ${closes.size} and is not here`;
    return notCheckable(code, detail);
  }
  if (kept.size === closes.size && Buffer.from(kept.root).toString('hex') === closes.root)
    return ok(code, `the log goes on from the ${kept.size} entries of ${kept.origin} that you kept`);
  const detail = `entry ${base} closes another ${kept.origin} than you kept a checkpoint of`;
  return failed(code, detail, { firstBad: base });
}

function newestOf(notes: readonly string[]): ReadCheckpoint | undefined {
  return notes
    .flatMap((note) => readable(note) ?? [])
    .sort((a, b) => a.size - b.size)
    .at(-1);
}
