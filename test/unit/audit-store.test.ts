import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { RECONCILED } from '../../shared/domain/audit-entry';
import type { Table } from '../../shared/ports/table';
import { AuditContentionError, AuditLogBrokenError } from '../../shared/stores/audit-errors';
import { auditStore, MAX_BATCH } from '../../shared/stores/audit-store';
import { StoreUnavailableError } from '../../shared/stores/errors';
import { itemSize } from '../../shared/stores/item-size';
import {
  allOf,
  auditTable,
  calmLog,
  MISSION_ID,
  randomHistory,
  START,
  seededRandom,
  stateTable,
  turnClock,
  without,
} from '../support/audit-scenario';
import { findings, runSchedule } from '../support/audit-schedule';

const CONTRACT = { pk: 'CONTRACT#01K2Z8WQX3M5N7P9R1T3V5W7Y9', sk: 'CONTRACT' };

describe('the audit log under several sequencers', () => {
  test('has every change exactly once, dense and in each item’s order, in 250 random schedules', async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= 250; seed += 1) {
      const found = await runSchedule(seed, auditTable());
      if (found.length > 0) wrong.push(`seed ${seed}: ${found.join('; ')}`);
    }
    expect(wrong).toEqual([]);
  });

  const isCaught = async (prefixes: readonly string[]): Promise<boolean> => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const found = await runSchedule(seed, auditTable(), {
        onto: (table) => without(table, prefixes),
      }).catch(() => ['broken']);
      if (found.length > 0) return true;
    }
    return false;
  };
  test('the schedules find a store without compare-and-swap', async () => {
    expect(await isCaught(['HEAD#', 'ENTRY#'])).toBe(true);
  });
  test('the schedules find a store without uniqueness', async () => {
    expect(await isCaught(['ITEM#'])).toBe(true);
  });
});

describe('a crash', () => {
  const dying = (table: Table, at: number, mode: 'before' | 'after', error: Error): Table => {
    let writes = 0;
    return {
      ...table,
      write: async (all, token) => {
        const dies = writes++ === at;
        if (dies && mode === 'before') throw error;
        const result = await table.write(all, token);
        if (dies) throw error;
        return result;
      },
    };
  };
  const faults = [new StoreUnavailableError('no answer'), new Error('process ended')];

  test.each(faults.flatMap((error) => (['before', 'after'] as const).map((mode) => ({ error, mode }))))(
    '$mode any of the writes loses and doubles nothing ($error.message)',
    async ({ error, mode }) => {
      const state = await randomHistory(seededRandom(7), 2 * MAX_BATCH + 20);
      const drafts = state.records.map(attributeRecord);
      for (let at = 0; at < 4; at += 1) {
        const table = auditTable();
        await calmLog(dying(table, at, mode, error))
          .append(drafts, START)
          .catch(() => undefined);
        await calmLog(table).append(drafts, START);
        expect(await findings(state.records, table)).toEqual([]);
      }
    },
  );
});

describe('append', () => {
  test('tells for each change where it stands, also when it stood there before', async () => {
    const state = stateTable();
    await state.change(CONTRACT);
    await state.change(CONTRACT);
    const drafts = state.records.map(attributeRecord);
    const log = calmLog(auditTable());
    expect((await log.append(drafts, START)).map(({ seq, repeated }) => [seq, repeated])).toEqual([
      [0, false],
      [1, false],
    ]);
    expect(
      (await log.append([...drafts, ...drafts], START)).map(({ seq, repeated }) => [seq, repeated]),
    ).toEqual([
      [0, true],
      [1, true],
      [0, true],
      [1, true],
    ]);
    expect((await log.head()).version).toBe(1);
  });

  test('stores a change whose rev is taken beside it, unattributed, once', async () => {
    const state = stateTable();
    await state.change(CONTRACT, { status: 'planned' });
    await state.write({ kind: 'delete', key: CONTRACT });
    await state.change(CONTRACT, { status: 'planned again' });
    const table = auditTable();
    const log = calmLog(table);
    const drafts = state.records.map(attributeRecord);
    const first = await log.append(drafts, START);
    const again = await log.append(drafts, START);
    expect(first.map(({ fault }) => fault)).toEqual([undefined, 'REMOVED', 'REV_TAKEN']);
    expect(again.map(({ fault, repeated }) => [fault, repeated])).toEqual([
      [undefined, true],
      ['REMOVED', true],
      ['REV_TAKEN', true],
    ]);
    const [, removal, taken] = (await allOf(log.entries(0))).map((entry) => readAuditBody(entry.leaf));
    expect(removal).toMatchObject({ attributed: false, removal: true, rev: 1 });
    expect(taken).toMatchObject({ attributed: false, fault: 'REV_TAKEN', rev: 1 });
    expect(
      table
        .items()
        .map(({ sk }) => sk)
        .filter((sk) => sk.includes('!')),
    ).toHaveLength(2);
  });

  test('drops a late record that reconciliation has filled in, by its image', async () => {
    const state = stateTable();
    await state.change(CONTRACT);
    const [draft] = state.records.map(attributeRecord);
    if (draft === undefined) throw new Error('no draft');
    const log = calmLog(auditTable());
    await log.append([{ ...draft, facts: { ...draft.facts, eventId: `${RECONCILED}1` } }], START);
    expect(await log.append([draft], START)).toMatchObject([{ seq: 0, repeated: true, fault: undefined }]);
  });

  test('never sets an earlier time than the entry before', async () => {
    const state = stateTable();
    await state.change(CONTRACT);
    await state.change(CONTRACT);
    const log = calmLog(auditTable());
    const [first, second] = state.records.map(attributeRecord);
    await log.append(first ? [first] : [], START);
    await log.append(second ? [second] : [], START - 60_000);
    const times = (await allOf(log.entries(0))).map((entry) => readAuditBody(entry.leaf).sequencedAt);
    expect(times).toEqual([START, START]);
  });

  test('takes keys as long as DynamoDB does', async () => {
    const state = stateTable();
    await state.change({ pk: `CONTRACT#${'p'.repeat(2030)}`, sk: 's'.repeat(1024) });
    const log = calmLog(auditTable());
    expect(await log.append(state.records.map(attributeRecord), START)).toHaveLength(1);
  });

  test('gives up after a bounded number of tries, with full jitter', async () => {
    const state = stateTable();
    await state.change(CONTRACT);
    const waits: number[] = [];
    const refusing: Table = {
      ...auditTable(),
      write: async () => ({ ok: false, failed: [{ index: 0, item: undefined }] }),
    };
    const clock = { now: () => START, sleep: async (ms: number) => void waits.push(ms) };
    const log = auditStore(refusing, { clock, random: () => 0.5 });
    await expect(log.append(state.records.map(attributeRecord), START)).rejects.toThrow(AuditContentionError);
    expect(waits).toHaveLength(15);
    expect(waits[0]).toBe(25);
    expect(Math.max(...waits)).toBe(500);
  });

  test('refuses to append to a head that is not ours', async () => {
    const table = auditTable();
    table.load([{ pk: 'HEAD#grace', sk: 'HEAD', size: 3, link: 'x', range: '', sequencedAt: 0, version: 1 }]);
    await expect(calmLog(table).head()).rejects.toThrow(AuditLogBrokenError);
  });
});

describe('entries of one contract or mission', () => {
  test('are found in order without an index of their own', async () => {
    const state = await randomHistory(seededRandom(3), 600);
    const log = calmLog(auditTable());
    await log.append(state.records.map(attributeRecord), START);
    const bodies = (await allOf(log.entries(0))).map((entry) => readAuditBody(entry.leaf));
    const contract = await log.entriesOf({ contractId: '01K2Z8WQX3M5N7P9R1T3V5W7Y9' });
    const expected = bodies.filter(({ item }) => item.pk === CONTRACT.pk).map(({ seq }) => seq);
    expect(contract.map(({ seq }) => seq)).toEqual(expected);
    // The mission's own entries name the first contract; the others are known to the caller.
    const others = ['01K2Z8WQX3M5N7P9R1T3V5W7YA', '01K2Z8WQX3M5N7P9R1T3V5W7YB'];
    const mission = await log.entriesOf({ missionId: MISSION_ID, contractIds: others });
    expect(mission.map(({ seq }) => seq)).toEqual(bodies.map(({ seq }) => seq));
    const named = await log.entriesOf({ missionId: MISSION_ID });
    expect(named.length).toBeGreaterThan(contract.length);
    expect(await log.entriesOf({ contractId: 'unknown' })).toEqual([]);
  });

  test('say when the index names an entry that is not there', async () => {
    const table = auditTable();
    table.load([
      { pk: `ITEM#${CONTRACT.pk}`, sk: 'CONTRACT|000000000001', eventId: 'e', digest: '', seq: 9 },
    ]);
    await expect(calmLog(table).entriesOf({ contractId: CONTRACT.pk.slice(9) })).rejects.toThrow(
      AuditLogBrokenError,
    );
  });
});

test('costs 4 write units a change and 2 a batch', async () => {
  let units = 0;
  const table = auditTable((consumed) => {
    units += consumed;
  });
  const log = auditStore(table, { clock: turnClock(seededRandom(1)), random: seededRandom(1) });
  const state = stateTable();
  for (let n = 0; n < 400; n += 1)
    await state.change(CONTRACT, { status: `s${n}`, verdict: n, lookAt: n, reason: `R${n}`, approval: n });
  const drafts = state.records.map(attributeRecord);
  let batches = 0;
  for (let at = 0; at < drafts.length; at += MAX_BATCH, batches += 1)
    await log.append(drafts.slice(at, at + MAX_BATCH), START);
  expect(units).toBe(4 * drafts.length + 2 * batches);
  const sizes = (prefix: string) =>
    Math.max(
      ...table
        .items()
        .filter(({ pk }) => pk.startsWith(prefix))
        .map(itemSize),
    );
  // Room for about 250 bytes of reason in the entry, and for a tree of a million entries in the head.
  expect(sizes('ENTRY#')).toBeLessThan(960);
  expect(sizes('ITEM#')).toBeLessThan(300);
  expect(sizes('HEAD#') + 14 * 43).toBeLessThan(1024);
  if (process.env['SHOW']) console.log(sizes('ENTRY#'), sizes('ITEM#'), sizes('HEAD#'), units, batches);
});
