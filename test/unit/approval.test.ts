import { decide } from '../../functions/decide/decide';
import { openApproval, RequestRefusedError } from '../../functions/open-approval/open-approval';
import { relay } from '../../functions/relay/relay';
import type { RequestCommand } from '../../shared/contracts/decision';
import { identityBinding } from '../../shared/domain/caller';
import { buildRebootPlan, START } from '../support/builders/plan';
import { callbacksOf, type LogicBench, logicBench, peopleOf } from '../support/logic-bench';
import { moved } from '../support/stores-bench';

const open = (bench: LogicBench, taskToken = 'token-1') =>
  openApproval({ contractId: 'C1', taskToken }, bench);

async function requested(quorum = 1) {
  const bench = logicBench();
  const { planHash } = await bench.planned(buildRebootPlan(quorum === 1 ? {} : { quorum, tier: 3 }));
  await open(bench);
  const say = (decision: string, who: string, changes: Partial<RequestCommand> = {}) => {
    const command = { contractId: 'C1', decision, planHash, reason: 'because', ...changes };
    return decide({ ...command, proof: { token: who } }, bench);
  };
  return { bench, planHash, say };
}
const deliver = (bench: LogicBench, answers: Parameters<typeof callbacksOf>[1], isPastWait = false) =>
  relay({ contractId: 'C1' }, { ...bench, callbacks: callbacksOf(bench.outside, answers, isPastWait) });
const ACCEPTING = new Map([['token-1', 'accepted']] as const);

describe('a request', () => {
  test('is opened with who may decide, and its token is kept encrypted', async () => {
    const { bench, planHash } = await requested();
    expect(await bench.contracts.get('C1')).toMatchObject({
      status: 'awaiting_approval',
      approval: {
        planHash,
        eligible: ['ana', 'ben', 'cleo'],
        excluded: new Set(['playbook:reboot']),
        quorum: 1,
        expiresAt: START + 3_600_000,
        callback: { due: false },
      },
    });
    const [stored] = await bench.tokens.of('C1', 1);
    expect(stored?.ciphertext).not.toContain('token-1');
  });
  test('is opened once, and keeps the token of a wait that is tried again', async () => {
    const { bench } = await requested();
    bench.clock.set(START + 1000);
    await open(bench, 'token-2');
    expect((await bench.contracts.get('C1'))?.rev).toBe(2);
    expect(await bench.tokens.of('C1', 1)).toHaveLength(2);
  });
  test.each([[[]], [['ana']], [['ana', 'playbook:reboot']]])(
    'that %j could not meet is refused, and the wait ends',
    async (approvers) => {
      const bench = logicBench();
      await bench.planned(buildRebootPlan({ tier: 3, quorum: 2 }));
      const people = peopleOf(bench, { approvers });
      const opening = openApproval({ contractId: 'C1', taskToken: 't' }, { ...bench, ...people });
      await expect(opening).rejects.toThrow(RequestRefusedError);
      expect((await bench.outcomes.outcome('C1'))?.reason).toBe('NO_QUORUM_POSSIBLE');
    },
  );
  test('asks neither who asked for it nor who wrote its rule, nor their delegates', async () => {
    const bench = logicBench();
    await bench.planned(buildRebootPlan({ requestedBy: ['ana'], authors: ['ben'] }));
    const until = START + 3_600_000;
    const why = { actor: 'ben', reason: 'away', at: START };
    await bench.delegations.give({ delegator: 'ben', delegate: 'dan', until }, why);
    const people = peopleOf(bench, { approvers: ['ana', 'ben', 'cleo', 'dan'], escalation: ['ana', 'boss'] });
    await openApproval({ contractId: 'C1', taskToken: 't' }, { ...bench, ...people });
    expect((await bench.contracts.get('C1'))?.approval).toMatchObject({
      eligible: ['cleo'],
      escalation: ['boss'],
      excluded: new Set(['playbook:reboot', 'ana', 'ben', 'dan']),
    });
  });
  test('for a target that waits already is refused as JOINED', async () => {
    const { bench } = await requested();
    await bench.planned(buildRebootPlan({ contractId: 'C2' }));
    await expect(openApproval({ contractId: 'C2', taskToken: 't' }, bench)).rejects.toThrow('JOINED');
    expect((await bench.outcomes.outcome('C2'))?.status).toBe('refused');
  });
  test('of a contract that never asked is refused', async () => {
    const bench = logicBench();
    await bench.approved();
    await expect(open(bench)).rejects.toThrow('C1 is approved');
    await expect(openApproval({ contractId: 'C9', taskToken: 't' }, bench)).rejects.toThrow('no contract');
  });
  test('whose token comes after the decision is answered at once', async () => {
    const { bench, say } = await requested();
    await say('approve', 'ana');
    expect(await deliver(bench, ACCEPTING)).toBe('delivered');
    await open(bench, 'token-2');
    expect((await bench.contracts.get('C1'))?.approval?.callback).toEqual({ due: true });
    expect(await deliver(bench, new Map([['token-2', 'accepted']]))).toBe('delivered');
  });
});

describe('a decision', () => {
  test('approves with the last vote that the quorum needs', async () => {
    const { bench, say } = await requested(2);
    expect(await say('approve', 'ana')).toEqual({
      ok: true,
      status: 'awaiting_approval',
      approvals: 1,
      quorum: 2,
    });
    expect(await say('approve', 'ben')).toEqual({ ok: true, status: 'approved', approvals: 2, quorum: 2 });
    expect((await bench.contracts.get('C1'))?.approval?.callback.due).toBe(true);
  });
  test('denies with one vote, and vetoes what is approved', async () => {
    const first = await requested(2);
    expect(await first.say('deny', 'ana')).toMatchObject({ ok: true, status: 'denied' });
    const second = await requested();
    await second.say('approve', 'ana');
    expect(await second.say('deny', 'ben')).toMatchObject({ ok: true, status: 'denied' });
    expect(await second.say('deny', 'cleo')).toMatchObject({ ok: false, code: 'CLOSED' });
  });
  test('of three at once on a quorum of two ends approved, with each vote counted', async () => {
    const { bench, say } = await requested(2);
    const said = await Promise.all(['ana', 'ben', 'cleo'].map((who) => say('approve', who)));
    expect(said.filter(({ ok }) => ok)).toHaveLength(2);
    const contract = await bench.contracts.get('C1');
    expect(contract?.status).toBe('approved');
    expect(Object.keys(contract?.approval?.votes ?? {})).toHaveLength(2);
  });
  test.each([
    ['NOT_FOUND', 'dora', {}],
    ['NOT_FOUND', 'playbook:reboot', {}],
    ['NOT_FOUND', 'ana', { contractId: 'C9' }],
    ['PLAN_CHANGED', 'ana', { planHash: '0'.repeat(64) }],
  ])('%s is the answer to %s with %o', async (code, who, changes) => {
    const { say } = await requested();
    expect(await say('approve', who, changes)).toMatchObject({ ok: false, code });
  });
  test('is EXCLUDED for one who was taken out after the request was opened', async () => {
    const { bench, say } = await requested();
    const contract = (await bench.contracts.get('C1')) as NonNullable<
      Awaited<ReturnType<typeof bench.contracts.get>>
    >;
    const approval = contract.approval as NonNullable<typeof contract.approval>;
    moved(
      await bench.contracts.amend(
        contract,
        'x',
        { actor: 'x', reason: 'x', at: START },
        {
          approval: { ...approval, excluded: new Set([...approval.excluded, 'ana']) },
        },
      ),
    );
    expect(await say('approve', 'ana')).toMatchObject({ ok: false, code: 'EXCLUDED' });
  });
  test('comes once from each, in time', async () => {
    const { bench, say } = await requested(2);
    await say('approve', 'ana');
    expect(await say('approve', 'ana')).toMatchObject({ ok: false, code: 'ALREADY_VOTED' });
    bench.clock.set(START + 3_600_000);
    expect(await say('approve', 'ben')).toMatchObject({ ok: false, code: 'EXPIRED' });
    expect(await say('deny', 'ben')).toMatchObject({ ok: false, code: 'EXPIRED' });
  });
  test('that others always overtake is BUSY', async () => {
    const { bench, planHash } = await requested();
    const contracts = {
      ...bench.contracts,
      vote: async () => ({ ok: false as const, code: 'moved_on' as const, contract: undefined }),
    };
    const input = { contractId: 'C1', decision: 'approve', planHash, reason: 'x', proof: { token: 'ana' } };
    expect(await decide(input, { ...bench, contracts, tries: 3 })).toMatchObject({ ok: false, code: 'BUSY' });
  });
  test('that others overtake waits a moment before the next try, never longer than a quarter of a second', async () => {
    const { bench, planHash } = await requested();
    const waits: number[] = [];
    const contracts = {
      ...bench.contracts,
      vote: async () => ({ ok: false as const, code: 'moved_on' as const, contract: undefined }),
    };
    const clock = { ...bench.clock, sleep: async (ms: number) => void waits.push(ms) };
    const input = { contractId: 'C1', decision: 'approve', planHash, reason: 'x', proof: { token: 'ana' } };
    await decide(input, { ...bench, contracts, clock, random: () => 1, tries: 9 });
    expect(waits).toEqual([10, 20, 40, 80, 160, 250, 250, 250]);
    await decide(input, { ...bench, contracts, clock, random: () => 0.25, tries: 3 });
    expect(waits.slice(8)).toEqual([3, 5]);
  });
  test('is that of the principal whom STS names, for this very decision', async () => {
    const { bench, planHash } = await requested();
    const decision = { contractId: 'C1', decision: 'approve' as const, planHash, reason: 'x' };
    const callers = {
      identify: async (_proof: unknown, binding: string) =>
        binding === identityBinding(decision) ? { subject: 'ana', roles: [] } : undefined,
    };
    const proof = { headers: {} };
    const other = decide({ ...decision, reason: 'y', proof }, { ...bench, callers });
    expect(await other).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' });
    expect(await decide({ ...decision, proof }, { ...bench, callers })).toMatchObject({
      status: 'approved',
    });
  });
});

describe('the relay', () => {
  test('has nothing to do before a decision, twice, or for a contract that never asked', async () => {
    const { bench, say } = await requested();
    expect(await deliver(bench, ACCEPTING)).toBe('nothing_due');
    await say('approve', 'ana');
    expect(await deliver(bench, ACCEPTING)).toBe('delivered');
    expect(await deliver(bench, ACCEPTING)).toBe('nothing_due');
    expect(bench.outside.sent).toEqual([{ token: 'token-1', decision: 'approved' }]);
    expect(
      await relay({ contractId: 'C9' }, { ...bench, callbacks: callbacksOf(bench.outside, new Map()) }),
    ).toBe('nothing_due');
  });
  test('tells a denial, and takes the contract off the reaper’s list', async () => {
    const { bench, say } = await requested();
    await say('deny', 'ana');
    expect(await bench.contracts.open(10)).toEqual(['C1']);
    expect(await deliver(bench, ACCEPTING)).toBe('delivered');
    expect(bench.outside.sent).toMatchObject([{ decision: 'denied' }]);
    expect(await bench.contracts.open(10)).toEqual([]);
  });
  test('tries the generation’s other tokens', async () => {
    const { bench, say } = await requested();
    bench.clock.set(START + 1);
    await open(bench, 'token-2');
    await say('approve', 'ana');
    expect(
      await deliver(
        bench,
        new Map([
          ['token-2', 'timed_out'],
          ['token-1', 'accepted'],
        ]),
      ),
    ).toBe('delivered');
  });
  test('marks what has gone on by itself', async () => {
    const { bench, say } = await requested();
    await say('approve', 'ana');
    expect(await deliver(bench, new Map(), true)).toBe('past_wait');
    expect(await deliver(bench, ACCEPTING)).toBe('nothing_due');
  });
  test('throws while the execution waits and no token is taken, and tries again later', async () => {
    const { bench, say } = await requested();
    await say('approve', 'ana');
    await expect(deliver(bench, new Map())).rejects.toThrow('still waits');
    expect(await deliver(bench, ACCEPTING)).toBe('delivered');
  });
  test('waits for a token that has not come yet', async () => {
    const bench = logicBench();
    const { planHash } = await bench.awaiting();
    const command = { contractId: 'C1', decision: 'approve', planHash, reason: 'x' };
    await decide({ ...command, proof: { token: 'ana' } }, bench);
    expect(await deliver(bench, new Map())).toBe('no_token');
  });
});
