import { endParts } from '../../shared/domain/end-parts';
import { buildRebootPlan, database, START } from './builders/plan';
import { forgetfulTable, repeatingTable } from './lost-answers';
import { type Fresh, moved, type StoresBench, storesBench, why } from './stores-bench';

const approveBy = (subject: string, planHash: string) => ({
  subject,
  decision: 'approve' as const,
  planHash,
});

async function deny(bench: StoresBench, subject = 'ben') {
  const contract = await bench.contracts.get('C1');
  if (contract === undefined) throw new Error('no contract');
  const { plan } = await bench.contracts.plan('C1');
  const parts = endParts({ contract, plan, to: 'denied', reason: 'DENIED', lines: [], at: START });
  const denial = { subject, planHash: contract.planHash };
  return bench.contracts.end(contract, 'denied', why('no', START, subject), {
    ...parts,
    closing: true,
    callbackDue: true,
    denial,
  });
}

/** Votes and vetoes: one write each, which the item itself admits or refuses. */
export function describeVotes(fresh: Fresh): void {
  describe('a vote', () => {
    test('is written with the status that follows from it, and makes the callback due', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const ana = approveBy('ana', contract.planHash);
      const voted = moved(await bench.contracts.vote(contract, ana, 'approved', why('fine', START, 'ana')));
      expect(voted).toMatchObject({
        status: 'approved',
        change: { event: 'approval.granted', actor: 'ana' },
        approval: {
          callback: { due: true },
          votes: { ana: { decision: 'approve', reason: 'fine', planHash: contract.planHash } },
        },
      });
    });

    test.each([
      ['of one who is excluded', { subject: 'mallory' }],
      ['of the proposer', { subject: 'playbook:reboot' }],
      ['on another plan', { planHash: '0'.repeat(64) }],
    ])('%s is refused', async (_what, changes) => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const vote = { ...approveBy('ana', contract.planHash), ...changes };
      expect((await bench.contracts.vote(contract, vote, undefined, why('x'))).ok).toBe(false);
      expect((await bench.contracts.get('C1'))?.approval?.votes).toEqual({});
    });

    test('at the moment of expiry is refused', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const vote = approveBy('ana', contract.planHash);
      const late = why('x', contract.approval?.expiresAt);
      expect((await bench.contracts.vote(contract, vote, 'approved', late)).ok).toBe(false);
    });

    test('of the same person again is refused', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan({ quorum: 2, tier: 3 }));
      const vote = approveBy('ana', contract.planHash);
      const voted = moved(await bench.contracts.vote(contract, vote, undefined, why('x', START, 'ana')));
      const again = await bench.contracts.vote(voted, vote, 'approved', why('x', START + 1, 'ana'));
      expect(again.ok).toBe(false);
    });

    test('that others came before is refused, so that the votes are counted again', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting(buildRebootPlan({ quorum: 2, tier: 3 }));
      const { planHash } = contract;
      moved(
        await bench.contracts.vote(contract, approveBy('ana', planHash), undefined, why('x', START, 'ana')),
      );
      const ben = approveBy('ben', planHash);
      const stale = await bench.contracts.vote(contract, ben, undefined, why('x', START, 'ben'));
      expect(stale).toMatchObject({ ok: false, contract: { approval: { votes: { ana: {} } } } });
      const seen = await bench.contracts.get('C1');
      if (seen === undefined) throw new Error('no contract');
      expect(moved(await bench.contracts.vote(seen, ben, 'approved', why('x', START, 'ben'))).status).toBe(
        'approved',
      );
    });

    test('whose answer was lost is known as one’s own', async () => {
      const { bench, table } = fresh();
      const contract = await bench.awaiting();
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      const vote = approveBy('ana', contract.planHash);
      const voted = await storesBench(repeating).contracts.vote(contract, vote, 'approved', why('x'));
      expect(voted).toMatchObject({ ok: true, contract: { status: 'approved' } });
    });
  });

  describe('a deny', () => {
    test('closes the request and is told to the waiting execution', async () => {
      const { bench } = fresh();
      await bench.awaiting();
      expect(moved(await deny(bench))).toMatchObject({
        status: 'denied',
        endedAt: START,
        approval: { callback: { due: true }, votes: { ben: { decision: 'deny' } } },
      });
      expect(await bench.contracts.open(10)).toEqual(['C1']);
    });

    test('vetoes what was approved, and the gate stays shut', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const ana = approveBy('ana', contract.planHash);
      const approved = moved(await bench.contracts.vote(contract, ana, 'approved', why('x')));
      const input = await bench.gateInput(approved, await bench.locked(approved));
      expect((await deny(bench)).ok).toBe(true);
      expect(await bench.ledger.gate(input)).toMatchObject({ ok: false, code: 'NOT_APPROVED' });
    });

    test('comes too late once the gate was passed', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const ana = approveBy('ana', contract.planHash);
      const approved = moved(await bench.contracts.vote(contract, ana, 'approved', why('x')));
      expect(
        (await bench.ledger.gate(await bench.gateInput(approved, await bench.locked(approved)))).ok,
      ).toBe(true);
      expect(await deny(bench)).toMatchObject({ ok: false, contract: { status: 'executing' } });
    });

    test('is not starved by votes that come between', async () => {
      const { bench } = fresh();
      const read = await bench.awaiting(buildRebootPlan({ quorum: 2, tier: 3 }));
      const { plan } = await bench.contracts.plan('C1');
      moved(await bench.contracts.vote(read, approveBy('ana', read.planHash), undefined, why('x')));
      const parts = endParts({ contract: read, plan, to: 'denied', reason: 'DENIED', lines: [], at: START });
      const denied = await bench.contracts.end(read, 'denied', why('no'), { ...parts, closing: true });
      expect(denied).toMatchObject({ ok: true, contract: { status: 'denied' } });
    });

    test('whose answer was lost stands, and is known as one’s own', async () => {
      const { bench, table } = fresh();
      await bench.awaiting();
      const forgetful = forgetfulTable(table);
      forgetful.forgetNext();
      const remote = storesBench(forgetful);
      await expect(deny(remote)).rejects.toThrow('lost');
      expect((await bench.contracts.get('C1'))?.status).toBe('denied');
    });
  });

  describe('a request', () => {
    test('makes one target wait for one decision on one playbook', async () => {
      const { bench } = fresh();
      await bench.awaiting();
      const second = await bench.planned(buildRebootPlan({ contractId: 'C2' }));
      const approval = (await bench.contracts.get('C1'))?.approval;
      if (approval === undefined) throw new Error('no request');
      const key = 'rds:instance:us-east-1:123456789012:orders-db';
      expect(await bench.reservations.waiting(key, 'reboot')).toEqual({
        contractId: 'C1',
        missionId: 'mission-of-C1',
      });
      const opened = await bench.contracts.openApproval(second, approval, key, why('TIER_2'));
      expect(opened).toMatchObject({ ok: false, contract: { status: 'planned' } });
    });

    test('gives its place back when it is closed', async () => {
      const { bench } = fresh();
      await bench.awaiting();
      await deny(bench);
      await bench.awaiting(buildRebootPlan({ contractId: 'C2', targets: [database()] }));
      expect((await bench.contracts.get('C2'))?.status).toBe('awaiting_approval');
    });
  });
}
