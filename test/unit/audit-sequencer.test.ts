import { sequence } from '../../functions/audit-sequencer/audit-sequencer';
import type { Envelope } from '../../shared/contracts/envelope';
import { meshEventSchema } from '../../shared/contracts/mesh-events';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import { epochKey } from '../../shared/domain/keys';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import type { Item } from '../../shared/ports/table';
import {
  allOf,
  auditTable,
  calmLog,
  changeOf,
  MISSION_ID,
  START,
  stateTable,
} from '../support/audit-scenario';

const CONTRACT = { pk: 'CONTRACT#c1', sk: 'CONTRACT' };

import { LOG_NAME } from '../support/sealed-log';

function bench() {
  const sent: Envelope[] = [];
  const counted: [string, number][] = [];
  const log = calmLog(auditTable());
  const quiet = () => undefined;
  const deps = {
    log,
    logName: LOG_NAME,
    mesh: { publish: async (events: readonly Envelope[]) => void sent.push(...events) },
    clock: { now: () => START, sleep: async () => undefined },
    metrics: {
      count: (name: string, _of: object, value = 1) => void counted.push([name, value]),
      record: () => undefined,
    },
    logger: { info: quiet, warn: quiet, error: quiet },
  };
  return { sent, counted, log, deps };
}

describe('the sequencer', () => {
  test('logs every change but those of counters and leases', async () => {
    const { log, deps, sent } = bench();
    const state = stateTable();
    await state.change(CONTRACT);
    await state.change({ pk: 'LOCK#1', sk: 'LOCK' });
    await state.change({ pk: 'POOL', sk: 'POOL' });
    await state.change(CONTRACT);
    expect(await sequence(state.records, deps)).toEqual({ appended: 2, repeated: 0, anomalies: [] });
    expect((await log.head()).size).toBe(2);
    expect(sent).toEqual([]);
    expect(await sequence([], deps)).toEqual({ appended: 0, repeated: 0, anomalies: [] });
  });

  test('logs a change by hand unattributed and publishes an anomaly that fits its schema', async () => {
    const { log, deps, sent, counted } = bench();
    const state = stateTable();
    await state.change(CONTRACT, { secret: 'hunter2' });
    const item = (await state.table.get(CONTRACT)) as Item;
    for (const secret of ['hunter3', 'hunter4'])
      await state.write({ kind: 'put', item: { ...item, secret } });
    await state.write({ kind: 'delete', key: CONTRACT });
    const { anomalies } = await sequence(state.records, deps);
    expect(anomalies.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['CHANGE_NOT_NEW', 1],
      ['CHANGE_NOT_NEW', 2],
      ['REMOVED', 3],
    ]);
    for (const event of sent) meshEventSchema('audit.anomaly_detected').parse(event);
    // Each is an event of its own, and the alarm counts all of them.
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
    expect(counted).toEqual([['grace_audit_anomalies_total', 3]]);
    const bodies = (await allOf(log.entries(0))).map((entry) => readAuditBody(entry.leaf));
    expect(bodies.map(({ attributed }) => attributed)).toEqual([true, false, false, false]);
    expect(JSON.stringify([bodies, sent])).not.toMatch(/hunter/);
  });

  test('counts each closing of an epoch, again when the batch comes again, and none by a hand in the console', async () => {
    const { deps, counted } = bench();
    const state = stateTable();
    await state.change(CONTRACT);
    await state.change(epochKey, {}, { event: EPOCH_CLOSED });
    await sequence(state.records, deps);
    expect(counted).toEqual([['grace_audit_epochs_closed_total', 1]]);
    // The call before may have ended before it told.
    await sequence(state.records, deps);
    expect(counted).toHaveLength(2);
    const item = (await state.table.get(epochKey)) as Item;
    await state.write({ kind: 'put', item: { ...item, epoch: 2 } });
    await sequence(state.records.slice(-1), deps);
    expect(counted.slice(2)).toEqual([['grace_audit_anomalies_total', 1]]);
  });

  test('finds whom a change belongs to in the item where its change does not say', async () => {
    const { log, deps } = bench();
    const state = stateTable();
    const { missionId: _mission, contractId: _contract, ...change } = changeOf(CONTRACT, 1);
    await state.write({
      kind: 'put',
      item: { ...CONTRACT, rev: 1, change, missionId: MISSION_ID, contractId: 'c1' } as Item,
    });
    await sequence(state.records, deps);
    const [entry] = await allOf(log.entries(0));
    expect(readAuditBody((entry as StoredEntry).leaf)).toMatchObject({
      missionId: MISSION_ID,
      contractId: 'c1',
    });
  });

  test('does not take an item’s expiry for an anomaly', async () => {
    const { deps } = bench();
    const state = stateTable();
    await state.change(CONTRACT, { ttl: Math.floor(START / 1000) - 10 });
    expect(state.table.removeExpired()).toBe(1);
    expect(await sequence(state.records, deps)).toEqual({ appended: 2, repeated: 0, anomalies: [] });
  });

  test('publishes an anomaly that it could not publish the first time, under the same id', async () => {
    const { deps, sent, log } = bench();
    const state = stateTable();
    await state.change(CONTRACT);
    await state.write({ kind: 'delete', key: CONTRACT });
    await state.change(CONTRACT);
    const failing = { publish: async () => Promise.reject(new Error('no bus')) };
    await expect(sequence(state.records, { ...deps, mesh: failing })).rejects.toThrow('no bus');
    const again = await sequence(state.records, deps);
    await sequence(state.records, deps);
    expect(again).toMatchObject({ appended: 0, repeated: 3 });
    expect(sent.map(({ detail }) => detail['kind'])).toEqual([
      'REMOVED',
      'REV_TAKEN',
      'REMOVED',
      'REV_TAKEN',
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
    expect((await log.head()).size).toBe(3);
  });

  test('throws for the batch when the log does not answer', async () => {
    const { deps, sent } = bench();
    const state = stateTable();
    await state.change(CONTRACT);
    const log = { ...deps.log, append: async () => Promise.reject(new Error('no table')) };
    await expect(sequence(state.records, { ...deps, log })).rejects.toThrow('no table');
    expect(sent).toEqual([]);
  });
});
