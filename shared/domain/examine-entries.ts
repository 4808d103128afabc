import type { AuditBody } from '../contracts/audit-body';
import type { AuditFinding } from '../contracts/audit-findings';
import { RECONCILED } from './audit-entry';
import { actingSubsystem, type Heard, isCanary, SUBSYSTEMS, type Subsystem } from './subsystems';

/** Subsystems that an event means work for. */
const ASKED_BY = new Map<string, string[]>();
for (const [name, { askedBy }] of Object.entries(SUBSYSTEMS) as [string, Subsystem][]) {
  for (const event of askedBy) ASKED_BY.set(event, [...(ASKED_BY.get(event) ?? []), name]);
}

/** Before this there was no Grace. */
const EARLIEST = Date.UTC(2025, 0, 1);
/** Twice the clock skew that the fault table holds. */
const SKEW_MS = 10 * 60_000;
const HOUR_MS = 3600_000;
/** Events that tell that something did not work. */
const FAILURES: ReadonlySet<string> = new Set([
  'agentic.action_rolled_back',
  'agentic.escalated',
  'job.failed',
  'approval.expired',
  'audit.anomaly_detected',
  'error.quarantined',
]);

/** An item that entries tell of: the first `rev` seen, whose predecessor must be in the log, and the last. */
export interface SeenItem {
  readonly pk: string;
  readonly sk: string;
  readonly first: { readonly rev: number; readonly seq: number; readonly follows: boolean };
  readonly rev: number;
  readonly seq: number;
  readonly removed: boolean;
}

/**
 * Counts of one hour, by `activity:<subsystem>` and `failures:<subsystem>`, without the canary's; the key is ISO 8601
 * to the hour.
 */
export type Hours = ReadonlyMap<string, Readonly<Record<string, number>>>;

export interface Examination {
  readonly findings: readonly AuditFinding[];
  readonly items: readonly SeenItem[];
  readonly hours: Hours;
  readonly heard: Heard;
}

/**
 * Looks at the contents of entries that hold as a chain, in their order: times, each item's revs, and who was
 * active. Memory: one record an item.
 */
export function entryExaminer(from: {
  readonly sequencedAt: number;
  readonly heard: Heard;
  readonly now: number;
}) {
  const findings: AuditFinding[] = [];
  const items = new Map<string, SeenItem>();
  const hours = new Map<string, Record<string, number>>();
  const lost = new Map<string, Lost>();
  const heard: Record<string, { askedAt?: number; activeAt?: number }> = structuredClone(from.heard);
  let sequencedAt = from.sequencedAt;
  let lastHour = { from: Number.NaN, text: '' };
  /** Neighbours are nearly always of one hour, and writing it costs more than the rest of the entry. */
  const hourOf = (ms: number): string => {
    const from = Math.floor(ms / HOUR_MS) * HOUR_MS;
    if (from !== lastHour.from) lastHour = { from, text: new Date(from).toISOString().slice(0, 13) };
    return lastHour.text;
  };

  const find = (kind: AuditFinding['kind'], body: AuditBody, detail: string): void => {
    findings.push({ kind, ...body.item, seq: body.seq, rev: body.rev, detail });
  };

  function time(body: AuditBody): void {
    if (body.sequencedAt < sequencedAt) {
      find('TIME_REVERSED', body, `${sequencedAt - body.sequencedAt} ms before the entry before it`);
    }
    if (body.sequencedAt > from.now + SKEW_MS || body.sequencedAt < EARLIEST) {
      find('TIME_IMPLAUSIBLE', body, `sequenced at ${body.sequencedAt}, looked at ${from.now}`);
    }
    sequencedAt = Math.max(sequencedAt, body.sequencedAt);
  }

  function revs(body: AuditBody): void {
    const name = `${body.item.pk}\n${body.item.sk}`;
    const was = items.get(name);
    const removed = body.removal === true;
    // Entries that nobody can be named for may have any rev: that is what is wrong with them, and they say so.
    const follows = body.attributed && !removed;
    if (was !== undefined && follows) {
      const expected = was.removed ? 1 : was.rev + 1;
      if (body.rev > expected) find('REV_GAP', body, `rev ${expected} to ${body.rev - 1} have no entry`);
      if (body.rev < expected) find('REV_REPEATED', body, `rev ${expected} was next`);
    }
    const first = was?.first ?? { rev: body.rev, seq: body.seq, follows };
    const { pk, sk } = body.item;
    items.set(name, { pk, sk, first, rev: removed ? 0 : body.rev, seq: body.seq, removed });
  }

  function filledIn({ eventId, fault, item, seq, rev }: AuditBody): void {
    if (!eventId.startsWith(RECONCILED)) return;
    const name = `${item.pk}\n${item.sk}`;
    const before = lost.get(name);
    if (fault === 'LOST') {
      lost.set(name, { item, seq, rev, count: (before?.count ?? 0) + 1 });
      return;
    }
    lost.delete(name);
    if (before !== undefined) findings.push(lostFinding({ item, seq, rev, count: before.count }));
    findings.push({
      ...item,
      kind: 'FILLED_IN',
      seq,
      rev,
      detail: `rev ${rev} was logged from the item itself`,
    });
  }

  function activity(body: AuditBody): void {
    // Nobody's work, and no sign of any.
    if (isCanary(body)) return;
    const acting = actingSubsystem(body.actor);
    const hour = hourOf(body.sequencedAt);
    let counts = hours.get(hour);
    if (counts === undefined) {
      counts = {};
      hours.set(hour, counts);
    }
    count(counts, `activity:${acting}`);
    if (!body.attributed || FAILURES.has(body.event)) count(counts, `failures:${acting}`);
    if (acting !== 'unknown') {
      const of = heard[acting];
      if (of === undefined) heard[acting] = { activeAt: body.sequencedAt };
      else of.activeAt = body.sequencedAt;
    }
    for (const name of ASKED_BY.get(body.event) ?? []) {
      if (!isWaitingForItsWork(heard[name])) heard[name] = { ...heard[name], askedAt: body.sequencedAt };
    }
  }

  return {
    /** An entry that cannot be believed, so that the next change of its item is not taken for one without a past. */
    passOver({ item, rev, seq, removal }: AuditBody): void {
      const name = `${item.pk}\n${item.sk}`;
      const first = items.get(name)?.first ?? { rev, seq, follows: false };
      items.set(name, { ...item, first, rev: removal ? 0 : rev, seq, removed: removal === true });
    },
    see(body: AuditBody): void {
      time(body);
      revs(body);
      filledIn(body);
      activity(body);
    },
    end: (): Examination => ({
      findings: [...findings, ...[...lost.values()].map(lostFinding)],
      items: [...items.values()],
      hours,
      heard,
    }),
  };
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

/** Revs of an item that stand in the log as lost, up to `rev` at `seq`. */
interface Lost {
  readonly item: AuditBody['item'];
  readonly seq: number;
  readonly rev: number;
  readonly count: number;
}

const lostFinding = ({ item, seq, rev, count }: Lost): AuditFinding => ({
  ...item,
  kind: 'RECORDED_LOST',
  seq,
  rev,
  detail: `${count} revs up to rev ${rev} stand in the log as lost`,
});

/** Asked already and silent since: what it waits for began then, not with the newest work. */
const isWaitingForItsWork = ({
  askedAt,
  activeAt = 0,
}: {
  askedAt?: number;
  activeAt?: number;
} = {}): boolean => askedAt !== undefined && askedAt > activeAt;
