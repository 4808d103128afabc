import type { AuditBody } from '../../shared/contracts/audit-body';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { type ChainProblem, type ChainReport, verifyChain } from '../../shared/domain/audit-chain';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { EMPTY_RANGE, merkleRoot } from '../../shared/domain/merkle-range';
import type { SealedArchive } from '../../shared/ports/audit-seal';
import type { Item } from '../../shared/ports/table';
import { type Check, counted, failed, firstBadOf, notCheckable, ok } from './check';
import { checkpointChecks, sizesOf } from './checkpoint-checks';
import {
  type CompletenessProblem,
  type HistoryProblem,
  type ItemHistory,
  type ItemProblem,
  itemHistory,
} from './item-history';
import { dumpEvidence } from './log-dump';
import { type LiveLog, type LogEvidence, liveEvidence, sealedEvidence } from './log-evidence';
import type { Trust } from './read-checkpoint';
import { sealedComparison } from './sealed-comparison';

/** The live log with its sealed copies, a file written by `dumpLog`, or sealed copies alone. */
export type LogSource = LiveLog | { readonly file: string } | { readonly sealed: SealedArchive };

export type LogProblem =
  | { readonly code: ChainProblem; readonly seq: number }
  /** The chain holds, but this entry's body is not of a form that we know. */
  | { readonly code: 'BODY_UNREADABLE'; readonly seq: number }
  /** An entry says an earlier time than the one before it. */
  | { readonly code: 'TIME_REVERSED'; readonly seq: number }
  | ItemProblem<HistoryProblem>
  | ItemProblem<CompletenessProblem>
  /** A check of what is signed or sealed failed. */
  | (Omit<Check, 'status'> & { readonly seq?: number });

export interface LogReport {
  /** Entries read. */
  readonly entries: number;
  /** How many of them, from the first, are what was written. */
  readonly verified: number;
  readonly firstBad?: number;
  readonly problems: readonly LogProblem[];
  /** Entries that nobody can be named for: true, and a reason to look. Not among the problems. */
  readonly unattributed: number;
  /** Root of the Merkle tree over the entries that hold, hex. */
  readonly root: string;
  /** All that was looked at. */
  readonly checks: readonly Check[];
}

export interface VerifyOptions {
  /** All items of the state table, to check that everything is logged. Only while nothing is being changed. */
  readonly stateItems?: Iterable<Item>;
  readonly trust?: Trust;
}

/**
 * Checks a log from its first entry: bytes, chain, head, Merkle range; per item that the revs are 1, 2, 3 … and that
 * each change begins where the one before it ended; every signed checkpoint and every sealed copy that there is.
 * Entries after the first bad one are not believed, so not looked at.
 */
export async function verifyLog(source: LogSource, options: VerifyOptions = {}): Promise<LogReport> {
  return verifyEvidence(await evidenceOf(source), options);
}

/** The same, of everything that is at hand about a log. */
export async function verifyEvidence(evidence: LogEvidence, options: VerifyOptions = {}): Promise<LogReport> {
  const { trust = {} } = options;
  const given = { checkpoints: evidence.checkpoints, keys: evidence.keys, trust };
  const comparison = evidence.sealed === undefined ? undefined : await sealedComparison(evidence.sealed);
  const history = itemHistory();
  const bodies = bodyReader(history);
  const chain = await verifyChain(comparison?.pass(evidence.entries) ?? evidence.entries, {
    ...(evidence.head === undefined ? {} : { head: evidence.head }),
    rootsAt: sizesOf(given),
    onEntry: bodies.read,
  });

  const inItems = [...bodies.unreadable, ...history.problems];
  const inState = options.stateItems === undefined ? undefined : history.compare(options.stateItems);
  const outside: Check[] = checkpointChecks(given, { size: chain.verified, roots: chain.roots ?? new Map() });
  if (comparison !== undefined) outside.push(await comparison.check());
  const checks = [
    chainCheck(chain),
    timeCheck(bodies.reversed),
    historyCheck(inItems),
    stateCheck(inState),
    ...outside,
  ];
  // A change that is missing in an item's history was never written: the entries themselves are what was.
  const firstBad = firstBadOf(checks.filter(({ code }) => code !== 'HISTORY'));
  return {
    entries: chain.entries,
    verified: Math.min(chain.verified, firstBad ?? chain.verified),
    ...(firstBad === undefined ? {} : { firstBad }),
    problems: [
      ...(chain.problem === undefined ? [] : [{ code: chain.problem, seq: chain.firstBad ?? 0 }]),
      ...bodies.reversed,
      ...inItems,
      ...(inState ?? []),
      ...outside.filter(({ status }) => status === 'failed').map(problemOf),
    ],
    unattributed: history.unattributed,
    root: Buffer.from(merkleRoot(chain.range ?? EMPTY_RANGE)).toString('hex'),
    checks,
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

async function evidenceOf(source: LogSource): Promise<LogEvidence> {
  if ('log' in source) return liveEvidence(source);
  return 'file' in source ? dumpEvidence(source.file) : sealedEvidence(source.sealed);
}

type Misread = { readonly code: 'BODY_UNREADABLE' | 'TIME_REVERSED'; readonly seq: number };

/** Reads what each entry says, for the history of items and for its time. */
function bodyReader(history: ItemHistory) {
  const unreadable: Misread[] = [];
  const reversed: Misread[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  return {
    unreadable,
    reversed,
    read({ seq, bytes }: StoredEntry): void {
      const body = bodyOf(bytes);
      if (body === undefined) {
        unreadable.push({ code: 'BODY_UNREADABLE', seq });
        return;
      }
      if (body.sequencedAt < latest) reversed.push({ code: 'TIME_REVERSED', seq });
      latest = Math.max(latest, body.sequencedAt);
      history.add(body);
    },
  };
}

function bodyOf(bytes: Uint8Array): AuditBody | undefined {
  try {
    return readAuditBody(bytes);
  } catch {
    return undefined;
  }
}

function chainCheck({ entries, verified, firstBad, problem }: ChainReport): Check {
  if (problem === undefined) {
    return ok('CHAIN', `${counted(verified, 'entry', 'entries')}, each following the one before it`);
  }
  return failed('CHAIN', `${problem} at entry ${firstBad}, of ${entries} read`, { firstBad: firstBad ?? 0 });
}

function timeCheck([first]: readonly Misread[]): Check {
  if (first === undefined) return ok('TIME', 'no entry says an earlier time than the one before it');
  const detail = `entry ${first.seq} says an earlier time than the one before it`;
  return failed('TIME', detail, { firstBad: first.seq });
}

function historyCheck(problems: readonly (Misread | ItemProblem<HistoryProblem>)[]): Check {
  const [first] = problems;
  if (first === undefined)
    return ok('HISTORY', 'each item’s changes are 1, 2, 3 …, each beginning where the last ended');
  const detail = `${counted(problems.length, 'problem')}, the first one ${first.code} at entry ${first.seq}`;
  return failed('HISTORY', detail, first.seq === undefined ? {} : { firstBad: first.seq });
}

function stateCheck(problems: readonly ItemProblem<CompletenessProblem>[] | undefined): Check {
  if (problems === undefined) return notCheckable('STATE_TABLE', 'the state table is not at hand');
  const [first] = problems;
  if (first === undefined) return ok('STATE_TABLE', 'every item is in the log as it stands');
  const detail = `${counted(problems.length, 'problem')}, the first one ${first.code} of ${first.pk} ${first.sk}`;
  return failed('STATE_TABLE', detail);
}

function problemOf({ status, ...check }: Check): LogProblem {
  return check.firstBad === undefined ? check : { ...check, seq: check.firstBad };
}
