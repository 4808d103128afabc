import { entryLink, GENESIS_LINK, LINK_BYTES, previousLink, type StoredEntry, saysSeq } from './audit-entry';
import { appendLeaf, EMPTY_RANGE, encodeRange, type MerkleRange } from './merkle-range';

/** What the log says it ends with. `range` is checked where it is given and the reading begins at 0. */
export interface ChainHead {
  /** Number of entries, so one more than the last `seq`. */
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
}

export interface ChainCheck {
  /** Where the entries begin: by default at 0, after the genesis link. */
  readonly from?: { readonly seq: number; readonly link: Uint8Array };
  readonly head?: ChainHead;
  /** Sees each entry that holds, for checks of its contents. */
  readonly onEntry?: (entry: StoredEntry) => void;
}

/**
 * Checks a stretch of the log, one entry in memory at a time. Stored bytes are hashed, nothing is parsed.
 *
 * Finds every edit, gap, reordering, insertion and repeat in it; with `head`, also a cut-off end. It cannot
 * find a log that was rewritten from some entry to its end together with its head: signed checkpoints do.
 */
export async function verifyChain(
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
  { from = { seq: 0, link: GENESIS_LINK }, head, onEntry }: ChainCheck = {},
): Promise<ChainReport> {
  let next = from.seq;
  let link = from.link;
  let read = 0;
  const countsLeaves = head?.range !== undefined && from.seq === 0;
  let range = EMPTY_RANGE;
  const bad = (problem: ChainProblem): ChainReport => ({
    entries: read,
    verified: next - from.seq,
    firstBad: next,
    problem,
  });

  for await (const entry of entries) {
    read += 1;
    if (head !== undefined && next >= head.size) return bad('BEYOND_HEAD');
    const problem = problemOf(entry, next, link);
    if (problem !== undefined) return bad(problem);
    link = entry.link;
    next += 1;
    if (countsLeaves) range = appendLeaf(range, link);
    onEntry?.(entry);
  }
  if (head === undefined) return { entries: read, verified: read };
  if (next < head.size) return bad('TRUNCATED');
  // Also when nothing was read: a head set back behind `from`, or one that is not the link before it.
  if (next > head.size || !equal(link, head.link)) return bad('HEAD_MISMATCH');
  if (countsLeaves && encodeRange(range) !== encodeRange(head.range ?? EMPTY_RANGE))
    return bad('HEAD_MISMATCH');
  return { entries: read, verified: read };
}

function problemOf(entry: StoredEntry, seq: number, previous: Uint8Array): ChainProblem | undefined {
  if (entry.seq > seq) return 'SEQ_GAP';
  if (entry.seq !== seq) return 'SEQ_REPEATED';
  if (entry.bytes.length <= LINK_BYTES) return 'TOO_SHORT';
  if (!equal(previousLink(entry.bytes), previous)) return 'BROKEN_CHAIN';
  if (!equal(entryLink(entry.bytes), entry.link)) return 'WRONG_LINK';
  if (!saysSeq(entry.bytes, seq)) return 'SEQ_MISMATCH';
  return undefined;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
