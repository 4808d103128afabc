import { decide } from '../../functions/decide/decide';
import { openApproval } from '../../functions/open-approval/open-approval';
import { replan } from '../../functions/replanner/replanner';
import { targetKey } from '../../shared/domain/target';
import { OvertakenError } from '../../shared/ports/errors';
import { alarmBody, errorBody } from '../support/builders/events';
import { group, START } from '../support/builders/plan';
import { buildPlaybook } from '../support/builders/playbook';
import { liveAlarm, liveGroup, peopleOf } from '../support/logic-bench';
import { sentinelBench } from '../support/sentinel-bench';

const WEB = targetKey(group());
const HOUR = 3_600_000;

/** A request for two instances more, that ana has agreed to and ben wants a fresh plan of. */
async function asked(event: unknown = alarmBody(), changes: Readonly<Record<string, unknown>> = {}) {
  const playbook = buildPlaybook({ tier: 2, ...changes });
  const bench = sentinelBench({ playbooks: [playbook] });
  bench.outside.live.set(WEB, liveGroup({ desired: 4 }));
  await bench.decide(event);
  await openApproval({ contractId: 'ID-1', taskToken: 'token' }, bench);
  const now = async () => {
    const stands = await bench.contracts.get('ID-1');
    if (stands?.approval === undefined) throw new Error('no request');
    return { ...stands, approval: stands.approval };
  };
  const say = async (decision: string, who: string, planHash?: string) =>
    decide(
      {
        decision,
        contractId: 'ID-1',
        planHash: planHash ?? (await now()).planHash,
        reason: 'because',
        proof: { token: who },
      },
      bench,
    );
  const deps = {
    ...bench,
    playbooks: [playbook],
    statistics: bench.playbooks,
    settings: bench.deps.settings,
    policyVersion: 'policy-1',
  };
  const run = (more = {}) => replan({ contractId: 'ID-1' }, { ...deps, ...more });
  const intended = async () => (await bench.contracts.plan('ID-1')).plan.steps[0]?.intended;
  return { bench, now, say, run, intended };
}

describe('a fresh plan', () => {
  test('is made from the live target, under a new hash and without votes', async () => {
    const { bench, now, say, run, intended } = await asked();
    const before = (await now()).planHash;
    await say('replan', 'ben');
    bench.outside.live.set(WEB, liveGroup({ desired: 5 }));
    expect(await run()).toBe('replaced');
    const contract = await now();
    const { plan, hash } = await bench.contracts.plan('ID-1');
    expect(await intended()).toEqual({ desired_capacity: 7 });
    expect(contract.planHash).toBe(hash);
    expect(contract.planHash).not.toBe(before);
    expect(contract.approval).toMatchObject({ planHash: hash, votes: {}, generation: 1 });
    expect(contract.executeBy).toBe(plan.executeBy);
    expect(contract.approval.replanSince).toBeUndefined();
  });
  test('is voted on afresh, and not by whoever asked for it', async () => {
    const { now, say, run } = await asked();
    const before = (await now()).planHash;
    await say('replan', 'ben');
    await run();
    expect(await say('approve', 'ben')).toMatchObject({ code: 'EXCLUDED' });
    expect(await say('approve', 'ana', before)).toMatchObject({ code: 'PLAN_CHANGED' });
    expect(await say('approve', 'ana')).toMatchObject({ ok: true, status: 'approved' });
  });
  test('opens the gate only under its own hash', async () => {
    const { bench, now, say, run } = await asked();
    const before = (await now()).planHash;
    await say('replan', 'ben');
    await run();
    await say('approve', 'ana');
    const approved = await now();
    const input = await bench.gateInput(approved, await bench.locked(approved));
    expect(await bench.ledger.gate({ ...input, planHash: before })).toMatchObject({ code: 'PLAN_CHANGED' });
    expect((await bench.ledger.gate(input)).ok).toBe(true);
  });
  test('leaves the earlier one beside it', async () => {
    const { bench, now, say, run } = await asked();
    const before = (await now()).planHash;
    const { text } = await bench.contracts.plan('ID-1');
    await say('replan', 'ben');
    await run();
    const former = (await bench.contracts.story('ID-1')).find(
      ({ sk }) => sk === `PLAN#${before.slice(0, 16)}`,
    );
    expect(former?.['text']).toBe(text);
  });
  test('knows what an application’s own error said', async () => {
    const parameters = { change: '=$number(attributes.wanted) - target.desired_capacity' };
    const { bench, say, run, intended } = await asked(
      errorBody({ attributes: { group: 'web', wanted: '8' } }),
      { steps: [{ id: 'add', action: 'aws.scale_instances', parameters }] },
    );
    await say('replan', 'ben');
    bench.outside.live.set(WEB, liveGroup({ desired: 6 }));
    expect(await run()).toBe('replaced');
    expect(await intended()).toEqual({ desired_capacity: 8 });
  });
  test('is never of a lower tier than people were asked for', async () => {
    const { now, say, run } = await asked();
    await say('replan', 'ben');
    expect(await run({ playbooks: [buildPlaybook({ tier: 1 })] })).toBe('replaced');
    expect((await now()).tier).toBe(2);
  });
  test('cannot keep a request open for more than a day', async () => {
    const { bench, now, say, run } = await asked(alarmBody(), { approval: { expires: '24h' } });
    bench.clock.set(START + 23 * HOUR);
    await say('replan', 'ben');
    expect(await run()).toBe('replaced');
    const { approval, executeBy } = await now();
    expect(approval.expiresAt).toBe(START + 24 * HOUR);
    expect(executeBy).toBeGreaterThan(approval.expiresAt);
  });
});

describe('no fresh plan', () => {
  test('is made without a wish for one, or twice', async () => {
    const { say, run } = await asked();
    expect(await run()).toBe('nothing_asked');
    await say('replan', 'ben');
    expect(await run()).toBe('replaced');
    expect(await run()).toBe('nothing_asked');
  });
  test.each(['target', 'alarm'])('can be made when the %s needs nothing: the request ends', async (what) => {
    const { bench, now, say, run } = await asked();
    await say('replan', 'ben');
    if (what === 'target') bench.outside.live.delete(WEB);
    else bench.outside.alarms.set('web-latency', liveAlarm({ state: 'OK' }));
    expect(await run()).toBe('cancelled');
    expect(await now()).toMatchObject({ status: 'cancelled', approval: { callback: { due: true } } });
  });
  test('leaves people the plan that they know', async () => {
    const { bench, now, say, run } = await asked(alarmBody(), { approval: { expires: '2h' } });
    const before = (await now()).planHash;
    await say('replan', 'ben');
    bench.outside.live.set(WEB, liveGroup({ desired: 10 }));
    expect(await run()).toBe('kept');
    expect((await now()).planHash).toBe(before);
    expect(await say('approve', 'ana')).toMatchObject({ ok: true, status: 'approved' });
  });
  test('is taken that nobody could then approve', async () => {
    const { bench, now, say, run } = await asked();
    const before = (await now()).planHash;
    await say('replan', 'ben');
    expect(await run(peopleOf(bench, { approvers: ['ben'] }))).toBe('kept');
    expect((await now()).planHash).toBe(before);
  });
});

describe('a fresh plan that another write gets ahead of', () => {
  /** Half of the time passes and the request escalates, right before the replanner writes what it has made. */
  const escalating = ({ bench, now }: Awaited<ReturnType<typeof asked>>) => {
    const first = async () => {
      const why = { actor: 'reaper', reason: 'HALF_OF_THE_TIME', at: bench.clock.now() };
      await bench.approvals.escalate(await now(), why);
    };
    return {
      approvals: {
        ...bench.approvals,
        replan: async (...args: Parameters<typeof bench.approvals.replan>) => {
          await first();
          return bench.approvals.replan(...args);
        },
        keepPlan: async (...args: Parameters<typeof bench.approvals.keepPlan>) => {
          await first();
          return bench.approvals.keepPlan(...args);
        },
      },
      contracts: {
        ...bench.contracts,
        end: async (...args: Parameters<typeof bench.contracts.end>) => {
          await first();
          return bench.contracts.end(...args);
        },
      },
    };
  };
  test.each([
    ['replaced', () => liveGroup({ desired: 5 })],
    ['kept', () => liveGroup({ desired: 10 })],
    ['cancelled', () => undefined],
  ])('is not forgotten: the next delivery of its event ends %s', async (outcome, live) => {
    const request = await asked(alarmBody(), { approval: { expires: '2h' } });
    await request.say('replan', 'ben');
    const found = live();
    if (found === undefined) request.bench.outside.live.delete(WEB);
    else request.bench.outside.live.set(WEB, found);
    await expect(request.run(escalating(request))).rejects.toThrow(OvertakenError);
    expect(await request.run()).toBe(outcome);
  });
  test('is not owed any more when somebody denied meanwhile', async () => {
    const request = await asked();
    await request.say('replan', 'ben');
    const { approvals } = request.bench;
    const denied = {
      ...approvals,
      replan: async (...args: Parameters<typeof approvals.replan>) => {
        await request.say('deny', 'ana');
        return approvals.replan(...args);
      },
    };
    expect(await request.run({ approvals: denied })).toBe('nothing_asked');
  });
  test('excludes everybody who asked for it, and whose voice they asked with', async () => {
    const { bench, now, say, run } = await asked();
    const why = { actor: 'cleo', reason: 'away', at: START };
    await bench.delegations.give({ delegator: 'cleo', delegate: 'ana', until: START + HOUR }, why);
    await say('replan', 'ben');
    await say('replan', 'ana');
    await run(peopleOf(bench, { approvers: ['ana', 'ben', 'cleo', 'dan'] }));
    const { excluded, eligible } = (await now()).approval;
    expect([...excluded]).toEqual(expect.arrayContaining(['ana', 'ben']));
    expect(eligible).toEqual(['cleo', 'dan']);
  });
});
