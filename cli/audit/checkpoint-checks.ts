import type { Checkpoint } from '../../shared/domain/tlog/checkpoint';
import { verifyNote } from '../../shared/domain/tlog/signed-note';
import { type Check, counted, failed, notCheckable, ok } from './check';
import { type ReadCheckpoint, readable, type Trust } from './read-checkpoint';
import { readableKeys, signatureChecks } from './signature-checks';

/** An epoch as it was read: its number of entries that hold, and the root over the first n of them. */
export interface ReadTree {
  /** `seq` of the first one. */
  readonly base: number;
  readonly size: number;
  readonly roots: ReadonlyMap<number, Uint8Array>;
}

export interface CheckpointsGiven {
  readonly checkpoints: readonly string[];
  /** Verifier keys that came with the log. */
  readonly keys: readonly string[];
  /** `since`: of this epoch, or what is no checkpoint at all. */
  readonly trust: Trust;
  /** Other epochs have checkpoints. */
  readonly elsewhere: boolean;
  /** There is a later epoch. */
  readonly closed: boolean;
}

/** Sizes whose roots are compared, of these notes. */
export function sizesOf(notes: readonly string[]): number[] {
  return notes.flatMap((note) => readable(note)?.size ?? []);
}

/** Checks everything that is signed of an epoch against the epoch as it was read. */
export function checkpointChecks(given: CheckpointsGiven, log: ReadTree): Check[] {
  const read = given.checkpoints.map(readable);
  const unreadable = read.filter((one) => one === undefined).length;
  const checkpoints = read.filter((one) => one !== undefined).sort((a, b) => a.size - b.size);
  const kept = keptCheck(given, log, checkpoints.at(-1));
  const newest = checkpoints.at(-1);
  if (newest === undefined) {
    const why =
      unreadable > 0
        ? `${counted(unreadable, 'checkpoint')}, none readable`
        : 'there is no signed checkpoint';
    const none = unreadable > 0 ? failed('CHECKPOINTS', why) : notCheckable('CHECKPOINTS', why);
    const unsigned =
      given.trust.keys === undefined || given.elsewhere
        ? []
        : [failed('KEY', 'nothing is signed with the key given')];
    return [none, ...unsigned, ...kept];
  }
  return [
    rootsCheck(checkpoints, unreadable, log),
    ...signatureChecks(checkpoints, given),
    ...kept,
    tailCheck(newest, log, given.closed),
  ];
}

function rootsCheck(checkpoints: readonly ReadCheckpoint[], unreadable: number, log: ReadTree): Check {
  if (unreadable > 0) return failed('CHECKPOINTS', `${counted(unreadable, 'checkpoint')} cannot be read`);
  const origins = new Set(checkpoints.map(({ origin }) => origin));
  if (origins.size > 1)
    return failed('CHECKPOINTS', `checkpoints of several logs: ${[...origins].join(', ')}`);
  let covered = 0;
  for (const checkpoint of checkpoints) {
    // Of two of one size that differ, one is of a fork; where it begins nobody can say.
    const difference = differenceOf(checkpoint, log, covered < checkpoint.size ? covered : 0);
    if (difference !== undefined) return failed('CHECKPOINTS', difference.detail, difference.where);
    covered = checkpoint.size;
  }
  return ok(
    'CHECKPOINTS',
    `${counted(new Set(checkpoints.map(({ note }) => note.text)).size, 'checkpoint')} of ${[...origins][0]}, newest of ${covered} entries`,
  );
}

/** `covered`: entries that an earlier checkpoint has shown to be right. */
function differenceOf({ size, root }: Checkpoint, log: ReadTree, covered: number) {
  if (size > log.size) {
    const detail = `the checkpoint of ${size} entries covers more than the ${log.size} that are there`;
    return { detail, where: { firstBad: log.base + log.size } };
  }
  const found = size === 0 ? undefined : log.roots.get(size);
  if (size === 0 || (found !== undefined && Buffer.compare(found, root) === 0)) return undefined;
  const detail = `the first ${size} entries are not those that the checkpoint of ${size} covers`;
  return { detail, where: { between: [log.base + covered, log.base + size] as const } };
}

function keptCheck(
  { trust, keys }: CheckpointsGiven,
  log: ReadTree,
  newest: ReadCheckpoint | undefined,
): Check[] {
  if (trust.since === undefined) return [];
  const kept = readable(trust.since);
  if (kept === undefined) return [failed('KEPT_CHECKPOINT', 'what you kept is no signed checkpoint')];
  if (newest !== undefined && newest.origin !== kept.origin) {
    return [
      failed('KEPT_CHECKPOINT', `you kept a checkpoint of ${kept.origin}, and this log is ${newest.origin}`),
    ];
  }
  const difference = differenceOf(kept, log, 0);
  if (difference !== undefined) return [failed('KEPT_CHECKPOINT', difference.detail, difference.where)];
  const known = trust.keys?.filter(({ kind }) => kind === 'note') ?? [];
  const signed = verifyNote(kept.note, known.length > 0 ? known : readableKeys(keys));
  const by = signed.ok ? '' : ' (its signature is of a key that is not given)';
  return [
    ok(
      'KEPT_CHECKPOINT',
      `the log begins with the ${kept.size} entries of the checkpoint that you kept${by}`,
    ),
  ];
}

/** What a closed epoch has behind its last checkpoint stands under those of the next: the entry that closed it says its tree. */
function tailCheck(newest: Checkpoint, log: ReadTree, closed: boolean): Check {
  const tail = log.size - newest.size;
  if (tail <= 0) return ok('TAIL', 'every entry is under a checkpoint');
  return notCheckable(
    'TAIL',
    `the last ${counted(tail, 'entry', 'entries')} are under no checkpoint${closed ? ' of their epoch' : ' yet'}`,
  );
}
