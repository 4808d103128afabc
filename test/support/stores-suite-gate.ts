import type { GateInput } from '../../shared/ports/contract-store';
import { buildPlan, group, START, scaleStep } from './builders/plan';
import { repeatingTable } from './lost-answers';
import { type Fresh, moved, stepOf, storesBench, why } from './stores-bench';

const WEB = 'autoscaling:group:us-east-1:123456789012:web';

/** The gate in front of every effect: each of its conditions alone keeps it shut. */
export function describeGate(fresh: Fresh): void {
  describe('the gate', () => {
    test('lets an approved contract through once: executing, INTENT, one of the budget', async () => {
      const { bench } = fresh();
      const contract = await bench.approved();
      const input = await bench.gateInput(contract, await bench.locked(contract));
      const gate = await bench.ledger.gate(input);
      expect(gate).toMatchObject({ ok: true, contract: { status: 'executing', startedAt: START } });
      expect(await bench.contracts.get('C1')).toEqual(gate.contract);
      expect(await bench.ledger.steps('C1')).toMatchObject([
        { n: 0, direction: 'forward', state: 'INTENT', intended: { desired_capacity: 4 }, fence: 1 },
      ]);
      expect(await bench.reservations.isBudgetLeft('scale-out', 1, 3600, START)).toBe(false);
      expect(await bench.reservations.isBudgetLeft('scale-out', 2, 3600, START)).toBe(true);
    });

    const shut: readonly [string, Partial<GateInput>, string][] = [
      ['another plan hash', { planHash: '0'.repeat(64) }, 'PLAN_CHANGED'],
      ['a moment at executeBy', { why: why('GATE_PASSED', START + 900_000) }, 'EXECUTE_BY_PASSED'],
      ['a fence that is not the lock’s', { locks: [{ targetKey: WEB, fence: 2 }] }, 'LOCK_LOST'],
    ];
    test.each(shut)('stays shut for %s', async (_what, changes, code) => {
      const { bench } = fresh();
      const contract = await bench.approved();
      const input = await bench.gateInput(contract, await bench.locked(contract), changes);
      expect(await bench.ledger.gate(input)).toMatchObject({ ok: false, code });
      expect((await bench.contracts.get('C1'))?.status).toBe('approved');
      expect(await bench.ledger.steps('C1')).toEqual([]);
      expect(await bench.reservations.isBudgetLeft('scale-out', 1, 3600, START)).toBe(true);
    });

    test('stays shut for a contract that is not approved', async () => {
      const { bench } = fresh();
      const contract = await bench.planned();
      const input = await bench.gateInput(contract, await bench.locked(contract));
      expect(await bench.ledger.gate(input)).toMatchObject({ ok: false, code: 'NOT_APPROVED' });
    });

    test('stays shut for a contract that was denied after it was read', async () => {
      const { bench } = fresh();
      const contract = await bench.approved();
      const input = await bench.gateInput(contract, await bench.locked(contract));
      moved(await bench.ended(contract, 'cancelled', 'EXECUTION_ENDED'));
      expect(await bench.ledger.gate(input)).toMatchObject({
        ok: false,
        code: 'NOT_APPROVED',
        contract: { status: 'cancelled' },
      });
    });

    test('stays shut where the step was intended before', async () => {
      const { bench, table } = fresh();
      const contract = await bench.approved();
      const input = await bench.gateInput(contract, await bench.locked(contract));
      await table.write([{ kind: 'put', item: { pk: 'CONTRACT#C1', sk: 'STEP#00#forward', old: true } }]);
      expect(await bench.ledger.gate(input)).toMatchObject({ ok: false, code: 'ALREADY_INTENDED' });
    });

    test('stays shut while another contract has the lock', async () => {
      const { bench } = fresh();
      await bench.locked(await bench.approved(buildPlan({ contractId: 'C2' })));
      const contract = await bench.approved();
      const input = await bench.gateInput(contract, 1);
      expect(await bench.ledger.gate(input)).toMatchObject({ ok: false, code: 'LOCK_LOST' });
    });

    test('lets 3 of 5 contracts through a budget of 3, each counted once', async () => {
      const { bench } = fresh();
      const codes: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        const target = group(`web-${n}`);
        const steps = [scaleStep({ from: 2, to: 4, target })];
        const contract = await bench.approved(buildPlan({ contractId: `C${n}`, targets: [target], steps }));
        const gate = await bench.ledger.gate(await bench.gateInput(contract, await bench.locked(contract)));
        codes.push(gate.ok ? 'ok' : gate.code);
      }
      expect(codes).toEqual(['ok', 'ok', 'ok', 'BUDGET', 'BUDGET']);
    });

    test.each([1, 3])(
      'takes a contract that a budget of %d counts already, without counting it again',
      async (used) => {
        const { bench, table } = fresh();
        const period = Math.floor(START / 3_600_000);
        const counted = { pk: `BUDGET#scale-out#${period}`, sk: 'BUDGET', used, holders: new Set(['C1']) };
        await table.write([{ kind: 'put', item: counted }]);
        const contract = await bench.approved();
        const gate = await bench.ledger.gate(await bench.gateInput(contract, await bench.locked(contract)));
        expect(gate.ok).toBe(true);
        expect(await table.get(counted)).toMatchObject({ used });
      },
    );

    test('knows its own success when the answer was lost', async () => {
      const { bench, table } = fresh();
      const repeating = repeatingTable(table);
      const { ledger } = storesBench(repeating);
      const contract = await bench.approved();
      const input = await bench.gateInput(contract, await bench.locked(contract));
      repeating.loseAnswers(1);
      expect(await ledger.gate(input)).toMatchObject({ ok: true, step: { state: 'INTENT', fence: 1 } });
      expect(await bench.reservations.isBudgetLeft('scale-out', 2, 3600, START)).toBe(true);
    });

    test('never takes another invocation’s success for one’s own', async () => {
      const { bench } = fresh();
      const contract = await bench.approved();
      const first = await bench.gateInput(contract, await bench.locked(contract));
      expect((await bench.ledger.gate(first)).ok).toBe(true);
      const second = await bench.gateInput(contract, await bench.locked(contract));
      expect(await bench.ledger.gate(second)).toMatchObject({ ok: false, code: 'NOT_APPROVED' });
    });
  });

  describe('a later INTENT', () => {
    const twoSteps = buildPlan({
      steps: [scaleStep({ from: 2, to: 4 }), scaleStep({ from: 4, to: 5, id: 'more' })],
    });
    const intended = async () => {
      const { bench } = fresh();
      const { contract, step } = await bench.executing(twoSteps);
      await bench.ledger.settle(contract, step, 'DONE', 'accepted', why('CALLED'));
      return { bench, contract, next: stepOf(twoSteps, step.fence, 1) };
    };

    test('is written while the contract and the lock are as they were', async () => {
      const { bench, contract, next } = await intended();
      expect(await bench.ledger.intend(contract, next, why('NEXT_STEP'))).toEqual({ ok: true });
      expect(await bench.ledger.intend(contract, next, why('NEXT_STEP'))).toEqual({ ok: false });
      expect((await bench.ledger.steps('C1')).map(({ n, state }) => [n, state])).toEqual([
        [0, 'DONE'],
        [1, 'INTENT'],
      ]);
    });
    test('is not written by a stale holder of the lock', async () => {
      const { bench, contract, next } = await intended();
      await bench.locked(contract);
      expect(await bench.ledger.intend(contract, next, why('NEXT_STEP'))).toEqual({ ok: false });
    });
    test('is not written once the contract has moved on', async () => {
      const { bench, contract, next } = await intended();
      moved(await bench.contracts.move(contract, 'rolling_back', why('ACTION_FAILED')));
      expect(await bench.ledger.intend(contract, next, why('NEXT_STEP'))).toEqual({ ok: false });
    });
    test('is settled once: who comes second gets what stands there', async () => {
      const { bench } = fresh();
      const { contract, step } = await bench.executing();
      const first = await bench.ledger.settle(contract, step, 'DONE', 'accepted', why('CALLED'));
      const second = await bench.ledger.settle(contract, step, 'UNKNOWN', 'not_known', why('REPLAY'));
      expect(second).toEqual(first);
      expect(second.state).toBe('DONE');
    });
  });
}
