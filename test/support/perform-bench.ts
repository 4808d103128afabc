import type { Plan } from '../../shared/contracts/plan';
import { type LiveTarget, type Target, targetKey } from '../../shared/domain/target';
import { perform } from '../../shared/executors/perform';
import type { ActionPort, CallAnswer, StepCall } from '../../shared/ports/actions';
import { buildPlan } from './builders/plan';
import { liveGroup, logicBench } from './logic-bench';
import { moved, why } from './stores-bench';

/** A cloud of one service that does what it is told, and remembers each request. */
export function fakeActions(live: Map<string, LiveTarget>) {
  const calls: StepCall[] = [];
  const state: { answer: CallAnswer | Error; evidence: 'yes' | 'unknown'; lost: boolean } = {
    answer: { kind: 'accepted' },
    evidence: 'unknown',
    lost: false,
  };
  const port: ActionPort = {
    describe: async (target: Target) => live.get(targetKey(target)),
    evidence: async () => state.evidence,
    async send(call) {
      calls.push(call);
      if (state.answer instanceof Error) throw state.answer;
      if (state.answer.kind === 'rejected') return state.answer;
      const key = targetKey(call.target);
      const before = live.get(key);
      if (before !== undefined) live.set(key, { ...before, facts: { ...before.facts, ...call.intended } });
      if (state.lost) throw new Error('the answer was lost');
      return state.answer;
    },
  };
  return { port, calls, state };
}

/** One executor on stores in memory, with one approved contract. */
export async function performBench(plan: Plan = buildPlan(), live: LiveTarget = liveGroup()) {
  const bench = logicBench();
  bench.outside.live.set(targetKey(live.target), live);
  const cloud = fakeActions(bench.outside.live);
  await bench.approved(plan);
  const deps = { ...bench, actions: cloud.port, callMs: 15_000, actor: 'executor', poolSize: 6 };
  const run = (direction: 'forward' | 'back', changes: Partial<typeof deps> = {}) =>
    perform(
      { contractId: plan.contractId, direction, deadline: bench.clock.now() + 60_000 },
      { ...deps, ...changes },
    );
  const contract = async () => {
    const found = await bench.contracts.get(plan.contractId);
    if (found === undefined) throw new Error('the contract is gone');
    return found;
  };
  /** Calls the executor again for as long as it says `continue`, as the state machine does. */
  const through = async (direction: 'forward' | 'back') => {
    for (let turns = 0; turns < 25; turns += 1) {
      const { next } = await run(direction);
      if (next !== 'continue') return next;
    }
    throw new Error('it never ends');
  };
  return {
    ...bench,
    cloud,
    deps,
    run,
    through,
    contract,
    states: async () =>
      (await bench.ledger.steps(plan.contractId)).map(
        ({ n, direction, state }) => `${n} ${direction} ${state}`,
      ),
    rollingBack: async () =>
      moved(await bench.contracts.move(await contract(), 'rolling_back', why('ACTION_FAILED'))),
    facts: () => bench.outside.live.get(targetKey(live.target))?.facts,
  };
}
