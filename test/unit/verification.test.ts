import { benchmark } from '../../functions/benchmark/benchmark';
import { close } from '../../functions/close/close';
import { rollback } from '../../functions/rollback/rollback';
import { verify } from '../../functions/verify/verify';
import type { Contract } from '../../shared/contracts/contract';
import type { Plan } from '../../shared/contracts/plan';
import { effectHash } from '../../shared/domain/plan-hash';
import { targetKey } from '../../shared/domain/target';
import { OvertakenError } from '../../shared/ports/errors';
import { buildPlan, buildRebootPlan, group, START } from '../support/builders/plan';
import { type LogicBench, liveAlarm, liveGroup, logicBench } from '../support/logic-bench';
import { moved, why } from '../support/stores-bench';

const WEB = targetKey(group());
const ask = { contractId: 'C1' };
const END = START + 600_000;
const MINUTE = 60_000;

function expecting(expectations: Plan['effect']['expectations'], changes: Partial<Plan> = {}): Plan {
  const effect = { expectations, settleSeconds: 60, windowSeconds: 600 };
  return buildPlan({ effect: { ...effect, hash: effectHash(effect) }, ...changes });
}
/** A contract at the end of its window, in a world where the action has helped. */
async function measurable(plan = buildPlan()) {
  const bench = logicBench();
  const contract = await bench.verifying(plan);
  bench.clock.set(END);
  bench.outside.live.set(WEB, liveGroup({ desired: 4 }));
  bench.outside.alarms.set('web-latency', liveAlarm({ state: 'OK', stateSince: START + 2 * MINUTE }));
  return { bench, contract };
}
const measured = async (bench: LogicBench, n = 0) =>
  (await bench.measurements.get('C1', 'after', n))?.observations;

describe('a benchmark', () => {
  test('looks at the live resource and its alarm, and compares nothing', async () => {
    const { bench } = await measurable();
    await benchmark(ask, bench);
    expect(await measured(bench)).toEqual([
      { kind: 'resource', found: true, value: 4 },
      { kind: 'alarm', state: 'OK', since: START + 2 * MINUTE },
    ]);
  });
  test('is taken once for each look', async () => {
    const { bench } = await measurable();
    await benchmark(ask, bench);
    bench.outside.live.delete(WEB);
    await benchmark(ask, bench);
    expect(await measured(bench)).toMatchObject([{ value: 4 }, {}]);
  });
  test('says what it could not see', async () => {
    const { bench } = await measurable();
    bench.outside.live.delete(WEB);
    bench.outside.alarms.clear();
    await benchmark(ask, bench);
    expect(await measured(bench)).toEqual([
      { kind: 'resource', found: false, value: null },
      { kind: 'alarm', state: null, since: null },
    ]);
  });
  test('reads a metric over the end of the window, and a change against the time before', async () => {
    const query = {
      namespace: 'Shop/Web',
      metric: 'Latency',
      dimensions: {},
      statistic: 'Average',
      periodSeconds: 60,
    };
    const plan = expecting([
      { kind: 'metric', query, comparison: 'below', value: 0.5, lastSeconds: 300 },
      { kind: 'metric_change', query, direction: 'decrease', lastSeconds: 300 },
      { kind: 'alarm', alarm: 'another', state: 'OK', heldSeconds: 0 },
    ]);
    const { bench } = await measurable(plan);
    for (let minute = -10; minute < 10; minute += 1)
      bench.outside.points.push({ at: START + minute * MINUTE, value: minute < 0 ? 0.9 : 0.2 });
    await benchmark(ask, bench);
    expect(await measured(bench)).toEqual([
      { kind: 'metric', values: [0.2, 0.2, 0.2, 0.2, 0.2], expectedPoints: 4 },
      {
        kind: 'metric_change',
        history: [],
        before: [0.9, 0.9, 0.9, 0.9, 0.9],
        after: [0.2, 0.2, 0.2, 0.2, 0.2],
        expectedPoints: 4,
      },
      { kind: 'alarm', state: null, since: null },
    ]);
  });
  test('does nothing for a contract that is not verifying', async () => {
    const bench = logicBench();
    await bench.approved();
    await benchmark(ask, bench);
    expect(await measured(bench)).toBeUndefined();
    await expect(benchmark({ contractId: 'C9' }, bench)).rejects.toThrow('no contract');
  });

  const smoke = async (change: (bench: LogicBench) => void | Promise<void>, plan?: Partial<Plan>) => {
    const { bench } = await measurable(expecting([{ kind: 'smoke' }], plan));
    await change(bench);
    await benchmark(ask, bench);
    const [seen] = (await measured(bench)) ?? [];
    if (seen?.kind !== 'smoke') throw new Error('no smoke checks');
    return Object.fromEntries(seen.checks.map(({ check, passed }) => [check, passed]));
  };
  const fine = { in_service: true, alarm_clear: true, dependency_health: true, last_error_age: true };
  test('smoke checks the resource, its alarm, what it rests on, and later errors', async () => {
    expect(await smoke(() => undefined)).toEqual(fine);
    expect(await smoke((it) => void it.outside.alarms.set('web-latency', liveAlarm()))).toEqual({
      ...fine,
      alarm_clear: false,
    });
    expect(await smoke((it) => it.outside.alarms.clear())).toEqual({ ...fine, alarm_clear: null });
    expect(await smoke((it) => void it.outside.live.delete(WEB))).toEqual({
      ...fine,
      in_service: false,
      dependency_health: null,
    });
  });
  test('smoke fails on an error that happened after the settling time, not on one within it', async () => {
    const { fingerprint } = buildPlan();
    const at = (ms: number) => smoke((it) => it.errors.countRepeats(fingerprint, 1, ms));
    expect((await at(START + MINUTE))['last_error_age']).toBe(true);
    expect((await at(START + MINUTE + 1))['last_error_age']).toBe(false);
  });
});

/** Measures what the given world shows, then asks for the verdict. */
async function judged(change: (bench: LogicBench) => void, plan = buildPlan()) {
  const { bench } = await measurable(plan);
  change(bench);
  await benchmark(ask, bench);
  return { bench, said: await verify(ask, bench) };
}
const noData = (bench: LogicBench) => bench.outside.alarms.clear();

describe('a verification', () => {
  test('commits what is met, with its confidence, and says so again when asked again', async () => {
    const { bench, said } = await judged(() => undefined);
    expect(said.next).toBe('commit');
    expect(await bench.contracts.get('C1')).toMatchObject({ verdict: 'met', confidence: 1 });
    expect((await verify(ask, bench)).next).toBe('commit');
  });
  test('rolls back what is not met, and names the drift', async () => {
    const { bench, said } = await judged((it) => void it.outside.live.set(WEB, liveGroup({ desired: 3 })));
    expect(said.next).toBe('roll_back');
    const contract = await bench.contracts.get('C1');
    expect(contract).toMatchObject({ verdict: 'not_met' });
    expect(contract?.change.reason).toBe('NOT_MET: resource.desired_capacity');
    expect((await verify(ask, bench)).next).toBe('roll_back');
  });
  test('looks once more when nothing is known, then takes not known for not met', async () => {
    const { bench, said } = await judged(noData);
    expect(said).toMatchObject({ next: 'look_again', waitUntil: '2026-01-05T12:15:00Z' });
    expect(await bench.contracts.get('C1')).toMatchObject({ extended: true, lookAt: START + 900_000 });
    expect((await verify(ask, bench)).next).toBe('look_again');
    bench.clock.set(START + 900_000);
    await benchmark(ask, bench);
    expect((await verify(ask, bench)).next).toBe('roll_back');
    expect((await bench.contracts.get('C1'))?.verdict).toBe('inconclusive');
  });
  test('is not made without a measurement, nor by a plan that was changed', async () => {
    const { bench } = await measurable();
    await expect(verify(ask, bench)).rejects.toThrow('was not measured');
    await benchmark(ask, bench);
    const text = JSON.stringify(buildPlan({ undo: 'none' }));
    const key = { pk: 'CONTRACT#C1', sk: 'PLAN' };
    await bench.table.write([{ kind: 'update', key, update: { set: [[['text'], text]] } }]);
    expect((await verify(ask, bench)).next).toBe('roll_back');
    expect((await bench.contracts.get('C1'))?.verdict).toBeUndefined();
  });
  test.each([
    ['met', () => undefined],
    ['inconclusive', noData],
  ])('that another write overtakes (%s) is made again', async (_verdict, change) => {
    const { bench, contract } = await measurable();
    change(bench);
    await benchmark(ask, bench);
    moved(await bench.contracts.amend(contract, 'x', why('SOMEBODY'), { reason: 'x' }));
    const contracts = { ...bench.contracts, get: async () => contract };
    await expect(verify(ask, { ...bench, contracts })).rejects.toThrow(OvertakenError);
  });
  test('has only one answer for a contract that has moved on', async () => {
    const { bench } = await judged(() => undefined);
    await bench.closer.close('C1', 'close');
    expect((await verify(ask, bench)).next).toBe('commit');
    const executing = logicBench();
    await executing.executing();
    expect((await verify(ask, executing)).next).toBe('roll_back');
    await expect(verify({ contractId: 'C9' }, bench)).rejects.toThrow('no contract');
  });
});

describe('a rollback', () => {
  test('undoes what was done and can be undone', async () => {
    const { bench } = await judged((it) => void it.outside.live.set(WEB, liveGroup({ desired: 3 })));
    expect(await rollback(ask, bench)).toMatchObject({ next: 'undo', executor: 'executor-autoscaling' });
    expect(await bench.contracts.get('C1')).toMatchObject({
      status: 'rolling_back',
      reason: 'VERDICT_NOT_MET',
    });
    expect((await rollback(ask, bench)).next).toBe('undo');
  });
  test('of what cannot be undone is never claimed: it goes to a person', async () => {
    const bench = logicBench();
    await bench.verifying(buildRebootPlan({ tier: 1, quorum: 0 }));
    expect(await rollback(ask, bench)).toMatchObject({ next: 'close', executor: 'executor-rds' });
    expect(await close({ ...ask, expected: 'not_resolved' }, bench)).toMatchObject({ next: 'needs_person' });
  });
  test('of an action of which nothing was sent is only closed', async () => {
    const bench = logicBench();
    const { contract, step } = await bench.executing();
    await bench.ledger.settle(contract, step, 'NOT_SENT', 'PAUSED', why('PAUSED'));
    expect((await rollback(ask, bench)).next).toBe('close');
    expect(await close({ ...ask, expected: 'not_resolved' }, bench)).toMatchObject({ next: 'cancelled' });
  });
  test('is refused to what is met, has ended, or whose plan was changed', async () => {
    const met = await judged(() => undefined);
    expect((await rollback(ask, met.bench)).next).toBe('close');
    const early = logicBench();
    await early.approved();
    expect((await rollback(ask, early)).next).toBe('close');
    const changed = await judged((it) => void it.outside.live.set(WEB, liveGroup({ desired: 3 })));
    const key = { pk: 'CONTRACT#C1', sk: 'PLAN' };
    await changed.bench.table.write([{ kind: 'update', key, update: { set: [[['text'], 'no plan']] } }]);
    expect((await rollback(ask, changed.bench)).next).toBe('close');
    await expect(rollback({ contractId: 'C9' }, early)).rejects.toThrow('no contract');
  });
  test('that another write overtakes is decided afresh', async () => {
    const { bench } = await judged((it) => void it.outside.live.set(WEB, liveGroup({ desired: 3 })));
    const contract = (await bench.contracts.get('C1')) as Contract;
    moved(await bench.contracts.amend(contract, 'x', why('SOMEBODY'), { reason: 'x' }));
    const contracts = { ...bench.contracts, get: async () => contract };
    await expect(rollback(ask, { ...bench, contracts })).rejects.toThrow(OvertakenError);
  });
});

describe('a close', () => {
  test('commits what is met, twice with the same answer', async () => {
    const { bench } = await judged(() => undefined);
    const commit = () => close({ ...ask, expected: 'resolved' }, bench);
    expect(await commit()).toEqual({ contractId: 'C1', next: 'resolved' });
    expect(await commit()).toEqual({ contractId: 'C1', next: 'resolved' });
  });
  test('says when what was to be committed is not resolved', async () => {
    const { bench } = await judged((it) => void it.outside.live.delete(WEB));
    await expect(close({ ...ask, expected: 'resolved' }, bench)).rejects.toThrow('is needs_person');
  });
});
