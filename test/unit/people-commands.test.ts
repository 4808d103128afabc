import { decide } from '../../functions/decide/decide';
import { participationOf } from '../../shared/domain/approval';
import { lockKey } from '../../shared/domain/keys';
import { targetKey } from '../../shared/domain/target';
import { buildRebootPlan, START } from '../support/builders/plan';
import { type LogicBench, logicBench, peopleOf } from '../support/logic-bench';

const HOUR = 3_600_000;
const NAMED = {
  approvers: ['ana', 'ben', 'cleo'],
  administrators: ['root'],
  emergency: ['eva', 'mallory'],
  escalation: ['boss'],
  delegates: ['dora'],
};

/** An open request that ana, ben and cleo may decide, and people who command. */
async function asked(changes: Parameters<typeof buildRebootPlan>[0] = {}) {
  const plain = logicBench();
  const bench: LogicBench = { ...plain, ...peopleOf(plain, NAMED) };
  const contract = await bench.awaiting(buildRebootPlan({ quorum: 2, tier: 3, ...changes }));
  const give = (who: string, command: Record<string, unknown>) =>
    decide({ reason: 'because', ...command, proof: { token: who } }, bench);
  const say = (decision: string, who: string, more: Record<string, unknown> = {}) =>
    give(who, { decision, contractId: 'C1', planHash: contract.planHash, ...more });
  const now = async () => {
    const stands = await bench.contracts.get('C1');
    if (stands?.approval === undefined) throw new Error('no request');
    return { ...stands, approval: stands.approval };
  };
  const delegate = (from: string, to: string, until = START + HOUR) =>
    give(from, { decision: 'delegate', to, until });
  return { bench, contract, give, say, now, delegate };
}

describe('withdrawing', () => {
  test('takes one’s own agreement back, so that it does not count any more', async () => {
    const { say, now } = await asked();
    await say('approve', 'ana');
    expect(await say('withdraw', 'ana')).toMatchObject({ ok: true, approvals: 0 });
    expect((await now()).approval.votes).toEqual({});
    expect(await say('approve', 'ben')).toMatchObject({ status: 'awaiting_approval', approvals: 1 });
    expect(await say('approve', 'ana')).toMatchObject({ status: 'approved', approvals: 2 });
  });
  test('is refused without a vote, when it is closed, and to whoever is not asked', async () => {
    const { say } = await asked();
    expect(await say('withdraw', 'ana')).toMatchObject({ code: 'NO_VOTE' });
    expect(await say('withdraw', 'nobody')).toMatchObject({ code: 'NOT_FOUND' });
    await say('approve', 'ana');
    await say('approve', 'ben');
    expect(await say('withdraw', 'ana')).toMatchObject({ code: 'CLOSED' });
  });
  test('and the last vote at once do not both succeed', async () => {
    const { say, now } = await asked();
    await say('approve', 'ana');
    const [taken] = await Promise.all([say('withdraw', 'ana'), say('approve', 'ben')]);
    const { status, approval } = await now();
    expect(status).toBe(taken.ok ? 'awaiting_approval' : 'approved');
    expect(Object.keys(approval.votes)).toHaveLength(taken.ok ? 1 : 2);
  });
});

describe('calling off', () => {
  test('is for whoever asked and for administrators, also after approval', async () => {
    for (const who of ['root', 'rita']) {
      const { say, now } = await asked({ requestedBy: ['rita'] });
      expect(await say('cancel', 'ana')).toMatchObject({ code: 'NOT_FOUND' });
      await say('approve', 'ana');
      await say('approve', 'ben');
      expect(await say('cancel', who)).toMatchObject({ ok: true, status: 'cancelled' });
      expect((await now()).approval.callback).toEqual({ due: true });
      expect(await say('cancel', who)).toMatchObject({ code: 'CLOSED' });
    }
  });
  test('shuts the gate', async () => {
    const { bench, say, now } = await asked();
    await say('approve', 'ana');
    await say('approve', 'ben');
    const approved = await now();
    const input = await bench.gateInput(approved, await bench.locked(approved));
    await say('cancel', 'root');
    expect(await bench.ledger.gate(input)).toMatchObject({ ok: false, code: 'NOT_APPROVED' });
  });
});

describe('asking for a fresh plan', () => {
  test('clears the votes at once, and nobody can vote until it is there', async () => {
    const { say, now } = await asked();
    await say('approve', 'ana');
    expect(await say('replan', 'ben')).toMatchObject({ ok: true, approvals: 0 });
    expect((await now()).approval).toMatchObject({ votes: {}, replanSince: START });
    expect(await say('approve', 'ana')).toMatchObject({ code: 'REPLANNING' });
    expect(await say('deny', 'ana')).toMatchObject({ ok: true, status: 'denied' });
  });
});

describe('a delegate', () => {
  test('speaks for one who is asked, with one voice for both', async () => {
    const { say, now, delegate } = await asked();
    expect(await say('approve', 'dora')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await delegate('ana', 'dora')).toMatchObject({ ok: true, delegate: 'dora' });
    expect(await say('approve', 'dora')).toMatchObject({ ok: true, approvals: 1 });
    expect((await now()).approval.votes).toMatchObject({ ana: { by: 'dora' } });
    expect(await say('approve', 'ana')).toMatchObject({ code: 'ALREADY_VOTED' });
    expect(await say('approve', 'dora')).toMatchObject({ code: 'ALREADY_VOTED' });
    expect(await say('approve', 'ben')).toMatchObject({ status: 'approved' });
  });
  test('who is asked as well is the same voice as who delegates', async () => {
    const { say, delegate } = await asked();
    await delegate('ana', 'ben');
    await say('approve', 'ben');
    expect(await say('approve', 'ana')).toMatchObject({ code: 'SAME_VOICE' });
    expect(await say('approve', 'cleo')).toMatchObject({ status: 'approved' });
  });
  test('of several has one vote', async () => {
    const { say, delegate } = await asked();
    await delegate('ana', 'dora');
    await delegate('ben', 'dora');
    await say('approve', 'dora');
    expect(await say('approve', 'dora')).toMatchObject({ code: 'ALREADY_VOTED' });
  });
  test('of a delegate has no power', async () => {
    const { say, give, delegate } = await asked();
    await delegate('ana', 'dora');
    expect(await give('dora', { decision: 'delegate', to: 'root', until: START + HOUR })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await delegate('boss', 'root');
    expect(await say('approve', 'root')).toMatchObject({ code: 'NOT_FOUND' });
  });
  test.each([
    [-1, { ok: true }],
    [0, { code: 'NOT_FOUND' }],
    [1, { code: 'NOT_FOUND' }],
  ])('%d ms from the end of the delegation: %o', async (offset, answer) => {
    const { bench, say, delegate } = await asked();
    await delegate('ana', 'dora', START + HOUR / 2);
    bench.clock.set(START + HOUR / 2 + offset);
    expect(await say('approve', 'dora')).toMatchObject(answer);
  });
  test('whose delegation ends between look and write does not vote: it is a condition of the write', async () => {
    const { bench, contract, delegate } = await asked();
    await delegate('ana', 'dora', START + HOUR / 2);
    const vote = { subject: 'ana', by: 'dora', decision: 'approve' as const, planHash: contract.planHash };
    const why = { actor: 'dora', reason: 'x', at: START + HOUR / 2 };
    expect((await bench.contracts.vote(contract, vote, undefined, why)).ok).toBe(false);
  });
  test('is nobody any more once the delegation is revoked, or its giver is no approver', async () => {
    const { bench, say, give, delegate } = await asked();
    await delegate('ana', 'dora');
    await give('ana', { decision: 'revoke' });
    expect(await say('approve', 'dora')).toMatchObject({ code: 'NOT_FOUND' });
    await delegate('ana', 'dora');
    const left = { ...bench, ...peopleOf(bench, { ...NAMED, approvers: ['ben', 'cleo'] }) };
    const planHash = (await bench.contracts.get('C1'))?.planHash;
    const vote = { decision: 'approve', contractId: 'C1', planHash, reason: 'x', proof: { token: 'dora' } };
    expect(await decide(vote, left)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('of somebody excluded is excluded too, whatever they are themselves', async () => {
    const { say, delegate } = await asked();
    // mallory is excluded by the request.
    await delegate('ana', 'dora');
    const { bench } = await asked();
    await bench.delegations.give(
      { delegator: 'mallory', delegate: 'ben', until: START + HOUR },
      { actor: 'mallory', reason: 'x', at: START },
    );
    const planHash = (await bench.contracts.get('C1'))?.planHash;
    const vote = { decision: 'approve', contractId: 'C1', planHash, reason: 'x', proof: { token: 'ben' } };
    expect(await decide(vote, bench)).toMatchObject({ code: 'EXCLUDED' });
    expect(await say('approve', 'dora')).toMatchObject({ ok: true });
  });
  test.each([
    ['oneself', 'ana', START + HOUR, 'BAD_DELEGATE'],
    ['a stranger', 'stranger', START + HOUR, 'BAD_DELEGATE'],
    ['the past', 'dora', START, 'BAD_UNTIL'],
    ['too far ahead', 'dora', START + 24 * HOUR + 1, 'BAD_UNTIL'],
  ])('cannot be %s', async (_what, to, until, code) => {
    const { delegate } = await asked();
    expect(await delegate('ana', to, until)).toMatchObject({ ok: false, code });
  });
});

describe('breaking the glass', () => {
  test('is one person’s agreement, told to the execution, and opens a review', async () => {
    const { bench, say, now } = await asked();
    expect(await say('break_glass', 'eva', { reason: 'shop is down' })).toMatchObject({
      ok: true,
      status: 'approved',
    });
    const contract = await now();
    expect(contract.approval).toMatchObject({ brokenBy: 'eva', callback: { due: true } });
    expect(participationOf(contract)).toMatchObject({ outcome: 'broken_glass', approvals: 1, quorum: 2 });
    expect(await bench.reviews.open(10)).toMatchObject([
      { contractId: 'C1', openedBy: 'eva', reason: 'shop is down' },
    ]);
  });
  test('is nothing that approvers, or people unknown, can do', async () => {
    const { say } = await asked();
    for (const who of ['ana', 'root', 'stranger'])
      expect(await say('break_glass', who)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('is not for whoever is party to the plan', async () => {
    const { say } = await asked();
    expect(await say('break_glass', 'mallory')).toMatchObject({ code: 'EXCLUDED' });
  });
  test.each([
    [undefined, 'NOT_FRESH'],
    [START - 300_001, 'NOT_FRESH'],
    [START - 300_000, undefined],
    // An issuer's clock may be a minute ahead.
    [START + 60_000, undefined],
    [START + 60_001, 'NOT_FRESH'],
  ])('with a sign-in at %s is %s', async (authenticatedAt, code) => {
    const { bench, contract } = await asked();
    const callers = {
      identify: async () => ({
        subject: 'eva',
        roles: [],
        ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
      }),
    };
    const { planHash } = contract;
    const command = {
      decision: 'break_glass',
      contractId: 'C1',
      planHash,
      reason: 'x',
      proof: { token: 't' },
    };
    const output = await decide(command, { ...bench, callers });
    expect(output.ok ? undefined : output.code).toBe(code);
  });
  test('happens once a day and person', async () => {
    const { bench, say, give } = await asked();
    await say('break_glass', 'eva');
    const second = await bench.awaiting(
      buildRebootPlan({ contractId: 'C2', expiresAt: START + 48 * HOUR, targets: [other()] }),
    );
    const again = () => give('eva', { decision: 'break_glass', contractId: 'C2', planHash: second.planHash });
    bench.clock.set(START + 24 * HOUR - 1);
    expect(await again()).toMatchObject({ code: 'TOO_SOON' });
    expect((await bench.contracts.get('C2'))?.status).toBe('awaiting_approval');
    expect(await bench.reviews.get('C2')).toBeUndefined();
    bench.clock.set(START + 24 * HOUR);
    expect(await again()).toMatchObject({ ok: true });
  });
  test('is looked at by somebody else, and then off the list', async () => {
    const { bench, say, give } = await asked();
    await say('break_glass', 'eva');
    const review = (who: string) => give(who, { decision: 'review', contractId: 'C1', reason: 'was right' });
    expect(await review('eva')).toMatchObject({ ok: false });
    expect(await review('dora')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await review('ana')).toMatchObject({ ok: true, closedBy: 'ana' });
    expect(await bench.reviews.open(10)).toEqual([]);
    expect(await review('ben')).toMatchObject({ code: 'CLOSED' });
  });
  test('is refused where a policy forbids it, with its id', async () => {
    const { bench, contract } = await asked();
    const policies = {
      decide: async () => ({
        allowed: false as const,
        code: 'CONSTITUTION' as const,
        policies: ['production-by-quorum'],
        detail: 'an emergency does not replace a quorum',
      }),
    };
    const { planHash } = contract;
    const command = {
      decision: 'break_glass',
      contractId: 'C1',
      planHash,
      reason: 'x',
      proof: { token: 'eva' },
    };
    expect(await decide(command, { ...bench, policies })).toMatchObject({
      code: 'CONSTITUTION',
      message: expect.stringContaining('production-by-quorum'),
    });
  });
});

describe('letting go of what was frozen', () => {
  test('is for operators and administrators, and for what this very contract froze', async () => {
    const { bench, contract, give } = await asked();
    const release = (who: string) => give(who, { decision: 'release', contractId: 'C1' });
    const [key] = (await bench.contracts.plan('C1')).plan.targets.map(targetKey);
    const frozenBy = (contractId: string) =>
      bench.table.write([
        {
          kind: 'put',
          item: {
            ...lockKey(key as string),
            fence: 3,
            leaseUntil: 0,
            cooldownUntil: 0,
            frozenBy: contractId,
          },
        },
      ]);
    await frozenBy('C2');
    expect(await release('root')).toMatchObject({ code: 'NOT_FROZEN' });
    await frozenBy(contract.contractId);
    for (const who of ['ana', 'eva', 'dora', 'nobody']) {
      expect([who, await release(who)]).toMatchObject([who, { code: 'NOT_FOUND' }]);
    }
    expect((await bench.reservations.lock(key as string))?.frozenBy).toBe('C1');
    expect(await release('root')).toEqual({ ok: true, contractId: 'C1', released: [key] });
    expect((await bench.reservations.lock(key as string))?.frozenBy).toBeUndefined();
    expect(await release('root')).toMatchObject({ code: 'NOT_FROZEN' });
  });
  test('of a target that is named needs no plan, and lets go of that one only', async () => {
    const { bench, give } = await asked();
    const freeze = (key: string) =>
      bench.table.write([
        {
          kind: 'put',
          item: { ...lockKey(key), fence: 3, leaseUntil: 0, cooldownUntil: 0, frozenBy: 'C7' },
        },
      ]);
    await freeze('a');
    await freeze('b');
    const release = (target?: string) => give('root', { decision: 'release', contractId: 'C7', target });
    expect(await release()).toMatchObject({ code: 'NOT_FOUND' });
    expect(await release('a')).toEqual({ ok: true, contractId: 'C7', released: ['a'] });
    expect(await release('a')).toMatchObject({ code: 'NOT_FROZEN' });
    expect((await bench.reservations.lock('b'))?.frozenBy).toBe('C7');
  });
});

const other = () => ({
  kind: 'rds:instance' as const,
  region: 'us-east-1',
  account: '123456789012',
  id: 'other-db',
});

describe('bad input', () => {
  test.each([
    ['a decision with a space', { decision: 'approve ' }, 'UNKNOWN_DECISION'],
    ['a decision in capitals with a NUL', { decision: 'APPROVE\u0000' }, 'UNKNOWN_DECISION'],
    ['no decision', { decision: undefined }, 'UNKNOWN_DECISION'],
    ['a megabyte of reason', { reason: 'x'.repeat(1_048_576) }, 'BAD_REASON'],
    ['no reason', { reason: '' }, 'BAD_REASON'],
    ['a reason of spaces', { reason: '   ' }, 'BAD_REASON'],
    ['a reason with an escape character', { reason: 'fine\u001b[2J' }, 'BAD_REASON'],
    ['half of a character', { reason: 'fine \ud800' }, 'BAD_REASON'],
    ['a hash that is none', { planHash: 'abc' }, 'BAD_PLAN_HASH'],
    ['another plan', { planHash: '0'.repeat(64) }, 'PLAN_CHANGED'],
    ['an id that walks', { contractId: '../C1' }, 'BAD_CONTRACT_ID'],
    ['an unknown id', { contractId: 'C9' }, 'NOT_FOUND'],
    ['a field more', { votes: {} }, 'BAD_COMMAND'],
    ['a proof of nothing', { proof: {} }, 'BAD_PROOF'],
    ['no proof', { proof: undefined }, 'UNAUTHENTICATED'],
  ])('%s has its own code and no effect', async (_what, changes, code) => {
    const { bench, contract } = await asked({ quorum: 1 });
    const { planHash } = contract;
    const command = { decision: 'approve', contractId: 'C1', planHash, reason: 'x', proof: { token: 'ana' } };
    expect(await decide({ ...command, ...changes }, bench)).toMatchObject({ ok: false, code });
    expect((await bench.contracts.get('C1'))?.rev).toBe(contract.rev);
  });
  test.each([undefined, null, 'approve', ['approve'], 7])('%p is no command', async (input) => {
    const { bench } = await asked();
    expect(await decide(input, bench)).toMatchObject({ code: 'BAD_COMMAND' });
  });
  test('is answered alike whether the contract does not exist or is none of one’s business', async () => {
    const { say } = await asked();
    const text = (output: unknown) => JSON.stringify(output).replaceAll('C9', 'C1');
    expect(text(await say('approve', 'dora', { contractId: 'C9' }))).toBe(text(await say('approve', 'dora')));
  });
});
