import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { verifyChain } from '../../shared/domain/audit-chain';
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

const SHARDS = 2;
const MAX_DELIVERIES = 2000;

/**
 * One seeded run of the stream and its consumers: shards keep each item's order and mix items; a batch is
 * delivered again after a fault, in another size, also while the call before it still runs; old batches come
 * again. Returns what is wrong with the log afterwards; an empty list is what must come out.
 */
export async function runSchedule(
  seed: number,
  table: Table,
  onto: (table: Table) => Table = (same) => same,
): Promise<string[]> {
  const random = seededRandom(seed);
  const state = await randomHistory(random, 20 + Math.floor(random() * 100));
  const shards = shardsOf(state.records, random);
  const troubled = troubledTable(onto(table), { random, rate: random() < 0.2 ? 0 : 0.06 });
  await Promise.all(shards.map((shard) => consume(shard, troubled, random)));
  return findings(state.records, table);
}

async function consume(records: readonly ChangeRecord[], table: Table, random: () => number): Promise<void> {
  const leftRunning: Promise<unknown>[] = [];
  const deliver = async (from: number, size: number): Promise<boolean> => {
    const log = auditStore(table, { clock: turnClock(random), random });
    const batch = records.slice(from, from + size).map(attributeRecord);
    return log.append(batch, Date.UTC(2026, 0, 5, 12)).then(
      () => true,
      () => false,
    );
  };
  let position = 0;
  for (let deliveries = 0; position < records.length && deliveries < MAX_DELIVERIES; deliveries += 1) {
    const size = 1 + Math.floor(random() * 70);
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

/** By partition key, as DynamoDB does; within a shard any mix of items that keeps each item's own order. */
function shardsOf(records: readonly ChangeRecord[], random: () => number): ChangeRecord[][] {
  const shards: ChangeRecord[][] = Array.from({ length: SHARDS }, () => []);
  const queues = new Map<string, ChangeRecord[]>();
  for (const record of records) {
    const name = nameOf(record);
    queues.set(name, [...(queues.get(name) ?? []), record]);
  }
  while (queues.size > 0) {
    const names = [...queues.keys()];
    const name = names[Math.floor(random() * names.length)] as string;
    const queue = queues.get(name) as ChangeRecord[];
    const record = queue.shift() as ChangeRecord;
    if (queue.length === 0) queues.delete(name);
    shards[record.keys.pk.charCodeAt(record.keys.pk.length - 1) % SHARDS]?.push(record);
  }
  return shards;
}

/** Exactly once, dense, chained up to the head, and in each item's order. */
export async function findings(records: readonly ChangeRecord[], table: Table): Promise<string[]> {
  const log = calmLog(table);
  const found: string[] = [];
  const head = await log.head();
  const entries = await allOf(log.entries(0));
  const chain = await verifyChain(entries, { head });
  if (chain.problem !== undefined) found.push(`${chain.problem} at ${chain.firstBad}`);
  const bodies = entries.map((entry) => readAuditBody(entry.bytes));
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

const nameOf = ({ keys }: ChangeRecord): string => `${keys.pk} ${keys.sk}`;
