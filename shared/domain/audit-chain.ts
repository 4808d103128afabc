import { BODY_AT, GENESIS_LINK, linkOfLeaf, previousLink, type StoredEntry, saysSeq } from './audit-entry';
import { holdingEntries } from './audit-stretch';
import { appendLeaf, EMPTY_RANGE, encodeRange, type MerkleRange, merkleRoot } from './merkle-range';

/** What the log says it ends with. `range` is checked where it is given and the reading begins a tree. */
export interface ChainHead {
  /** Number of entries over all epochs, so one more than the last `seq`. */
  readonly size: number;
  readonly link: Uint8Array;
  readonly range?: MerkleRange;
}

export type ChainProblem =
  /** An entry is missing here. */
  | 'SEQ_GAP'
  /** An entry came twice, or out of its place. */
  | 'SEQ_REPEATED'
  /** Too short to hold the link of the entry before. */
  | 'TOO_SHORT'
  /** It does not follow the entry before. */
  | 'BROKEN_CHAIN'
  /** Its bytes do not hash to its link. */
  | 'WRONG_LINK'
  /** Its body says another `seq`. */
  | 'SEQ_MISMATCH'
  /** There are fewer entries than the head says. */
  | 'TRUNCATED'
  /** There are more entries than the head says. */
  | 'BEYOND_HEAD'
  /** The last link, or the Merkle range, is not the head's. */
  | 'HEAD_MISMATCH';

export interface ChainReport {
  /** Entries read; the reading ends at the first bad one. */
  readonly entries: number;
  /** How many of them, from the first, hold. */
  readonly verified: number;
  /** The place where the log stops being what was written; for the head, the place after the last entry. */
  readonly firstBad?: number;
  readonly problem?: ChainProblem;
  /** Merkle root over the first n entries, for each n of `rootsAt` that was reached. */
  readonly roots?: ReadonlyMap<number, Uint8Array>;
  /** Of the entries that hold; there with `rootsAt`. */
  readonly range?: MerkleRange;
}

export interface ChainCheck {
  /** Where the entries begin: by default at 0, after the genesis link. */
  readonly from?: { readonly seq: number; readonly link: Uint8Array };
  /** The first entry is the first leaf of a Merkle tree: by default where they begin at 0. */
  readonly beginsTree?: boolean;
  readonly head?: ChainHead;
  /** Sizes whose Merkle roots are asked for, where the reading begins a tree: it costs about one hash more an entry. */
  readonly rootsAt?: Iterable<number>;
  /** Sees each entry that holds, for checks of its contents. */
  readonly onEntry?: (entry: StoredEntry) => void;
}

/**
 * Checks a stretch of the log, 256 entries in memory at a time. Stored bytes are hashed, nothing is parsed.
 *
 * Finds every edit, gap, reordering, insertion and repeat in it; with `head`, also a cut-off end. It cannot
 * find a log that was rewritten from some entry to its end together with its head: signed checkpoints do.
 */
export async function verifyChain(
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
  check: ChainCheck = {},
): Promise<ChainReport> {
  const walk = chainWalk(check);
  if (Array.isArray(entries)) walk.step(entries);
  else for await (const some of stretches(entries)) if (!walk.step(some)) break;
  return walk.end();
}

/** As many as are in memory at once: a bundle, and a partition of the table. */
const STRETCH = 256;

async function* stretches(
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
): AsyncIterable<readonly StoredEntry[]> {
  let some: StoredEntry[] = [];
  for await (const entry of entries) {
    some.push(entry);
    if (some.length < STRETCH) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function chainWalk({
  from = { seq: 0, link: GENESIS_LINK },
  beginsTree = from.seq === 0,
  head,
  rootsAt,
  onEntry,
}: ChainCheck) {
  const wanted = new Set(rootsAt);
  const roots = new Map<number, Uint8Array>();
  const countsLeaves = (head?.range !== undefined || rootsAt !== undefined) && beginsTree;
  let next = from.seq;
  let link = from.link;
  let range = EMPTY_RANGE;
  let read = 0;
  let problem: ChainProblem | undefined;

  const problemOfEnd = (): ChainProblem | undefined => {
    if (head === undefined) return undefined;
    if (next < head.size) return 'TRUNCATED';
    // Also when nothing was read: a head set back behind `from`, or one that is not the link before it.
    if (next > head.size || !isSame(link, head.link)) return 'HEAD_MISMATCH';
    if (beginsTree && head.range !== undefined && encodeRange(range) !== encodeRange(head.range))
      return 'HEAD_MISMATCH';
    return undefined;
  };

  const take = (entries: readonly StoredEntry[], count: number): void => {
    next += count;
    link = entries[count - 1]?.link ?? link;
    if (!countsLeaves && onEntry === undefined) return;
    for (let n = 0; n < count; n += 1) {
      const entry = entries[n] as StoredEntry;
      if (countsLeaves) range = appendLeaf(range, entry.link);
      if (countsLeaves && wanted.has(range.size)) roots.set(range.size, merkleRoot(range));
      onEntry?.(entry);
    }
  };

  return {
    /** False when one of them does not belong here: nothing after it can be believed. */
    step(entries: readonly StoredEntry[]): boolean {
      for (let at = 0; at < entries.length; ) {
        const rest = at === 0 ? entries : entries.slice(at);
        const before = head === undefined ? rest : rest.slice(0, Math.max(0, head.size - next));
        const held = holdingEntries(before, { seq: next, link });
        take(rest, held);
        at += held;
        read += held;
        const entry = rest[held];
        if (entry === undefined) break;
        read += 1;
        const isBeyond = head !== undefined && next >= head.size;
        problem = isBeyond ? 'BEYOND_HEAD' : problemOf(entry, next, link);
        if (problem !== undefined) return false;
        // It holds, and is only not of the usual form.
        take([entry], 1);
        at += 1;
      }
      return true;
    },
    end(): ChainReport {
      problem ??= problemOfEnd();
      const report = {
        entries: read,
        verified: next - from.seq,
        ...(rootsAt === undefined ? {} : { roots, range }),
      };
      return problem === undefined ? report : { ...report, firstBad: next, problem };
    },
  };
}

/** What is wrong with an entry that ought to be `seq` and to follow `previous`. */
function problemOf(entry: StoredEntry, seq: number, previous: Uint8Array): ChainProblem | undefined {
  if (entry.seq > seq) return 'SEQ_GAP';
  if (entry.seq !== seq) return 'SEQ_REPEATED';
  if (entry.leaf.length <= BODY_AT) return 'TOO_SHORT';
  if (!isSame(previous, previousLink(entry.leaf))) return 'BROKEN_CHAIN';
  if (!isSame(linkOfLeaf(entry.leaf), entry.link)) return 'WRONG_LINK';
  return saysSeq(entry.leaf, seq) ? undefined : 'SEQ_MISMATCH';
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
