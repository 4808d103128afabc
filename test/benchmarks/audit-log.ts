import { createKernel, type Kernel } from '../../cli/simulator/kernel';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import type { ChangeRecord, Item, Table } from '../../shared/ports/table';
import { auditStore, MAX_BATCH } from '../../shared/stores/audit-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { changeOf, START } from '../support/audit-scenario';
import { draftsOf } from './audit-drafts';
import type { Figure } from './figure';
import { PRICES } from './prices';

/** Milliseconds of one call of the table, virtual: from, to. As in the simulator. */
const CALL_MS = [3, 9] as const;
const WRITERS = 100;
const WRITES_EACH = 20;
/** As a healing write would do it: full jitter, ten tries. */
const TRIES = 10;

/** The audit log: how fast it takes entries, what it costs, and that no state write fails for it. */
export async function auditLogFigures(): Promise<readonly Figure[]> {
  const { units, perEntry } = await writeUnits();
  const single = await appendsPerSecond({ lanes: 1, batch: 1 });
  const failing = await singleHeadFailures();
  const speed: Figure[] = [];
  for (const [lanes, batch] of [
    [1, 10],
    [1, MAX_BATCH],
    [2, MAX_BATCH],
    [4, MAX_BATCH],
  ] as const) {
    speed.push({
      name: `audit_appends_lanes_${lanes}_batch_${batch}`,
      value: await appendsPerSecond({ lanes, batch }),
      unit: 'entries a second, virtual time',
      reference: { value: single, what: 'one lane, one entry a transaction' },
      note: `a table that answers in ${CALL_MS[0]} to ${CALL_MS[1]} ms and is never throttled; a lane is a log of its own`,
    });
  }
  return [
    ...speed,
    {
      name: 'audit_state_write_failures_at_100_writers',
      value: await streamedFailures(),
      unit: 'percent of state writes',
      goal: { atMost: 0 },
      reference: {
        value: failing,
        what: `every writer moves one head in its own transaction, ${TRIES} jittered tries`,
      },
      note: `${WRITERS} writers, ${WRITES_EACH} writes each, virtual time; the stream's consumer is not in the write's way`,
    },
    {
      name: 'audit_write_units_per_entry',
      value: perEntry,
      unit: 'write units',
      note: `${units} units of ${MAX_BATCH} entries in one transaction`,
    },
    {
      name: 'audit_dollars_per_million_entries',
      value: perEntry * 1e6 * PRICES.dynamoWriteUnit + sealingDollars(1e6),
      unit: 'US dollars, list price',
      note: 'the table, and full tiles and bundles in S3; not the partial ones and the signature of each minute, which follow time',
    },
  ];
}

async function appendsPerSecond({ lanes, batch }: { lanes: number; batch: number }): Promise<number> {
  const kernel = createKernel({ startMs: START, seed: 'appends' });
  const slow = slowed(createMemoryTable({ clock: kernel }), kernel);
  const batches = 40;
  const working = Array.from({ length: lanes }, async (_, lane) => {
    const log = auditStore(slow, { log: `lane-${lane}`, clock: kernel, random: kernel.random });
    for (let n = 0; n < batches; n += 1) {
      const from = (lane * batches + n) * batch;
      await log.append(draftsOf(batch, from), kernel.now());
    }
  });
  await over(kernel, working);
  return (lanes * batches * batch * 1000) / (kernel.now() - START);
}

/** State writes as Grace makes them; their records go to one sequencer. Percent that failed. */
async function streamedFailures(): Promise<number> {
  const kernel = createKernel({ startMs: START, seed: 'streamed' });
  const records: ChangeRecord[] = [];
  const state = slowed(
    createMemoryTable({ clock: kernel, onChange: (record) => records.push(record) }),
    kernel,
  );
  const audit = createMemoryTable({ clock: kernel });
  const log = auditStore(slowed(audit, kernel), { clock: kernel, random: kernel.random });
  let [failed, left] = [0, WRITERS];
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const key = { pk: `CONTRACT#writer-${writer}`, sk: 'CONTRACT' };
    for (let rev = 1; rev <= WRITES_EACH; rev += 1) {
      const item: Item = { ...key, rev, change: changeOf(key, rev) as Item['change'] };
      const { ok } = await state.write([{ kind: 'put', item }]);
      if (!ok) failed += 1;
    }
    left -= 1;
  });
  const consumer = (async () => {
    while (left > 0 || records.length > 0) {
      const batch = records.slice(0, MAX_BATCH);
      if (batch.length === 0) await kernel.sleep(5);
      else await log.append(batch.map(attributeRecord), kernel.now());
      records.splice(0, batch.length);
    }
  })();
  await over(kernel, [...writers, consumer]);
  const size = audit.items().filter(({ pk }) => pk.startsWith('ENTRY#')).length;
  if (size !== WRITERS * WRITES_EACH) throw new Error(`${size} entries of ${WRITERS * WRITES_EACH} writes`);
  return (100 * failed) / (WRITERS * WRITES_EACH);
}

/** The reference: state item and head in one transaction, the head by compare-and-swap. Percent given up. */
async function singleHeadFailures(): Promise<number> {
  const kernel = createKernel({ startMs: START, seed: 'single-head' });
  const table = slowed(createMemoryTable({ clock: kernel }), kernel);
  const head = { pk: 'HEAD', sk: 'HEAD' };
  await over(kernel, [table.write([{ kind: 'put', item: { ...head, n: 0 } }])]);
  let failed = 0;
  const write = async (item: Item): Promise<boolean> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await kernel.sleep(kernel.random() * Math.min(1000, 25 * 2 ** tries));
      const n = Number((await table.get(head))?.['n']);
      const moved = await table.write([
        { kind: 'put', item },
        { kind: 'put', item: { ...head, n: n + 1 }, condition: { op: '=', path: ['n'], value: n } },
      ]);
      if (moved.ok) return true;
    }
    return false;
  };
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let rev = 1; rev <= WRITES_EACH; rev += 1) {
      if (!(await write({ pk: `CONTRACT#${writer}`, sk: 'CONTRACT', rev }))) failed += 1;
    }
  });
  await over(kernel, writers);
  return (100 * failed) / (WRITERS * WRITES_EACH);
}

async function writeUnits(): Promise<{ units: number; perEntry: number }> {
  let units = 0;
  const table = createMemoryTable({
    clock: { now: () => START },
    onConsumed: (more) => {
      units += more;
    },
  });
  const log = auditStore(table, {
    clock: { now: () => START, sleep: async () => undefined },
    random: () => 0.5,
  });
  await log.append(draftsOf(MAX_BATCH), START);
  return { units, perEntry: units / MAX_BATCH };
}

/** A hash tile and a bundle each 256 entries, a tile of the level above each 65,536. */
const sealingDollars = (entries: number): number => (entries / 256) * (2 + 1 / 256) * PRICES.s3Put;

function slowed(table: Table, kernel: Kernel): Table {
  const [from, to] = CALL_MS;
  const wait = () => kernel.sleep(from + kernel.random() * (to - from));
  return {
    get: async (key) => {
      await wait();
      return table.get(key);
    },
    query: async (input) => {
      await wait();
      return table.query(input);
    },
    write: async (writes, token) => {
      await wait();
      return table.write(writes, token);
    },
  };
}

async function over(kernel: Kernel, work: readonly Promise<unknown>[]): Promise<void> {
  let isOver = false;
  const all = Promise.all(work).finally(() => {
    isOver = true;
  });
  all.catch(() => undefined);
  await kernel.run({ until: () => isOver });
  await all;
}
