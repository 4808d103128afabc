import type { ClosedEpoch } from '../../shared/contracts/audit-body';
import { closedBefore } from '../../shared/contracts/closed-before';
import { readableBody } from '../../shared/contracts/read-audit-body';
import { type ChainReport, verifyChain } from '../../shared/domain/audit-chain';
import { GENESIS_LINK, previousLink, type StoredEntry } from '../../shared/domain/audit-entry';
import { EMPTY_RANGE, merkleRoot } from '../../shared/domain/merkle-range';
import type { Check } from './check';
import { sizesOf } from './checkpoint-checks';
import type { HistoryProblem, ItemHistory, ItemProblem } from './item-history';
import { baseOfCopies, type EpochEvidence, type LogEvidence } from './log-evidence';
import { sealedComparison } from './sealed-comparison';

/** An epoch, read from its first entry to its last, or to the first wrong one. */
export interface ReadEpoch {
  readonly evidence: EpochEvidence;
  /** `seq` of its first entry. */
  readonly base: number;
  readonly chain: ChainReport;
  /** The epoch that its first entry closes; `undefined` = it closes none, or is not there. */
  readonly closes: ClosedEpoch | undefined;
  /** What its first entry follows; the genesis link where there is none. */
  readonly follows: Uint8Array;
  /** Of the last entry that holds; what the first one follows where none does. */
  readonly link: Uint8Array;
  /** Merkle root over the entries that hold. */
  readonly root: Uint8Array;
  /** Milliseconds since 1970 of the last entry that could be read. */
  readonly latest: number;
  readonly reversed: readonly Misread[];
  readonly inItems: readonly (Misread | ItemProblem<HistoryProblem>)[];
  /** Entries that close an epoch, and do not begin one. */
  readonly misplaced: readonly number[];
  readonly sealed: Check | undefined;
}

export interface Misread {
  readonly code: 'BODY_UNREADABLE' | 'TIME_REVERSED';
  readonly seq: number;
}

export interface EpochReading {
  /** `seq` that it begins with, as far as anything before it says. */
  readonly expected: number;
  readonly head: LogEvidence['head'] | undefined;
  /** Of an epoch that begins with entry `base`. */
  history(base: number): ItemHistory;
  /** Milliseconds since 1970 of the entry before. */
  readonly after: number;
  /** A checkpoint that the auditor has kept. */
  readonly since: string | undefined;
}

/** Reads one epoch once, whatever there is of it. */
export async function readEpoch(evidence: EpochEvidence, reading: EpochReading): Promise<ReadEpoch> {
  const { head, since } = reading;
  const iterator = evidence.entries[Symbol.asyncIterator]();
  const { value: first } = (await iterator.next()) as { readonly value: StoredEntry | undefined };
  const closes = first === undefined ? undefined : closedBefore(first.leaf);
  const copied = evidence.sealed === undefined ? undefined : await baseOfCopies(evidence.sealed);
  // Where the entries are gone, their copies still say where they began.
  const expected = first === undefined ? (copied ?? reading.expected) : reading.expected;
  const base = closes === undefined ? expected : (first as StoredEntry).seq;
  const follows = closes === undefined ? GENESIS_LINK : previousLink((first as StoredEntry).leaf);
  const comparison =
    evidence.sealed === undefined
      ? undefined
      : await sealedComparison(evidence.sealed, { base, sealedBase: copied ?? base });
  const history = reading.history(base);
  const bodies = bodyReader(history, reading.after);
  const known = history.problems.length;
  const entries = withFirst(first, iterator);
  const notes = since === undefined ? evidence.checkpoints : [...evidence.checkpoints, since];
  let link = follows;
  const chain = await verifyChain(comparison?.pass(entries) ?? entries, {
    // Whether it follows the epoch before is a question of its own.
    from: { seq: base, link: follows },
    beginsTree: true,
    ...(head !== undefined && (head.base ?? 0) === base ? { head } : {}),
    rootsAt: sizesOf(notes),
    onEntry(entry) {
      link = entry.link;
      bodies.read(entry);
    },
  });
  return {
    evidence,
    base,
    chain,
    closes,
    follows,
    link,
    root: merkleRoot(chain.range ?? EMPTY_RANGE),
    latest: bodies.latest(),
    reversed: bodies.reversed,
    inItems: [...bodies.unreadable, ...history.problems.slice(known)],
    misplaced: bodies.closing.filter((seq) => seq !== base),
    sealed: await comparison?.check(chain.verified),
  };
}

async function* withFirst(
  first: StoredEntry | undefined,
  rest: AsyncIterator<StoredEntry>,
): AsyncIterable<StoredEntry> {
  if (first === undefined) return;
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Reads what each entry says, for the history of items and for its time. */
function bodyReader(history: ItemHistory, after: number) {
  const unreadable: Misread[] = [];
  const reversed: Misread[] = [];
  const closing: number[] = [];
  let latest = after;
  return {
    unreadable,
    reversed,
    closing,
    latest: () => latest,
    read({ seq, leaf }: StoredEntry): void {
      const body = readableBody(leaf);
      if (body === undefined) {
        unreadable.push({ code: 'BODY_UNREADABLE', seq });
        return;
      }
      if (body.sequencedAt < latest) reversed.push({ code: 'TIME_REVERSED', seq });
      latest = Math.max(latest, body.sequencedAt);
      if (body.closes !== undefined) closing.push(seq);
      history.add(body);
    },
  };
}
