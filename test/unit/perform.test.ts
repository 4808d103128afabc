import { targetKey } from '../../shared/domain/target';
import { buildPlan, buildRebootPlan, database, group, START, scaleStep } from '../support/builders/plan';
import { liveGroup } from '../support/logic-bench';
import { performBench } from '../support/perform-bench';
import { moved, why } from '../support/stores-bench';

const WEB = targetKey(group());
const DB = {
  target: database(),
  managed: true,
  tags: { 'grace:managed': 'true' },
  facts: { status: 'available' },
};
const reboot = () => performBench(buildRebootPlan({ tier: 1, quorum: 0 }), DB);

describe('an executor', () => {
  test('sends once, and leaves the effect to be measured at the end of its window', async () => {
    const bench = await performBench();
    expect(await bench.run('forward')).toEqual({
      contractId: 'C1',
      next: 'measure',
      executor: 'executor-autoscaling',
      waitUntil: '2026-01-05T12:10:00Z',
    });
    expect(bench.cloud.calls).toMatchObject([{ intended: { desired_capacity: 4 }, intentAt: START }]);
    expect(bench.facts()).toMatchObject({ desired_capacity: 4 });
    expect(await bench.states()).toEqual(['0 forward DONE']);
    expect((await bench.run('forward')).next).toBe('measure');
    expect(bench.cloud.calls).toHaveLength(1);
  });

  test.each([
    ['stale', 'TARGET_GONE', (live: Map<string, unknown>) => void live.clear()],
    [
      'stale',
      'TARGET_DRIFTED',
      (live: Map<string, unknown>) => void live.set(WEB, liveGroup({ desired: 3 })),
    ],
    [
      'stale',
      'TAGS_CHANGED',
      (live: Map<string, unknown>) =>
        void live.set(WEB, liveGroup({ tags: { 'grace:managed': 'true', environment: 'production' } })),
    ],
    [
      'refused',
      'NOT_MANAGED',
      (live: Map<string, unknown>) => void live.set(WEB, liveGroup({ managed: false })),
    ],
  ])('ends %s (%s) when the target is not as planned, and sends nothing', async (status, reason, change) => {
    const bench = await performBench();
    change(bench.outside.live);
    expect((await bench.run('forward')).next).toBe(status);
    expect(await bench.outcomes.outcome('C1')).toMatchObject({ status, reason, effects: 0 });
    expect(bench.cloud.calls).toEqual([]);
    expect(await bench.reservations.lock(WEB)).toMatchObject({ owner: undefined, cooldownUntil: 0 });
    expect(await bench.reservations.poolHolders()).toEqual([]);
  });

  test('is stopped by the kill switch, before the gate', async () => {
    const bench = await performBench();
    await bench.control.set(true, why('stop'));
    expect((await bench.run('forward')).next).toBe('refused');
  });

  test('is stopped by the kill switch that is turned between gate and call', async () => {
    const bench = await performBench();
    const describe = bench.deps.actions.describe;
    const actions = {
      ...bench.deps.actions,
      describe: async (at: Parameters<typeof describe>[0]) => {
        const live = await describe(at);
        await bench.control.set(true, why('stop'));
        return live;
      },
    };
    expect((await bench.run('forward', { actions })).next).toBe('roll_back');
    expect(await bench.states()).toEqual(['0 forward NOT_SENT']);
    expect(await bench.closer.close('C1', 'close')).toBe('cancelled');
    expect(bench.cloud.calls).toEqual([]);
  });

  test('does not call with too little time left', async () => {
    const bench = await performBench();
    expect((await bench.run('forward', { callMs: 61_000 })).next).toBe('roll_back');
    expect(await bench.states()).toEqual(['0 forward NOT_SENT']);
  });

  test.each([
    ['another plan is stored', { steps: [scaleStep({ from: 2, to: 9 })] }],
    ['no plan is stored', undefined],
  ])('refuses when %s than was approved', async (_what, changes) => {
    const bench = await performBench();
    const text = changes === undefined ? 'no plan' : JSON.stringify(buildPlan(changes));
    const key = { pk: 'CONTRACT#C1', sk: 'PLAN' };
    await bench.table.write([{ kind: 'update', key, update: { set: [[['text'], text]] } }]);
    expect((await bench.run('forward')).next).toBe('refused');
    expect(await bench.outcomes.outcome('C1')).toMatchObject({ reason: 'PLAN_CHANGED' });
    expect(bench.cloud.calls).toEqual([]);
  });

  test('is stale at executeBy', async () => {
    const bench = await performBench();
    bench.clock.set(START + 900_000);
    expect((await bench.run('forward')).next).toBe('stale');
  });

  test('waits its turn while the pool is full or the target is busy, and holds nothing meanwhile', async () => {
    const bench = await performBench();
    await bench.reservations.takePool('C2', 1);
    expect(await bench.run('forward', { poolSize: 1 })).toMatchObject({ next: 'wait' });
    await bench.locked(await bench.approved(buildPlan({ contractId: 'C2' })));
    const { next, waitUntil } = await bench.run('forward');
    expect([next, waitUntil]).toEqual(['wait', '2026-01-05T12:00:25Z']);
    expect(await bench.reservations.poolHolders()).toEqual(['C2']);
    expect((await bench.contract()).status).toBe('approved');
  });

  test('is refused a target that rests or is frozen', async () => {
    const bench = await performBench();
    const cooldownUntil = START + 300_000;
    await bench.reservations.takeLock(WEB, 'C0', START, START + 1);
    await bench.reservations.releaseLock({ targetKey: WEB, fence: 1, cooldownUntil }, 'C0');
    expect((await bench.run('forward')).next).toBe('refused');
    expect(await bench.outcomes.outcome('C1')).toMatchObject({ reason: 'COOLDOWN' });
  });

  test('is refused when the budget was spent while it waited', async () => {
    const bench = await performBench();
    const period = Math.floor(START / 3_600_000);
    await bench.table.write([
      { kind: 'put', item: { pk: `BUDGET#scale-out#${period}`, sk: 'BUDGET', used: 3 } },
    ]);
    expect((await bench.run('forward')).next).toBe('refused');
    expect(await bench.outcomes.outcome('C1')).toMatchObject({ reason: 'BUDGET' });
  });

  test('says how a contract ended that was denied meanwhile', async () => {
    const bench = await performBench();
    moved(await bench.ended(await bench.contract(), 'denied', 'DENIED'));
    expect((await bench.run('forward')).next).toBe('denied');
  });

  test('that the service refuses leaves nothing to undo', async () => {
    const bench = await performBench();
    bench.cloud.state.answer = { kind: 'rejected', code: 'ValidationError', message: 'no' };
    expect((await bench.run('forward')).next).toBe('roll_back');
    expect(await bench.states()).toEqual(['0 forward REJECTED']);
    expect(await bench.closer.close('C1', 'close')).toBe('cancelled');
  });

  test('must be asked for a contract that is there', async () => {
    const bench = await performBench();
    await expect(
      bench.run('forward', { contracts: { ...bench.contracts, get: async () => undefined } }),
    ).rejects.toThrow('no contract');
  });
});

describe('a replay', () => {
  test('of an absolute action that arrived finds it done', async () => {
    const bench = await performBench();
    bench.cloud.state.lost = true;
    await expect(bench.run('forward')).rejects.toThrow('lost');
    expect((await bench.run('forward')).next).toBe('measure');
    expect(bench.cloud.calls).toHaveLength(1);
  });
  test('of an absolute action that did not arrive sends it again', async () => {
    const bench = await performBench();
    bench.cloud.state.answer = new Error('connection reset');
    await expect(bench.run('forward')).rejects.toThrow('reset');
    bench.cloud.state.answer = { kind: 'accepted' };
    expect((await bench.run('forward')).next).toBe('measure');
    expect(new Set(bench.cloud.calls.map(({ clientToken }) => clientToken)).size).toBe(1);
  });
  test('of an absolute action whose target somebody else has changed asks a person', async () => {
    const bench = await performBench();
    bench.cloud.state.answer = new Error('connection reset');
    await expect(bench.run('forward')).rejects.toThrow();
    bench.outside.live.set(WEB, liveGroup({ desired: 7 }));
    expect((await bench.run('forward')).next).toBe('roll_back');
    expect(await bench.closer.close('C1', 'close')).toBe('needs_person');
  });
  test('of a one-shot is never sent again: without evidence a person is asked', async () => {
    const bench = await reboot();
    bench.cloud.state.lost = true;
    await expect(bench.run('forward')).rejects.toThrow('lost');
    expect((await bench.run('forward')).next).toBe('roll_back');
    expect(await bench.states()).toEqual(['0 forward UNKNOWN']);
    expect(bench.cloud.calls).toHaveLength(1);
  });
  test('of a one-shot with evidence goes on', async () => {
    const bench = await reboot();
    bench.cloud.state.lost = true;
    await expect(bench.run('forward')).rejects.toThrow('lost');
    bench.cloud.state.evidence = 'yes';
    expect((await bench.run('forward')).next).toBe('measure');
    expect(bench.cloud.calls).toHaveLength(1);
  });

  test('at the same moment as the first never sends a second time', async () => {
    const bench = await reboot();
    await Promise.allSettled(Array.from({ length: 4 }, () => bench.run('forward')));
    expect(bench.cloud.calls.length).toBeLessThanOrEqual(1);
  });

  test('that read the contract before the first passed the gate does not pass it too', async () => {
    const bench = await reboot();
    const approved = await bench.contract();
    let asked = 0;
    const contracts = {
      ...bench.contracts,
      get: async (id: string) => (asked++ === 0 ? approved : bench.contracts.get(id)),
    };
    await bench.run('forward');
    await bench.run('forward', { contracts });
    expect(bench.cloud.calls).toHaveLength(1);
    expect(await bench.states()).toEqual(['0 forward DONE']);
  });

  test('that is overtaken gives back neither the lock nor the place of the one that goes on', async () => {
    const bench = await performBench();
    const { describe } = bench.deps.actions;
    const actions = {
      ...bench.deps.actions,
      describe: async (at: Parameters<typeof describe>[0]) => {
        await bench.reservations.takeLock(WEB, 'C1', START, START + 3_600_000);
        return describe(at);
      },
    };
    expect((await bench.run('forward', { actions })).next).toBe('wait');
    expect(await bench.reservations.lock(WEB)).toMatchObject({ owner: 'C1', fence: 2 });
    expect(await bench.reservations.poolHolders()).toEqual(['C1']);
    expect(bench.cloud.calls).toEqual([]);
  });
});

describe('an undo', () => {
  test('restores what was, once, and is not done twice', async () => {
    const bench = await performBench();
    await bench.run('forward');
    await bench.rollingBack();
    expect((await bench.run('back')).next).toBe('close');
    expect(bench.facts()).toMatchObject({ desired_capacity: 2 });
    expect((await bench.run('back')).next).toBe('close');
    expect(bench.cloud.calls).toHaveLength(2);
    expect(await bench.closer.close('C1', 'close')).toBe('rolled_back');
  });
  test('goes on under the kill switch: it is owed', async () => {
    const bench = await performBench();
    await bench.run('forward');
    await bench.rollingBack();
    await bench.control.set(true, why('stop'));
    await bench.run('back');
    expect(bench.facts()).toMatchObject({ desired_capacity: 2 });
  });
  test('leaves alone what somebody else has changed since, and asks a person', async () => {
    const bench = await performBench();
    await bench.run('forward');
    await bench.rollingBack();
    bench.outside.live.set(WEB, liveGroup({ desired: 7 }));
    expect((await bench.run('back')).next).toBe('close');
    expect(bench.facts()).toMatchObject({ desired_capacity: 7 });
    expect(await bench.closer.close('C1', 'close')).toBe('needs_person');
  });
  test('of what is as it was before sends nothing', async () => {
    const bench = await performBench();
    await bench.run('forward');
    await bench.rollingBack();
    bench.outside.live.set(WEB, liveGroup({ desired: 2 }));
    await bench.run('back');
    expect(bench.cloud.calls).toHaveLength(1);
    expect(await bench.closer.close('C1', 'close')).toBe('rolled_back');
  });
  test('whose answer was lost finds it done', async () => {
    const bench = await performBench();
    await bench.run('forward');
    await bench.rollingBack();
    bench.cloud.state.lost = true;
    await expect(bench.run('back')).rejects.toThrow('lost');
    expect((await bench.run('back')).next).toBe('close');
    expect(await bench.closer.close('C1', 'close')).toBe('rolled_back');
  });
  test('disturbs nobody who holds the target now', async () => {
    const bench = await performBench();
    await bench.run('forward');
    await bench.rollingBack();
    bench.clock.set(START + 86_400_000);
    await bench.reservations.takeLock(WEB, 'C2', bench.clock.now(), bench.clock.now() + 1);
    expect((await bench.run('back')).next).toBe('close');
    expect(await bench.states()).toEqual(['0 forward DONE']);
    expect(await bench.closer.close('C1', 'close')).toBe('needs_person');
  });
  test('is not done before it is owed', async () => {
    const bench = await performBench();
    await bench.run('forward');
    expect((await bench.run('back')).next).toBe('close');
    expect(bench.cloud.calls).toHaveLength(1);
    await bench.rollingBack();
    expect((await bench.run('forward')).next).toBe('roll_back');
  });
});
