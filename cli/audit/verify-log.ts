import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { type ChainHead, type ChainProblem, verifyChain } from '../../shared/domain/audit-chain';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { merkleRoot } from '../../shared/domain/merkle-range';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Item } from '../../shared/ports/table';
import {
  type CompletenessProblem,
  type HistoryProblem,
  type ItemHistory,
  type ItemProblem,
  itemHistory,
} from './item-history';
import { readDumpEntries, readDumpHead } from './log-dump';

/** The live log, or a file written by `dumpLog`. */
export type LogSource = { readonly log: AuditLog } | { readonly file: string };

export type LogProblem =
  | { readonly code: ChainProblem; readonly seq: number }
  /** The chain holds, but this entry's body is not of a form that we know. */
  | { readonly code: 'BODY_UNREADABLE'; readonly seq: number }
  | ItemProblem<HistoryProblem>
  | ItemProblem<CompletenessProblem>;

export interface LogReport {
  /** Entries read. */
  readonly entries: number;
  /** How many of them, from the first, are what was written. */
  readonly verified: number;
  readonly firstBad?: number;
  readonly problems: readonly LogProblem[];
  /** Entries that nobody can be named for: true, and a reason to look. Not among the problems. */
  readonly unattributed: number;
  /** Root of the Merkle tree that the head stands for, hex. */
  readonly root: string;
}

export interface VerifyOptions {
  /** All items of the state table, to check that everything is logged. Only while nothing is being changed. */
  readonly stateItems?: Iterable<Item>;
}

/**
 * Checks a log from its first entry: bytes, chain, head, Merkle range, and per item that the revs are 1, 2,
 * 3 … and that each change begins where the one before it ended. Entries after the first bad one are not
 * believed, so not looked at.
 */
export async function verifyLog(source: LogSource, { stateItems }: VerifyOptions = {}): Promise<LogReport> {
  const head = 'log' in source ? await source.log.head() : await readDumpHead(source.file);
  const history = itemHistory();
  const problems: LogProblem[] = [];
  const chain = await verifyChain(entriesOf(source, head), {
    head,
    onEntry: (entry) => follow(entry, history, problems),
  });
  if (chain.problem !== undefined && chain.firstBad !== undefined) {
    problems.unshift({ code: chain.problem, seq: chain.firstBad });
  }
  problems.push(...history.problems);
  if (stateItems !== undefined) problems.push(...history.compare(stateItems));
  return {
    entries: chain.entries,
    verified: chain.verified,
    ...(chain.firstBad === undefined ? {} : { firstBad: chain.firstBad }),
    problems,
    unattributed: history.unattributed,
    root: Buffer.from(merkleRoot(head.range ?? { size: 0, hashes: [] })).toString('hex'),
  };
}

/** What of the state table's audited items is not in the log as it stands. Believes the log: verify it first. */
export async function auditCompleteness(
  stateItems: Iterable<Item>,
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
): Promise<ItemProblem<CompletenessProblem>[]> {
  const history = itemHistory();
  for await (const entry of entries) history.add(readAuditBody(entry.bytes));
  return history.compare(stateItems);
}

function follow(entry: StoredEntry, history: ItemHistory, problems: LogProblem[]): void {
  try {
    history.add(readAuditBody(entry.bytes));
  } catch {
    problems.push({ code: 'BODY_UNREADABLE', seq: entry.seq });
  }
}

async function* entriesOf(source: LogSource, head: ChainHead): AsyncIterable<StoredEntry> {
  if ('file' in source) {
    yield* readDumpEntries(source.file);
    return;
  }
  yield* source.log.entries(0, head.size);
  // A row where the head has not been yet was not written by the sequencer; of a moved head it is the next entry.
  for await (const beyond of source.log.entries(head.size, head.size + 1)) {
    if ((await source.log.head()).size === head.size) yield beyond;
  }
}
