import { snapshot } from '../../functions/snapshot/snapshot';
import type { Contract } from '../../shared/contracts/contract';
import { targetKey } from '../../shared/domain/target';
import { OvertakenError } from '../../shared/ports/errors';
import { buildPlan, buildRebootPlan, database, group } from '../support/builders/plan';
import { type LogicBench, liveAlarm, logicBench } from '../support/logic-bench';
import { moved, why } from '../support/stores-bench';

const WEB = targetKey(group());
const ask = { contractId: 'C1' };

describe('a snapshot', () => {
  const approved = async () => {
    const bench = logicBench();
    await bench.approved(buildPlan());
    return bench;
  };
  test('keeps the targets as they are, under the hash of what it says', async () => {
    const bench = await approved();
    expect(await snapshot(ask, bench)).toEqual({ contractId: 'C1', executor: 'executor-autoscaling' });
    const row = await bench.snapshots.get('C1', 0);
    const manifest = JSON.parse(bench.outside.documents.get(row?.name ?? '') ?? 'null');
    expect(manifest).toMatchObject({
      contractId: 'C1',
      targets: [{ target: group(), facts: { desired_capacity: 2 } }],
    });
    expect(row?.name).toContain(row?.hash);
  });
  test.each([
    ['RECOVERED', (it: LogicBench) => void it.outside.alarms.set('web-latency', liveAlarm({ state: 'OK' }))],
    ['TARGET_GONE', (it: LogicBench) => void it.outside.live.delete(WEB)],
  ])('ends the contract stale: %s', async (reason, change) => {
    const bench = await approved();
    change(bench);
    await snapshot(ask, bench);
    expect(await bench.outcomes.outcome('C1')).toMatchObject({ status: 'stale', reason });
    expect(await bench.snapshots.get('C1', 0)).toBeUndefined();
  });
  test('that another write overtakes is decided afresh', async () => {
    const bench = await approved();
    const contract = (await bench.contracts.get('C1')) as Contract;
    moved(await bench.contracts.amend(contract, 'x', why('SOMEBODY'), { reason: 'x' }));
    bench.outside.live.clear();
    const contracts = { ...bench.contracts, get: async () => contract };
    await expect(snapshot(ask, { ...bench, contracts })).rejects.toThrow(OvertakenError);
  });
  test('is not taken of what has moved on, or has no executor', async () => {
    const bench = await approved();
    await expect(snapshot(ask, { ...bench, executors: {} })).rejects.toThrow('no executor');
    moved(await bench.ended((await bench.contracts.get('C1')) as Contract, 'stale', 'RECOVERED'));
    await snapshot(ask, bench);
    expect(bench.outside.documents.size).toBe(0);
    await expect(snapshot({ contractId: 'C9' }, bench)).rejects.toThrow('no contract');
  });
  test('of a database holds the database', async () => {
    const bench = logicBench();
    await bench.approved(buildRebootPlan());
    const target = database();
    const facts = { status: 'available', engine: 'postgres' };
    bench.outside.live.set(targetKey(target), { target, managed: true, tags: {}, facts });
    expect((await snapshot(ask, bench)).executor).toBe('executor-rds');
  });
});
