import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { admit } from '../../functions/admit/admit';
import type { Contract } from '../../shared/contracts/contract';
import type { Plan } from '../../shared/contracts/plan';
import {
  type ApprovedBy,
  type CalendarState,
  POLICY_REFUSALS,
  type PolicyRefusal,
} from '../../shared/domain/policy-request';
import { OvertakenError } from '../../shared/ports/errors';
import type { Policies, PolicyDecision } from '../../shared/ports/policy';
import type { Attribute, Path } from '../../shared/ports/table';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { buildPlan, buildRebootPlan, START } from '../support/builders/plan';
import { type LogicBench, liveAlarm, logicBench } from '../support/logic-bench';
import { moved, why } from '../support/stores-bench';

const ask = { contractId: 'C1' };
const reboot = (changes: Partial<Plan> = {}) => buildRebootPlan(changes);

/** A bench with one planned contract. */
async function planned(plan: Plan = buildPlan(), mode: 'act' | 'observe' = 'act') {
  const bench = logicBench();
  const contract = await bench.planned(plan, mode);
  return { bench, contract };
}
const outcomeOf = async (bench: Awaited<ReturnType<typeof planned>>['bench']) => {
  const { status, reason } = (await bench.outcomes.outcome('C1')) ?? {};
  return [status, reason];
};

describe('a planned contract', () => {
  test('of tier 1 is approved and goes to its executor', async () => {
    const { bench } = await planned();
    expect(await admit(ask, bench)).toEqual({
      contractId: 'C1',
      next: 'execute',
      executor: 'executor-autoscaling',
      waitUntil: '2026-01-05T12:00:00Z',
    });
    expect(await bench.contracts.get('C1')).toMatchObject({ status: 'approved', reason: 'TIER_1' });
    expect((await admit(ask, bench)).next).toBe('execute');
  });
  test('of tier 2 asks people, and is left as it is', async () => {
    const { bench } = await planned(reboot());
    expect(await admit(ask, bench)).toMatchObject({ next: 'ask', executor: 'executor-rds' });
    expect((await bench.contracts.get('C1'))?.status).toBe('planned');
  });
  test('in observe mode ends observed, whatever its tier', async () => {
    for (const plan of [buildPlan(), reboot()]) {
      const { bench } = await planned(plan, 'observe');
      expect((await admit(ask, bench)).next).toBe('observed');
      expect(await outcomeOf(bench)).toEqual(['observed', 'OBSERVE_MODE']);
    }
  });
  test('is refused while Grace is paused', async () => {
    const { bench } = await planned();
    await bench.control.set(true, why('deploying'));
    expect((await admit(ask, bench)).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', 'PAUSED']);
  });
  test('is refused when its time is over', async () => {
    const { bench } = await planned();
    bench.clock.set(START + 900_000);
    expect((await admit(ask, bench)).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', 'EXECUTE_BY_PASSED']);
  });
  test('is refused when its budget is spent', async () => {
    const { bench } = await planned();
    const period = Math.floor(START / 3_600_000);
    await bench.table.write([
      { kind: 'put', item: { pk: `BUDGET#scale-out#${period}`, sk: 'BUDGET', used: 3 } },
    ]);
    expect((await admit(ask, bench)).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', 'BUDGET']);
  });
  test('is refused when no executor is registered for it', async () => {
    const { bench } = await planned();
    expect(await admit(ask, { ...bench, executors: {} })).toMatchObject({ next: 'refused', executor: '' });
    expect(await outcomeOf(bench)).toEqual(['refused', 'NO_EXECUTOR']);
  });
  test('is refused when its plan is not the one that was frozen, or is none any more', async () => {
    for (const text of [JSON.stringify(buildPlan({ quorum: 1 })), 'no plan']) {
      const { bench } = await planned();
      const key = { pk: 'CONTRACT#C1', sk: 'PLAN' };
      await bench.table.write([{ kind: 'update', key, update: { set: [[['text'], text]] } }]);
      expect((await admit(ask, bench)).next).toBe('refused');
      expect(await outcomeOf(bench)).toEqual(['refused', 'PLAN_CHANGED']);
    }
  });
  test('joins the request that is open for its target', async () => {
    const { bench } = await planned(reboot());
    await bench.awaiting(reboot({ contractId: 'C2' }));
    expect((await admit(ask, bench)).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', 'JOINED']);
  });
  test('that another write overtakes is decided afresh', async () => {
    const { bench, contract } = await planned();
    const contracts = {
      ...bench.contracts,
      get: async () => {
        await bench.contracts.amend(contract, 'contract.touched', why('SOMEBODY'), { reason: 'touched' });
        return contract;
      },
    };
    await expect(admit(ask, { ...bench, contracts })).rejects.toThrow(OvertakenError);
  });
});

describe('an approved contract that has waited', () => {
  const approved = async (tier: 1 | 2) => {
    const bench = logicBench();
    await bench.approved(tier === 1 ? buildPlan() : { ...buildPlan(), tier: 2, quorum: 1 });
    return bench;
  };
  test('goes on: tier 1 to the executor, tier 2 by way of a snapshot', async () => {
    expect((await admit(ask, await approved(1))).next).toBe('execute');
    expect((await admit(ask, await approved(2))).next).toBe('snapshot');
  });
  test('is stale when the alarm has cleared meanwhile', async () => {
    const bench = await approved(1);
    bench.outside.alarms.set('web-latency', liveAlarm({ state: 'OK' }));
    expect((await admit(ask, bench)).next).toBe('stale');
    expect(await outcomeOf(bench)).toEqual(['stale', 'RECOVERED']);
  });
  test('is stale when its time is over', async () => {
    const bench = await approved(1);
    bench.clock.set(START + 900_000);
    expect((await admit(ask, bench)).next).toBe('stale');
  });
});

describe('policies', () => {
  /** Answers by the agreement that is asked about; `asked` is what was asked. */
  const answering = (answers: Partial<Record<ApprovedBy, PolicyDecision>>) => {
    const asked: [ApprovedBy, CalendarState | undefined][] = [];
    const policies: Policies = {
      version: 'policy-1',
      async decide({ approvedBy, calendar }) {
        asked.push([approvedBy, calendar]);
        return answers[approvedBy] ?? no('NOT_PERMITTED');
      },
    };
    return { policies, asked };
  };
  const yes: PolicyDecision = { allowed: true, policies: ['some-rule'] };
  const no = (code: PolicyRefusal, ...policies: string[]): PolicyDecision => ({
    allowed: false,
    code,
    policies,
    detail: 'because',
  });
  const voted = (bench: LogicBench, contract: Contract) =>
    bench.contracts.vote(
      contract,
      { subject: 'ana', decision: 'approve', planHash: contract.planHash },
      'approved',
      why('agreed'),
    );

  test('let tier 1 through, and the contract says which', async () => {
    const { bench } = await planned();
    const { policies, asked } = answering({ nobody: yes });
    expect((await admit(ask, { ...bench, policies })).next).toBe('execute');
    expect((await bench.contracts.get('C1'))?.policy).toEqual({ decision: 'ALLOWED', by: ['some-rule'] });
    expect(asked).toEqual([['nobody', 'none']]);
  });

  test.each(POLICY_REFUSALS)('refuse with %s, and the contract says which', async (code) => {
    const { bench } = await planned();
    const { policies } = answering({ nobody: no(code, 'a', 'b', 'c', 'd', 'e', 'f') });
    expect((await admit(ask, { ...bench, policies })).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', code]);
    const { policy } = (await bench.contracts.get('C1')) ?? {};
    expect(policy).toEqual({ decision: code, by: ['a', 'b', 'c', 'd', 'e'] });
  });

  test('keep people from being asked about what no agreement of theirs could permit', async () => {
    const { bench } = await planned(reboot());
    const { policies, asked } = answering({ nobody: yes, quorum: no('CONSTITUTION', 'blast-radius') });
    expect((await admit(ask, { ...bench, policies })).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', 'CONSTITUTION']);
    expect(asked.map(([approvedBy]) => approvedBy)).toEqual(['quorum', 'break_glass']);
  });

  test('let people be asked where a quorum, or one person in an emergency, could permit it', async () => {
    for (const answers of [{ quorum: yes }, { quorum: no('POLICY_FORBIDS'), break_glass: yes }]) {
      const { bench } = await planned(reboot());
      expect((await admit(ask, { ...bench, ...answering(answers) })).next).toBe('ask');
      expect((await bench.contracts.get('C1'))?.policy).toBeUndefined();
    }
  });

  test('are asked again after approval, with the agreement that the votes come to', async () => {
    const bench = logicBench();
    const { policies, asked } = answering({ quorum: yes });
    moved(await voted(bench, await bench.awaiting()));
    expect((await admit(ask, { ...bench, policies })).next).toBe('snapshot');
    expect(asked).toEqual([['quorum', 'none']]);
  });

  test('do not take a status for an agreement: approved without the votes is approved by nobody', async () => {
    const bench = logicBench();
    const { policies, asked } = answering({ quorum: yes, nobody: no('CONSTITUTION', 'people-above-tier-1') });
    await voted(bench, await bench.awaiting());
    const set: [Path, Attribute][] = [[['approval', 'votes'], {}]];
    await bench.table.write([
      { kind: 'update', key: { pk: 'CONTRACT#C1', sk: 'CONTRACT' }, update: { set } },
    ]);
    expect((await admit(ask, { ...bench, policies })).next).toBe('refused');
    expect(asked).toEqual([['nobody', 'none']]);
  });

  test('are told what the change calendar says', async () => {
    const { bench } = await planned();
    const { policies, asked } = answering({ nobody: yes });
    await admit(ask, { ...bench, policies, calendars: { state: async () => 'unknown' } });
    expect(asked).toEqual([['nobody', 'unknown']]);
  });

  test('that changed since the plan was made refuse it, or make it stale when it was approved', async () => {
    const { bench } = await planned();
    const policies = { ...bench.policies, version: 'policy-2' };
    expect((await admit(ask, { ...bench, policies })).next).toBe('refused');
    expect(await outcomeOf(bench)).toEqual(['refused', 'POLICY_CHANGED']);
    const approved = logicBench();
    await approved.approved(buildPlan());
    expect((await admit(ask, { ...approved, policies })).next).toBe('stale');
    expect(await outcomeOf(approved)).toEqual(['stale', 'POLICY_CHANGED']);
  });

  test('can be tried out in observe mode: what they would say is kept, and nothing is done', async () => {
    const { bench } = await planned(buildPlan(), 'observe');
    const { policies } = answering({ nobody: no('POLICY_FORBIDS', 'change-calendar') });
    expect((await admit(ask, { ...bench, policies })).next).toBe('observed');
    expect(await bench.contracts.get('C1')).toMatchObject({
      reason: 'OBSERVE_MODE',
      policy: { decision: 'POLICY_FORBIDS', by: ['change-calendar'] },
    });
  });

  test('that Grace ships let a plan of tier 1 through, and hold one of an untagged target', async () => {
    const policies = cedarPolicies(shippedPolicies());
    const policyVersion = policies.version;
    const { bench } = await planned(buildPlan({ policyVersion }));
    expect((await admit(ask, { ...bench, policies })).next).toBe('execute');
    const untagged = await planned(buildPlan({ policyVersion, tags: {} }));
    expect((await admit(ask, { ...untagged.bench, policies })).next).toBe('refused');
    expect((await untagged.bench.contracts.get('C1'))?.policy).toEqual({
      decision: 'CONSTITUTION',
      by: ['managed-targets-only'],
    });
  });
});

describe('a contract that is elsewhere', () => {
  test('says where: awaiting, executing, or how it ended', async () => {
    const awaiting = logicBench();
    await awaiting.awaiting();
    expect((await admit(ask, awaiting)).next).toBe('ask');
    const executing = logicBench();
    await executing.executing();
    expect((await admit(ask, executing)).next).toBe('execute');
    const ended = logicBench();
    moved(await ended.ended(await ended.approved(), 'stale', 'RECOVERED'));
    expect((await admit(ask, ended)).next).toBe('stale');
  });
  test('must be there', async () => {
    await expect(admit(ask, logicBench())).rejects.toThrow('no contract C1');
  });
});
