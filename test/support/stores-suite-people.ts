import { endParts } from '../../shared/domain/end-parts';
import { planText, planTextHash } from '../../shared/domain/plan-hash';
import { buildRebootPlan, database, START } from './builders/plan';
import { repeatingTable } from './lost-answers';
import { type Fresh, moved, type StoresBench, storesBench, why } from './stores-bench';

const HOUR = 3_600_000;
const TIER_3 = { quorum: 2, tier: 3 } as const;

async function agreed(bench: StoresBench, who = 'ana') {
  const contract = await bench.awaiting(buildRebootPlan(TIER_3));
  const vote = { subject: who, decision: 'approve' as const, planHash: contract.planHash };
  return moved(await bench.contracts.vote(contract, vote, undefined, why('fine', START, who)));
}

function freshPlan(expiresAt: number) {
  const plan = buildRebootPlan({ ...TIER_3, expiresAt });
  const text = planText(plan);
  const electorate = { eligible: ['ana', 'cleo'], escalation: ['boss'], excluded: new Set(['ben']) };
  return { plan, text, planHash: planTextHash(text), electorate };
}

/** What people do beside voting: each is one write, which the items themselves admit or refuse. */
export function describePeople(fresh: Fresh): void {
  describe('a vote', () => {
    test('is not taken for that of somebody whose long name begins alike', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan(TIER_3));
      const [ana, ben] = [`${'x'.repeat(240)}/ana`, `${'x'.repeat(240)}/ben`];
      const vote = (subject: string) =>
        bench.contracts.vote(
          contract,
          { subject, decision: 'approve', planHash: contract.planHash },
          undefined,
          why('x', START, subject),
        );
      expect((await vote(ana)).ok).toBe(true);
      expect((await vote(ben)).ok).toBe(false);
      expect(Object.keys((await bench.contracts.get('C1'))?.approval?.votes ?? {})).toEqual([ana]);
    });
  });

  describe('withdrawing a vote', () => {
    test('takes it away, and is refused where there is none', async () => {
      const { bench } = fresh();
      const contract = await agreed(bench);
      expect((await bench.approvals.withdraw(contract, 'ben', why('x'))).ok).toBe(false);
      const withdrawn = moved(await bench.approvals.withdraw(contract, 'ana', why('x', START, 'ana')));
      expect(withdrawn).toMatchObject({ approval: { votes: {} }, change: { event: 'approval.withdrawn' } });
      expect((await bench.approvals.withdraw(withdrawn, 'ana', why('x', START, 'ana'))).ok).toBe(false);
    });
  });

  describe('breaking the glass', () => {
    test('approves, opens a review and counts the day, all or nothing', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan(TIER_3));
      const broken = await bench.approvals.breakGlass(contract, contract.planHash, why('down', START, 'eva'));
      expect(broken).toMatchObject({
        ok: true,
        contract: { status: 'approved', approval: { brokenBy: 'eva' } },
      });
      expect(await bench.reviews.get('C1')).toMatchObject({ status: 'open', openedBy: 'eva' });
      const other = await bench.awaiting(
        buildRebootPlan({ contractId: 'C2', targets: [database('other')], expiresAt: START + 48 * HOUR }),
      );
      const again = (at: number) => bench.approvals.breakGlass(other, other.planHash, why('down', at, 'eva'));
      expect(await again(START + 24 * HOUR - 1)).toEqual({ ok: false, code: 'too_soon' });
      expect(await bench.reviews.get('C2')).toBeUndefined();
      expect((await bench.contracts.get('C2'))?.status).toBe('awaiting_approval');
      expect((await again(START + 24 * HOUR)).ok).toBe(true);
    });

    test.each([
      ['of one who is excluded', { actor: 'mallory' }, undefined],
      ['at the moment of expiry', { at: START + HOUR }, undefined],
      ['on another plan', {}, '0'.repeat(64)],
    ])('%s is refused and leaves nothing', async (_what, changes, planHash) => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan(TIER_3));
      const reason = { ...why('down', START, 'eva'), ...changes };
      const broken = await bench.approvals.breakGlass(contract, planHash ?? contract.planHash, reason);
      expect(broken.ok).toBe(false);
      expect(await bench.reviews.open(10)).toEqual([]);
    });

    test('whose answer was lost is known as one’s own', async () => {
      const { bench, table } = fresh();
      const contract = await bench.awaiting(buildRebootPlan(TIER_3));
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      const remote = storesBench(repeating);
      const broken = await remote.approvals.breakGlass(contract, contract.planHash, why('x', START, 'eva'));
      expect(broken).toMatchObject({ ok: true, contract: { status: 'approved' } });
    });
  });

  describe('escalation', () => {
    test('makes those named for it eligible, once', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const approval = {
        ...(contract.approval as NonNullable<typeof contract.approval>),
        escalation: ['boss'],
      };
      const named = moved(await bench.contracts.amend(contract, 'x', why('x'), { approval }));
      const escalated = moved(await bench.approvals.escalate(named, why('HALF', START + HOUR / 2)));
      expect(escalated.approval).toMatchObject({
        eligible: ['ana', 'ben', 'cleo', 'boss'],
        escalatedAt: START + HOUR / 2,
      });
      expect(escalated.change.event).toBe('approval.escalated');
      expect((await bench.approvals.escalate(escalated, why('HALF', START + HOUR / 2))).ok).toBe(false);
    });
  });

  describe('a fresh plan', () => {
    test('is asked for once votes are cleared, and nobody votes meanwhile', async () => {
      const { bench } = fresh();
      const contract = await agreed(bench);
      const asked = moved(
        await bench.approvals.askReplan(contract, { subject: 'cleo' }, why('x', START, 'cleo')),
      );
      expect(asked.approval).toMatchObject({ votes: {}, replanSince: START, replanBy: ['cleo'] });
      const vote = { subject: 'ben', decision: 'approve' as const, planHash: contract.planHash };
      expect((await bench.contracts.vote(asked, vote, undefined, why('x', START, 'ben'))).ok).toBe(false);
    });

    test('takes the place of the old one, which is kept, and is refused where none was asked for', async () => {
      const { bench } = fresh();
      const contract = await agreed(bench);
      const next = freshPlan(START + 2 * HOUR);
      expect((await bench.approvals.replan(contract, next, why('x'))).ok).toBe(false);
      const asked = moved(
        await bench.approvals.askReplan(contract, { subject: 'cleo' }, why('x', START, 'cleo')),
      );
      const replaced = moved(await bench.approvals.replan(asked, next, why('REPLANNED')));
      expect(replaced).toMatchObject({
        planHash: next.planHash,
        approval: {
          planHash: next.planHash,
          expiresAt: START + 2 * HOUR,
          eligible: ['ana', 'cleo'],
          votes: {},
        },
      });
      expect([...(replaced.approval?.excluded ?? [])].sort()).toEqual(['ben', 'mallory', 'playbook:reboot']);
      expect((await bench.contracts.plan('C1')).hash).toBe(next.planHash);
      const story = (await bench.contracts.story('C1')).map(({ sk }) => sk);
      expect(story).toContain(`PLAN#${contract.planHash.slice(0, 16)}`);
      expect((await bench.approvals.replan(replaced, next, why('x'))).ok).toBe(false);
    });

    test('that cannot be made leaves the old one to vote on', async () => {
      const { bench } = fresh();
      const contract = await agreed(bench);
      const asked = moved(
        await bench.approvals.askReplan(contract, { subject: 'cleo' }, why('x', START, 'cleo')),
      );
      const kept = moved(await bench.approvals.keepPlan(asked, why('CAPACITY_OVER_MAX')));
      expect(kept.approval?.replanSince).toBeUndefined();
      const vote = { subject: 'ana', decision: 'approve' as const, planHash: contract.planHash };
      expect((await bench.contracts.vote(kept, vote, undefined, why('x', START, 'ana'))).ok).toBe(true);
    });
  });

  describe('a delegation', () => {
    const give = (bench: StoresBench, delegate: string, until = START + HOUR) =>
      bench.delegations.give({ delegator: 'ana', delegate, until }, why('away', START, 'ana'));

    test('is one a person: a new one takes the place of the old', async () => {
      const { bench } = fresh();
      expect(await give(bench, 'dora')).toMatchObject({ delegate: 'dora', rev: 1 });
      expect(await give(bench, 'emil')).toMatchObject({ delegate: 'emil', rev: 2 });
      expect(await bench.delegations.list(10)).toMatchObject([{ delegator: 'ana', delegate: 'emil' }]);
    });

    test('gives a no its power only while it holds: a condition of the write', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan(TIER_3));
      await give(bench, 'dora', START + 10);
      const { plan } = await bench.contracts.plan('C1');
      const deny = (at: number) =>
        bench.contracts.end(contract, 'denied', why('no', at, 'dora'), {
          ...endParts({ contract, plan, to: 'denied', reason: 'DENIED', lines: [], at }),
          closing: true,
          callbackDue: true,
          denial: { subject: 'ana', by: 'dora', planHash: contract.planHash },
        });
      expect((await deny(START + 10)).ok).toBe(false);
      expect((await bench.contracts.get('C1'))?.status).toBe('awaiting_approval');
      expect(await deny(START + 9)).toMatchObject({
        ok: true,
        contract: { status: 'denied', approval: { votes: { ana: { by: 'dora', decision: 'deny' } } } },
      });
    });

    test('whose giving or revoking is repeated, since its answer was lost, is known as one’s own', async () => {
      const { bench, table } = fresh();
      const repeating = repeatingTable(table);
      const remote = storesBench(repeating);
      repeating.loseAnswers(1);
      expect(await give(remote, 'dora')).toMatchObject({ delegate: 'dora', rev: 1 });
      repeating.loseAnswers(1);
      const revoked = await remote.delegations.revoke('ana', why('back', START + 1, 'ana'));
      expect(revoked).toMatchObject({ revokedAt: START + 1, rev: 2 });
      expect(await bench.delegations.of('ana')).toEqual(revoked);
    });

    test('is revoked once, and not after its end', async () => {
      const { bench } = fresh();
      expect(await bench.delegations.revoke('ana', why('x'))).toBeUndefined();
      await give(bench, 'dora');
      expect(await bench.delegations.revoke('ana', why('x', START + HOUR))).toBeUndefined();
      expect(await bench.delegations.revoke('ana', why('x', START + 1))).toMatchObject({
        revokedAt: START + 1,
      });
      expect(await bench.delegations.revoke('ana', why('x', START + 2))).toBeUndefined();
      expect(await give(bench, 'emil')).toMatchObject({ delegate: 'emil', rev: 3 });
      expect((await bench.delegations.of('ana'))?.revokedAt).toBeUndefined();
    });
  });

  describe('a review', () => {
    test('is closed by somebody else, once, and leaves the list', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan(TIER_3));
      await bench.approvals.breakGlass(contract, contract.planHash, why('down', START, 'eva'));
      expect(await bench.reviews.close('C1', why('all well', START, 'eva'))).toBeUndefined();
      expect(await bench.reviews.close('C1', why('all well', START, 'ana'))).toMatchObject({
        status: 'closed',
        closedBy: 'ana',
        finding: 'all well',
      });
      expect(await bench.reviews.close('C1', why('really', START, 'ben'))).toBeUndefined();
      expect(await bench.reviews.open(10)).toEqual([]);
    });
  });
}
