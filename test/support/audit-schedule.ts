import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { withClosing } from '../../functions/audit-sequencer/close-epoch';
import type { AuditBody } from '../../shared/contracts/audit-body';
import { closedBefore } from '../../shared/contracts/closed-before';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { verifyChain } from '../../shared/domain/audit-chain';
import { GENESIS_LINK, type StoredEntry } from '../../shared/domain/audit-entry';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import { EMPTY_RANGE, merkleRoot } from '../../shared/domain/merkle-range';
import type { AuditDraft, LogEpoch, LogHead } from '../../shared/ports/audit-log';
import type { ChangeRecord, Table } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import {
  allOf,
  calmLog,
  randomHistory,
  seededRandom,
  troubledTable,
  turnClock,
  turns,
} from './audit-scenario';
import { LOG_NAME } from './sealed-log';

const MAX_DELIVERIES = 2000;

export interface ScheduleOptions {
  /** Puts something between the sequencers and the audit table, such as a weakened condition. */
  readonly onto?: (table: Table) => Table;
  /** Sequencers at work at once, each with a shard of its own. Default 2. */
  readonly consumers?: number;
  /** Fewest and most changes. Default 20 to 120. */
  readonly changes?: readonly [number, number];
  /** Of all changes, those that close an epoch of the log. Default none. */
  readonly closings?: number;
  /** Most records of a delivery. Default 70. */
  readonly batch?: number;
  /** A mistake of the sequencer itself, which the schedules must find. */
  readonly mistake?: Mistake;
}

/**
 * `one order`: remembers the furthest record that was logged, and takes all before it for logged. `no repeats`: goes
 * on after a batch that failed. `by time`: orders a batch by the times that its changes say. `unclosed`: takes the order to close
 * an epoch for a change like any other, now and then.
 */
export type Mistake = 'one order' | 'no repeats' | 'by time' | 'unclosed';

/**
 * One seeded run of the stream and its consumers: shards keep each item's order and mix items; a batch is
 * delivered again after a fault, in another size, also while the call before it still runs; old batches come
 * again. Returns what is wrong with the log afterwards; an empty list is what must come out.
 */
export async function runSchedule(
  seed: number,
  table: Table,
  {
    onto = (same) => same,
    consumers = 2,
    changes = [20, 120],
    closings = 0,
    batch = 70,
    mistake,
  }: ScheduleOptions = {},
): Promise<string[]> {
  const random = seededRandom(seed);
  const [fewest, most] = changes;
  const state = await randomHistory(random, fewest + Math.floor(random() * (most - fewest)), closings);
  const shards = shardsOf(state.records, consumers, random);
  const troubled = troubledTable(onto(table), { random, rate: random() < 0.2 ? 0 : 0.06 });
  const furthest = { position: -1 };
  const consumer = { table: troubled, random, batch, mistake, furthest, all: state.records };
  await Promise.all(shards.map((shard) => consume(shard, consumer)));
  return findings(state.records, table);
}

interface Consumer {
  readonly table: Table;
  readonly random: () => number;
  readonly batch: number;
  readonly mistake: Mistake | undefined;
  /** Of all records, the furthest that is logged. */
  readonly furthest: { position: number };
  readonly all: readonly ChangeRecord[];
}

async function consume(records: readonly ChangeRecord[], consumer: Consumer): Promise<void> {
  const { table, random, batch, mistake, furthest, all } = consumer;
  const leftRunning: Promise<unknown>[] = [];
  const deliver = async (from: number, size: number): Promise<boolean> => {
    const log = auditStore(table, { clock: turnClock(random), random });
    const delivered = mistaken(records.slice(from, from + size), consumer);
    const drafts = delivered.map((record) => drafted(record, consumer));
    return log.append(drafts, Date.UTC(2026, 0, 5, 12)).then(
      () => {
        furthest.position = Math.max(furthest.position, ...delivered.map((record) => all.indexOf(record)));
        return true;
      },
      () => mistake === 'no repeats',
    );
  };
  let position = 0;
  for (let deliveries = 0; position < records.length && deliveries < MAX_DELIVERIES; deliveries += 1) {
    const size = 1 + Math.floor(random() * batch);
    const back = random() < 0.2 ? Math.floor(random() * position) : 0;
    const call = deliver(position - back, size + back);
    if (random() < 0.25) {
      // Timed out for the service, but still running: the batch is delivered again beside it.
      leftRunning.push(call);
      await turns(Math.floor(random() * 40));
    } else if (await call) {
      position += size;
    }
  }
  await Promise.all(leftRunning);
}

function drafted(record: ChangeRecord, { mistake, random }: Consumer): AuditDraft {
  const draft = attributeRecord(record);
  return mistake === 'unclosed' && random() < 0.3 ? draft : withClosing(draft, LOG_NAME);
}

function mistaken(records: readonly ChangeRecord[], { mistake, furthest, all }: Consumer) {
  if (mistake === 'one order') return records.filter((record) => all.indexOf(record) > furthest.position);
  if (mistake === 'by time') return [...records].sort((a, b) => saidAt(a) - saidAt(b));
  return records;
}

const saidAt = ({ after }: ChangeRecord): number =>
  Number((after?.['change'] as { at?: unknown } | undefined)?.at ?? 0);

/** By item, so that each item is in one shard; within a shard any mix of items that keeps each item's own order. */
function shardsOf(records: readonly ChangeRecord[], count: number, random: () => number): ChangeRecord[][] {
  const shards: ChangeRecord[][] = Array.from({ length: count }, () => []);
  const queues = new Map<string, ChangeRecord[]>();
  for (const record of records) {
    const name = nameOf(record);
    queues.set(name, [...(queues.get(name) ?? []), record]);
  }
  const names = [...queues.keys()].sort();
  const shardOf = new Map(names.map((name, n) => [name, n % count]));
  while (queues.size > 0) {
    const left = [...queues.keys()];
    const name = left[Math.floor(random() * left.length)] as string;
    const queue = queues.get(name) as ChangeRecord[];
    const record = queue.shift() as ChangeRecord;
    if (queue.length === 0) queues.delete(name);
    shards[shardOf.get(name) as number]?.push(record);
  }
  return shards;
}

/** Exactly once, dense, chained up to the head, and in each item's order. */
export async function findings(records: readonly ChangeRecord[], table: Table): Promise<string[]> {
  const log = calmLog(table);
  const found: string[] = [];
  const head = await log.head();
  const entries = await allOf(log.entries(0));
  found.push(...(await brokenEpochs(entries, head, await log.epochs())));
  const bodies = entries.map((entry) => readAuditBody(entry.leaf));
  found.push(...misclosed(bodies, await log.epochs()));
  if (bodies.length !== records.length) found.push(`${bodies.length} entries of ${records.length} changes`);
  if (new Set(bodies.map((body) => body.eventId)).size !== bodies.length)
    found.push('a change is in it twice');
  if (records.some((record) => !bodies.some((body) => body.eventId === record.eventId)))
    found.push('a change is missing');
  for (const name of new Set(records.map(nameOf))) {
    const sent = records.filter((record) => nameOf(record) === name).map((record) => record.eventId);
    const logged = bodies
      .filter((body) => `${body.item.pk} ${body.item.sk}` === name)
      .map((body) => body.eventId);
    if (sent.join() !== logged.join()) found.push(`another order of ${name}`);
  }
  return found;
}

/** Each epoch is a tree that goes on from the last link of the one before; the last one ends as the head says. */
async function brokenEpochs(
  entries: readonly StoredEntry[],
  head: LogHead,
  epochs: readonly LogEpoch[],
): Promise<string[]> {
  const found: string[] = [];
  for (const [n, { base }] of epochs.entries()) {
    const next = epochs[n + 1];
    const chain = await verifyChain(entries.slice(base, next?.base), {
      from: { seq: base, link: entries[base - 1]?.link ?? GENESIS_LINK },
      beginsTree: true,
      rootsAt: [],
      ...(next === undefined ? { head } : {}),
    });
    if (chain.problem !== undefined) found.push(`${chain.problem} at ${chain.firstBad}`);
    const closing = next === undefined ? undefined : entries[next.base];
    if (closing === undefined) continue;
    const { size, root } = closedBefore(closing.leaf) ?? {};
    const own = Buffer.from(merkleRoot(chain.range ?? EMPTY_RANGE)).toString('hex');
    if (size !== chain.verified || root !== own) found.push(`entry ${closing.seq} closes another tree`);
  }
  return found;
}

/** Each attributed order has closed one epoch, where it stands; nothing else has; and the index says the same. */
function misclosed(bodies: readonly AuditBody[], epochs: readonly LogEpoch[]): string[] {
  const ordered = bodies.filter(
    ({ event, attributed, seq }) => event === EPOCH_CLOSED && attributed && seq > 0,
  );
  const closing = bodies.filter(({ closes }) => closes !== undefined);
  const bases = (some: readonly { seq: number }[]) => some.map(({ seq }) => seq).join();
  const found: string[] = [];
  if (bases(ordered) !== bases(closing))
    found.push(`orders at ${bases(ordered)}, closed at ${bases(closing)}`);
  if (epochs.map(({ base }) => base).join() !== ['0', ...closing.map(({ seq }) => seq)].join())
    found.push('the index of epochs names others');
  if (closing.some(({ closes }, n) => closes?.origin !== `${LOG_NAME}/${n + 1}`))
    found.push('another origin');
  return found;
}

const nameOf = ({ keys }: ChangeRecord): string => `${keys.pk} ${keys.sk}`;
