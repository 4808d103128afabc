import type { AuditBody } from '../../shared/contracts/audit-body';
import { EvidenceFile } from '../../shared/contracts/evidence-file';
import { readOrigin } from '../../shared/contracts/log-origin';
import { readableBody } from '../../shared/contracts/read-audit-body';
import { leafOf, linkedEntry, previousLink, type StoredEntry } from '../../shared/domain/audit-entry';
import { bytesOfBase64 } from '../../shared/domain/base64-bytes';
import { verifyConsistency, verifyInclusion } from '../../shared/domain/tlog/merkle-proof';
import { type Check, counted, failed, firstBadOf, notCheckable, ok } from './check';
import { documentChecks } from './document-checks';
import { linkCheck, withoutPredecessor } from './epoch-link';
import { type ReadCheckpoint, readable, type Trust } from './read-checkpoint';
import { signatureChecks } from './signature-checks';
import type { Verdict } from './verdict';

/** The file is no evidence file, or holds text that is not what its place is for. */
export class EvidenceFileError extends Error {
  override readonly name = 'EvidenceFileError';
}

/** @throws EvidenceFileError that names the field */
export function readEvidenceFile(value: unknown): EvidenceFile {
  const read = EvidenceFile.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new EvidenceFileError(`not an evidence file: ${issue?.path.join('.')}: ${issue?.message}`);
}

/**
 * Checks the export of a contract: by itself, with what the auditor brings along.
 * @throws EvidenceFileError when something in it is not base64
 */
export function verifyExport(file: EvidenceFile, trust: Trust): Verdict {
  const entries = file.entries.map(({ seq, entry, proof }) => readEntry(seq, entry, proof));
  const trees = treesOf(file);
  const checks = [
    ...treeChecks({ file, trees, entries, trust }),
    ...documentChecks(
      file,
      entries.flatMap(({ body }) => body ?? []),
    ),
  ];
  const firstBad = firstBadOf(checks);
  return {
    of: 'export',
    entries: entries.length,
    verified: entries.filter((entry) => trees.some((tree) => isIncluded(entry, tree))).length,
    ...(firstBad === undefined ? {} : { firstBad }),
    problems: checks.filter(({ status }) => status === 'failed').map(({ status, ...check }) => check),
    unattributed: entries.filter(({ body }) => body?.attributed === false).length,
    root: Buffer.from(trees.at(-1)?.checkpoint?.root ?? []).toString('hex'),
    checks,
  };
}

/** What proofs lead to: the tree of one epoch. */
interface Tree {
  /** `undefined` = it cannot be read. */
  readonly checkpoint: ReadCheckpoint | undefined;
  /** `seq` of its first leaf. */
  readonly base: number;
  readonly opening: ReadEntry | undefined;
  readonly consistency: EvidenceFile['consistency'];
}

function treesOf({ earlier = [], checkpoint, opening, consistency }: EvidenceFile): Tree[] {
  const newest = checkpoint === undefined ? [] : [{ checkpoint, opening, consistency }];
  return [...earlier, ...newest].map(({ checkpoint, opening, consistency }) => ({
    checkpoint: readable(checkpoint),
    base: opening?.seq ?? 0,
    opening: opening === undefined ? undefined : readEntry(opening.seq, opening.entry, opening.proof),
    consistency,
  }));
}

interface ReadEntry extends StoredEntry {
  readonly proof: readonly Uint8Array[] | undefined;
  /** `undefined` = it is none of ours; then the entry is not what the tree has, and the rest is still looked at. */
  readonly body: AuditBody | undefined;
}

function readEntry(seq: number, entry: string, proof: readonly string[] | undefined): ReadEntry {
  try {
    const leaf = leafOf(bytesOfBase64(entry));
    return {
      ...linkedEntry(seq, leaf),
      body: readableBody(leaf),
      proof: proof?.map(bytesOfBase64),
    };
  } catch (cause) {
    throw new EvidenceFileError(`entry ${seq} cannot be read`, { cause });
  }
}

function treeChecks({ file, trees, entries, trust }: Given): Check[] {
  if (trees.length === 0) {
    const unsigned = trust.keys === undefined ? [] : [failed('KEY', 'nothing is signed with the key given')];
    return [notCheckable('CHECKPOINTS', 'the file has no signed checkpoint'), ...unsigned];
  }
  const checks = trees.flatMap((tree, n) => {
    const { checkpoint, base } = tree;
    if (checkpoint === undefined) return [failed('CHECKPOINTS', 'the checkpoint cannot be read')];
    const next = trees[n + 1]?.base ?? Number.POSITIVE_INFINITY;
    const own = entries.filter(({ seq }) => (n === 0 || seq >= base) && seq < next);
    const signed = signatureChecks([checkpoint], { keys: file.keys, trust, closed: n < trees.length - 1 });
    const found = [
      inclusionCheck(own, { ...tree, checkpoint }),
      ...openingChecks(tree, trees[n - 1]),
      ...signed,
    ];
    return trees.length === 1 ? found : found.map((check) => ({ ...check, epoch: epochOf(checkpoint) }));
  });
  return [...checks, ...keptCheck(trees, trust)];
}

interface Given {
  readonly file: EvidenceFile;
  readonly trees: readonly Tree[];
  readonly entries: readonly ReadEntry[];
  readonly trust: Trust;
}

const epochOf = ({ origin }: ReadCheckpoint): number => readOrigin(origin)?.epoch ?? 1;

/** Where a later epoch begins, and that it begins with what the one before it in the file ended with. */
function openingChecks({ checkpoint, opening, base }: Tree, before: Tree | undefined): Check[] {
  if (checkpoint === undefined || (epochOf(checkpoint) === 1 && opening === undefined)) return [];
  const closes = opening?.body?.closes;
  const wrong = (detail: string) => [failed('EPOCH_LINK', detail, { firstBad: base })];
  if (opening === undefined || closes === undefined)
    return wrong(`nothing says with which entry ${checkpoint.origin} begins`);
  if (!isIncluded(opening, { checkpoint, base }))
    return wrong(`entry ${base} is not the first of ${checkpoint.origin}`);
  const { origin } = checkpoint;
  const beginning = { base, closes, follows: previousLink(opening.leaf), origin };
  if (before?.checkpoint === undefined) return withoutPredecessor(beginning);
  const { size, root } = before.checkpoint;
  // Of the epoch before there is what was signed: its entries are not here, and so nothing more to follow.
  const end = { size, root, base: before.base, link: beginning.follows, isLog: false };
  return [linkCheck({ ...end, origin: before.checkpoint.origin, signed: before.checkpoint }, beginning)];
}

function inclusionCheck(entries: readonly ReadEntry[], tree: ReadTree): Check {
  const { checkpoint, base } = tree;
  const wrong = entries.find((entry) => entry.proof !== undefined && !isIncluded(entry, tree));
  if (wrong !== undefined) {
    const detail = `entry ${wrong.seq} is not in the tree of the checkpoint of ${checkpoint.size}`;
    return failed('INCLUSION', detail, { firstBad: wrong.seq });
  }
  const bare = entries.filter(({ proof }) => proof === undefined);
  if (bare.length > 0) {
    const { seq } = bare[0] as ReadEntry;
    if (seq - base < checkpoint.size)
      return failed('INCLUSION', `entry ${seq} has no proof`, { firstBad: seq });
    return notCheckable(
      'INCLUSION',
      `${counted(bare.length, 'entry', 'entries')} from ${seq} on are under no checkpoint yet`,
    );
  }
  const { origin, size } = checkpoint;
  return ok(
    'INCLUSION',
    `${counted(entries.length, 'entry', 'entries')}, all in ${origin} at ${size} entries`,
  );
}

type ReadTree = Pick<Tree, 'base'> & { readonly checkpoint: ReadCheckpoint };

function isIncluded(
  { seq, body, link, proof }: ReadEntry,
  { checkpoint, base }: Pick<Tree, 'checkpoint' | 'base'>,
): boolean {
  if (proof === undefined || checkpoint === undefined || body?.seq !== seq) return false;
  const { size, root } = checkpoint;
  return verifyInclusion({ index: seq - base, size, leafHash: link, proof, root });
}

/** What the auditor kept is of this log: the same checkpoint, or one that the file proves to be its epoch's beginning. */
function keptCheck(trees: readonly Tree[], { since }: Trust): Check[] {
  if (since === undefined) return [];
  const kept = readable(since);
  if (kept === undefined) return [failed('KEPT_CHECKPOINT', 'what you kept is no signed checkpoint')];
  const tree = trees.find(({ checkpoint }) => checkpoint?.origin === kept.origin);
  if (tree?.checkpoint === undefined) return [keptElsewhere(kept, trees)];
  const { checkpoint, consistency } = tree;
  const { size } = checkpoint;
  const proof = kept.size === size ? [] : consistency?.find(({ from }) => from === kept.size)?.proof;
  if (proof === undefined)
    return [
      notCheckable(
        'KEPT_CHECKPOINT',
        `the file has no proof from ${kept.size} entries to ${size}: have it exported with --since`,
      ),
    ];
  if (verifyConsistency({ from: kept, to: checkpoint, proof: hashesOf(proof) }))
    return [ok('KEPT_CHECKPOINT', `${kept.origin} begins with the ${kept.size} entries that you kept`)];
  const why = kept.size === size ? 'you kept another root of this size' : 'the proof does not hold';
  return [failed('KEPT_CHECKPOINT', `${why}: there may be two histories`)];
}

function keptElsewhere(kept: ReadCheckpoint, trees: readonly Tree[]): Check {
  const origins = trees.flatMap(({ checkpoint }) => checkpoint?.origin ?? []);
  const detail = `you kept a checkpoint of ${kept.origin}, and this file is of ${origins.join(', ')}`;
  const isOfLog = origins.some((origin) => readOrigin(origin)?.name === readOrigin(kept.origin)?.name);
  return isOfLog
    ? notCheckable('KEPT_CHECKPOINT', `${detail}: have it exported with --since`)
    : failed('KEPT_CHECKPOINT', detail);
}

function hashesOf(proof: readonly string[]): Uint8Array[] {
  try {
    return proof.map(bytesOfBase64);
  } catch (cause) {
    throw new EvidenceFileError('consistency: a hash is not base64', { cause });
  }
}
