import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { ChainProblem } from '../../shared/domain/audit-chain';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { EMPTY_RANGE, merkleRoot } from '../../shared/domain/merkle-range';
import type { SealedArchive } from '../../shared/ports/audit-seal';
import type { Item } from '../../shared/ports/table';
import { type Check, counted, failed, firstBadOf, notCheckable, ok } from './check';
import { epochChecks, numberOf } from './epoch-checks';
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
import { type Misread, type ReadEpoch, readEpoch } from './read-epoch';

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
 * Checks a log from its first entry, epoch by epoch: bytes, chain, head, Merkle range; per item that the revs are 1, 2, 3 …
 * and that each change begins where the one before it ended; every signed checkpoint and every sealed copy that there is; and
 * that each epoch begins with what the one before it ended with. Entries of an epoch after its first bad one are not
 * believed, so not looked at.
 */
export async function verifyLog(source: LogSource, options: VerifyOptions = {}): Promise<LogReport> {
  return verifyEvidence(await evidenceOf(source), options);
}

/** The same, of everything that is at hand about a log. */
export async function verifyEvidence(
  { head, epochs }: LogEvidence,
  { stateItems, trust = {} }: VerifyOptions = {},
): Promise<LogReport> {
  const histories: ItemHistory[] = [];
  const read: ReadEpoch[] = [];
  for await (const evidence of epochs) {
    const before = read.at(-1);
    const history = (base: number): ItemHistory => {
      const goesOn = before !== undefined && before.chain.problem === undefined && endOf(before) === base;
      if (!goesOn) histories.push(itemHistory({ isWhole: base === 0 }));
      return histories.at(-1) as ItemHistory;
    };
    const expected = before === undefined ? 0 : endOf(before);
    const after = before?.latest ?? Number.NEGATIVE_INFINITY;
    read.push(await readEpoch(evidence, { expected, head, history, after, since: trust.since }));
  }
  const outside = epochChecks(read, { trust, isLog: head !== undefined });
  const inState = stateItems === undefined ? undefined : histories.at(-1)?.compare(stateItems);
  const inside = read.map((epoch) => [
    chainCheck(epoch),
    timeCheck(epoch.reversed),
    historyCheck(epoch.inItems),
  ]);
  const checks = [
    ...read.flatMap((epoch, n) => [
      ...labelled(inside[n] ?? [], epoch, read),
      ...(n === read.length - 1 ? [stateCheck(inState)] : []),
      ...labelled(outside[n] ?? [], epoch, read),
    ]),
    ...headCheck(read, head),
  ];
  // A change that is missing in an item's history was never written: the entries themselves are what was.
  const firstBad = firstBadOf(checks.filter(({ code }) => code !== 'HISTORY'));
  const verified = wholeEntries(read);
  return {
    entries: read.reduce((sum, { chain }) => sum + chain.entries, 0),
    verified: Math.min(verified, Math.max(0, (firstBad ?? Number.POSITIVE_INFINITY) - (read[0]?.base ?? 0))),
    ...(firstBad === undefined ? {} : { firstBad }),
    problems: [
      ...read.flatMap(({ chain, reversed, inItems }) => [
        ...(chain.problem === undefined ? [] : [{ code: chain.problem, seq: chain.firstBad ?? 0 }]),
        ...reversed,
        ...inItems,
      ]),
      ...(inState ?? []),
      ...[...outside.flat(), ...headCheck(read, head)]
        .filter(({ status }) => status === 'failed')
        .map(problemOf),
    ],
    unattributed: histories.reduce((sum, history) => sum + history.unattributed, 0),
    root: Buffer.from(read.at(-1)?.root ?? merkleRoot(EMPTY_RANGE)).toString('hex'),
    checks,
  };
}

const endOf = ({ base, chain }: ReadEpoch): number => base + chain.verified;

/** Entries from the first one on that hold, up to where an epoch is wrong or the next one does not begin. */
function wholeEntries(read: readonly ReadEpoch[]): number {
  let end = read[0]?.base ?? 0;
  for (const epoch of read) {
    if (epoch.base !== end) break;
    end = endOf(epoch);
    if (epoch.chain.problem !== undefined) break;
  }
  return end - (read[0]?.base ?? 0);
}

/** Which epoch a check is about is said where there are several. */
function labelled(checks: readonly Check[], epoch: ReadEpoch, all: readonly ReadEpoch[]): Check[] {
  return checks.map((check) => (all.length === 1 ? check : { ...check, epoch: numberOf(epoch) }));
}

/** The head names an epoch that begins where none does. */
function headCheck(read: readonly ReadEpoch[], head: LogEvidence['head']): Check[] {
  if (head === undefined || read.some(({ base }) => base === (head.base ?? 0))) return [];
  return [
    failed('CHAIN', `no epoch begins at entry ${head.base}, as the head says`, { firstBad: head.base ?? 0 }),
  ];
}

/** What of the state table's audited items is not in the log as it stands. Believes the log: verify it first. */
export async function auditCompleteness(
  stateItems: Iterable<Item>,
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
): Promise<ItemProblem<CompletenessProblem>[]> {
  const history = itemHistory();
  for await (const entry of entries) history.add(readAuditBody(entry.leaf));
  return history.compare(stateItems);
}

async function evidenceOf(source: LogSource): Promise<LogEvidence> {
  if ('log' in source) return liveEvidence(source);
  return 'file' in source ? dumpEvidence(source.file) : sealedEvidence(source.sealed);
}

function chainCheck({ chain: { entries, verified, firstBad, problem } }: ReadEpoch): Check {
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
