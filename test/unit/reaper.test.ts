import { reap } from '../../functions/reaper/reaper';
import type { Contract } from '../../shared/contracts/contract';
import { targetKey } from '../../shared/domain/target';
import { StoreUnavailableError } from '../../shared/stores/errors';
import { buildPlan, group, START } from '../support/builders/plan';
import { type LogicBench, logicBench } from '../support/logic-bench';
import { moved, why } from '../support/stores-bench';

const MINUTE = 60_000;

function sweeper(bench: LogicBench) {
  const woken: string[] = [];
  const deps = { ...bench, wakeRelay: async (id: string) => void woken.push(id) };
  return { woken, sweep: (changes = {}) => reap({ ...deps, ...changes }) };
}
const statusOf = async (bench: LogicBench, id = 'C1') => (await bench.contracts.get(id))?.status;

describe('the reaper', () => {
  test('expires a request that nobody decided, and lets the relay tell', async () => {
    const bench = logicBench();
    await bench.awaiting();
    bench.outside.executions.set('C1', 'RUNNING');
    const { sweep, woken } = sweeper(bench);
    bench.clock.set(START + 3_599_999);
    expect(await sweep()).toMatchObject({ looked: 1, expired: 0 });
    bench.clock.set(START + 3_600_000);
    expect(await sweep()).toMatchObject({ looked: 1, expired: 1 });
    expect(await bench.contracts.get('C1')).toMatchObject({
      status: 'expired',
      approval: { callback: { due: true } },
    });
    expect(woken).toEqual([]);
    bench.clock.set(START + 3_630_000);
    expect(await sweep()).toMatchObject({ woken: 1 });
    expect(woken).toEqual(['C1']);
  });

  test('expires a request even when its plan cannot be read any more', async () => {
    const bench = logicBench();
    await bench.awaiting();
    const key = { pk: 'CONTRACT#C1', sk: 'PLAN' };
    await bench.table.write([{ kind: 'update', key, update: { set: [[['text'], 'no plan']] } }]);
    bench.clock.set(START + 3_600_000);
    expect(await sweeper(bench).sweep()).toMatchObject({ expired: 1 });
  });

  test('wakes an execution whose approval was not delivered within half a minute', async () => {
    const bench = logicBench();
    const contract = await bench.awaiting();
    bench.outside.executions.set('C1', 'RUNNING');
    const vote = { subject: 'ana', decision: 'approve' as const, planHash: contract.planHash };
    moved(await bench.contracts.vote(contract, vote, 'approved', why('fine')));
    const { sweep, woken } = sweeper(bench);
    bench.clock.set(START + 29_999);
    await sweep();
    expect(woken).toEqual([]);
    bench.clock.set(START + 30_000);
    await sweep();
    expect(woken).toEqual(['C1']);
    expect(await statusOf(bench)).toBe('approved');
  });

  test('starts what was planned and never started, and gives it up in the end', async () => {
    const bench = logicBench();
    await bench.planned();
    const { sweep } = sweeper(bench);
    bench.clock.set(START + 2 * MINUTE - 1);
    expect(await sweep()).toMatchObject({ restarted: 0, closed: 0 });
    bench.clock.set(START + 2 * MINUTE);
    expect(await sweep()).toMatchObject({ restarted: 1 });
    expect(bench.outside.executions.get('C1')).toBe('RUNNING');
    bench.outside.executions.clear();
    bench.clock.set(START + 15 * MINUTE);
    expect(await sweep()).toMatchObject({ closed: 1 });
    expect(await bench.outcomes.outcome('C1')).toMatchObject({ status: 'refused' });
  });

  test('leaves alone what is running', async () => {
    const bench = logicBench();
    await bench.executing();
    bench.outside.executions.set('C1', 'RUNNING');
    bench.clock.set(START + 60 * MINUTE);
    expect(await sweeper(bench).sweep()).toMatchObject({ looked: 1, closed: 0, released: 0 });
  });

  test.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED'] as const)(
    'ends what its %s execution has left: an unknown effect needs a person and is frozen',
    async (execution) => {
      const bench = logicBench();
      await bench.executing();
      bench.outside.executions.set('C1', execution);
      expect(await sweeper(bench).sweep()).toMatchObject({ closed: 1 });
      expect(await statusOf(bench)).toBe('needs_person');
      expect(await bench.reservations.lock(targetKey(group()))).toMatchObject({ frozenBy: 'C1' });
      expect(await bench.contracts.open(10)).toEqual([]);
    },
  );

  test('frees what an ended or unknown contract still holds', async () => {
    const bench = logicBench();
    const contract = await bench.approved();
    moved(await bench.ended(contract, 'stale', 'RECOVERED'));
    await bench.reservations.takePool('C1', 6);
    await bench.reservations.takePool('C9', 6);
    await bench.reservations.takeLock(targetKey(group()), 'C1', START, START + MINUTE);
    expect(await sweeper(bench).sweep()).toMatchObject({ released: 2 });
    expect(await bench.reservations.poolHolders()).toEqual([]);
    expect(await bench.reservations.lock(targetKey(group()))).toMatchObject({ owner: undefined });
  });

  test('leaves the lock that another contract has taken since', async () => {
    const bench = logicBench();
    moved(await bench.ended(await bench.approved(), 'stale', 'RECOVERED'));
    await bench.reservations.takePool('C1', 6);
    await bench.locked(await bench.approved(buildPlan({ contractId: 'C2' })));
    bench.outside.executions.set('C2', 'RUNNING');
    await sweeper(bench).sweep();
    expect(await bench.reservations.lock(targetKey(group()))).toMatchObject({ owner: 'C2' });
  });

  test('does not let one contract’s trouble keep it from the others', async () => {
    const bench = logicBench();
    await bench.planned();
    await bench.planned(buildPlan({ contractId: 'C2' }));
    bench.clock.set(START + 3 * MINUTE);
    const contracts = {
      ...bench.contracts,
      get: async (id: string): Promise<Contract | undefined> => {
        if (id === 'C1') throw new StoreUnavailableError('down');
        return bench.contracts.get(id);
      },
    };
    expect(await sweeper(bench).sweep({ contracts })).toMatchObject({ looked: 2, failed: 1, restarted: 1 });
    expect(bench.outside.logs).toContainEqual({ level: 'error', code: 'REAP_FAILED' });
  });
});

describe('half of a request’s time', () => {
  async function escalating() {
    const bench = logicBench();
    const { approval, ...contract } = await bench.awaiting();
    if (approval === undefined) throw new Error('no request');
    const named = { ...approval, escalation: ['boss'] };
    moved(await bench.contracts.amend({ ...contract, approval }, 'x', why('x'), { approval: named }));
    bench.outside.executions.set('C1', 'RUNNING');
    return { bench, ...sweeper(bench) };
  }
  test.each([
    [-1, 0],
    [0, 1],
  ])('%d ms from it, %d requests escalate', async (offset, escalated) => {
    const { bench, sweep } = await escalating();
    bench.clock.set(START + 30 * MINUTE + offset);
    expect(await sweep()).toMatchObject({ escalated });
  });
  test('is told once, to whom settings name for it', async () => {
    const { bench, sweep } = await escalating();
    bench.clock.set(START + 40 * MINUTE);
    await sweep();
    expect(await sweep()).toMatchObject({ escalated: 0 });
    const contract = await bench.contracts.get('C1');
    expect(contract).toMatchObject({
      status: 'awaiting_approval',
      change: { event: 'approval.escalated', actor: 'reaper' },
      approval: { eligible: ['ana', 'ben', 'cleo', 'boss'] },
    });
  });
});
