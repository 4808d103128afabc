import { decide } from '../../functions/decide/decide';
import type { DecideOutput } from '../../shared/contracts/decision';
import { lockKey } from '../../shared/domain/keys';
import type { Person } from '../../shared/domain/person';
import { type Target, targetKey } from '../../shared/domain/target';
import type { Table } from '../../shared/ports/table';
import { delegationStore } from '../../shared/stores/delegation-store';
import { buildRebootPlan, START } from '../support/builders/plan';
import { type LogicBench, logicBench, peopleOf } from '../support/logic-bench';
import { why } from '../support/stores-bench';

const HOUR = 3_600_000;
const NAMED = {
  approvers: ['ana', 'ben', 'cleo'],
  administrators: ['root'],
  emergency: ['eva'],
  escalation: ['boss'],
  delegates: ['dora', 'mallory'],
};

/** A request of two of ana, ben and cleo that expires in an hour; mallory is party to it. */
async function request() {
  const plain = logicBench();
  const bench: LogicBench = { ...plain, ...peopleOf(plain, NAMED) };
  const contract = await bench.awaiting(buildRebootPlan({ quorum: 2, tier: 3 }));
  const give = (who: string, command: object, deps: LogicBench = bench): Promise<DecideOutput> =>
    decide({ reason: 'because', ...command, proof: { token: who } }, deps);
  const say = (decision: string, who: string, deps?: LogicBench) =>
    give(who, { decision, contractId: 'C1', planHash: contract.planHash }, deps);
  const speaksFor = async (delegator: string, delegate: string, until = START + HOUR) => {
    const given = await bench.delegations.give({ delegator, delegate, until }, why('away', START, delegator));
    if (given === undefined) throw new Error('not given');
  };
  const stands = async () => {
    const now = await bench.contracts.get('C1');
    if (now?.approval === undefined) throw new Error('no request');
    return now.approval;
  };
  /** The same, but that the clock goes on while somebody is looked up. */
  const slow = (until: number): LogicBench => ({
    ...bench,
    directory: {
      ...bench.directory,
      person: async (subject: string): Promise<Person | undefined> => {
        bench.clock.set(until);
        return bench.directory.person(subject);
      },
    },
  });
  return { bench, contract, give, say, speaksFor, stands, slow };
}

describe('the voice of a delegate of whoever is party to the plan', () => {
  test('is not heard through a delegate of theirs either', async () => {
    const { say, speaksFor, stands } = await request();
    await speaksFor('mallory', 'ana');
    await speaksFor('ana', 'dora');
    expect(await say('approve', 'ana')).toMatchObject({ code: 'EXCLUDED' });
    expect(await say('approve', 'dora')).toMatchObject({ code: 'EXCLUDED' });
    expect(await say('deny', 'dora')).toMatchObject({ code: 'EXCLUDED' });
    expect((await stands()).votes).toEqual({});
  });
});

describe('whoever asks for a fresh plan', () => {
  test('is remembered, also when somebody else asks after them', async () => {
    const { say, stands } = await request();
    await say('replan', 'ana');
    await say('replan', 'ben');
    await say('replan', 'ana');
    expect((await stands()).replanBy).toEqual(['ana', 'ben']);
  });
  test('through a delegate asks too: it is their voice', async () => {
    const { say, speaksFor, stands } = await request();
    await speaksFor('ana', 'dora');
    await say('replan', 'dora');
    expect((await stands()).replanBy).toEqual(['ana', 'dora']);
  });
});

describe('breaking the glass', () => {
  test('while a fresh plan is being made is told so', async () => {
    const { say } = await request();
    await say('replan', 'ben');
    expect(await say('break_glass', 'eva')).toMatchObject({ code: 'REPLANNING' });
  });
});

describe('one voice, used by both at once', () => {
  test.each(['approve', 'deny'])('is told to have been heard to one of them: %s', async (decision) => {
    const { say, speaksFor, stands } = await request();
    await speaksFor('ana', 'dora');
    const answers = await Promise.all([say(decision, 'ana'), say(decision, 'dora')]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const [vote] = Object.values((await stands()).votes);
    expect(vote?.by).toBe(answers[0]?.ok ? undefined : 'dora');
  });
});

describe('revoking', () => {
  test('that a new delegation gets ahead of is not told that there is none', async () => {
    const { bench, give, speaksFor } = await request();
    await speaksFor('ana', 'dora');
    const overtaken: Table = {
      ...bench.table,
      async write(writes, token) {
        await speaksFor('ana', 'root');
        return bench.table.write(writes, token);
      },
    };
    const deps = { ...bench, delegations: delegationStore(overtaken) };
    expect(await give('ana', { decision: 'revoke' }, deps)).toMatchObject({ code: 'BUSY' });
    expect(await give('ana', { decision: 'revoke' })).toMatchObject({ ok: true, delegate: 'root' });
    expect(await give('ana', { decision: 'revoke' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what takes long to look up', () => {
  test.each([
    ['approve', 'ana', 'EXPIRED'],
    ['deny', 'ana', 'EXPIRED'],
    ['break_glass', 'eva', 'EXPIRED'],
    ['replan', 'ana', 'EXPIRED'],
  ])('does not let somebody %s who is overtaken by the expiry', async (decision, who, code) => {
    const { say, slow, bench } = await request();
    bench.clock.set(START + HOUR - 1);
    expect(await say(decision, who, slow(START + HOUR))).toMatchObject({ ok: false, code });
    expect((await bench.contracts.get('C1'))?.status).toBe('awaiting_approval');
  });
  test('does not let a sign-in grow old meanwhile', async () => {
    const { say, slow } = await request();
    expect(await say('break_glass', 'eva', slow(START + 300_001))).toMatchObject({ code: 'NOT_FRESH' });
    expect(await say('break_glass', 'eva')).toMatchObject({ ok: true });
  });
  test.each(['approve', 'deny', 'replan'])(
    'does not let a delegate %s whose time ends meanwhile',
    async (decision) => {
      const { say, slow, speaksFor, stands } = await request();
      await speaksFor('ana', 'dora', START + HOUR / 2);
      expect(await say(decision, 'dora', slow(START + HOUR / 2))).toMatchObject({ code: 'NOT_FOUND' });
      expect((await stands()).votes).toEqual({});
    },
  );
});

describe('a frozen target', () => {
  test('is not let go for one contract when another has frozen it meanwhile', async () => {
    const { bench, give } = await request();
    const [target] = (await bench.contracts.plan('C1')).plan.targets;
    const key = targetKey(target as Target);
    const freeze = (frozenBy: string) =>
      bench.table.write([
        { kind: 'put', item: { ...lockKey(key), fence: 3, leaseUntil: 0, cooldownUntil: 0, frozenBy } },
      ]);
    await freeze('C1');
    const reservations = {
      ...bench.reservations,
      // Somebody releases it, and another contract freezes it, right before the write.
      unfreeze: async (...args: Parameters<typeof bench.reservations.unfreeze>) => {
        await freeze('C2');
        return bench.reservations.unfreeze(...args);
      },
    };
    const release = { decision: 'release', contractId: 'C1' };
    expect(await give('root', release, { ...bench, reservations })).toMatchObject({ code: 'NOT_FROZEN' });
    expect((await bench.reservations.lock(key))?.frozenBy).toBe('C2');
  });
});
