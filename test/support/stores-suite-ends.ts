import { endParts } from '../../shared/domain/end-parts';
import { targetKey } from '../../shared/domain/target';
import { buildPlan, buildRebootPlan, group, START } from './builders/plan';
import { repeatingTable } from './lost-answers';
import { type Fresh, moved, storesBench, why } from './stores-bench';

const WEB = targetKey(group());

/** The one transaction that ends a contract, and what it gives back or freezes. */
export function describeEnds(fresh: Fresh): void {
  describe('the end of a contract', () => {
    test('gives lock and pool place back, starts the cooldown, and writes the outcome', async () => {
      const { bench } = fresh();
      const contract = await bench.verifying();
      const judged = moved(
        await bench.contracts.amend(contract, 'agentic.action_verified', why('MET'), {
          verdict: 'met',
          confidence: 0.9,
        }),
      );
      const ended = moved(await bench.ended(judged, 'resolved', 'EFFECT_MET'));
      expect(ended).toMatchObject({ status: 'resolved', endedAt: START });
      expect(await bench.reservations.lock(WEB)).toEqual({
        owner: undefined,
        leaseUntil: 0,
        cooldownUntil: START + 300_000,
        fence: 1,
        frozenBy: undefined,
      });
      expect(await bench.reservations.poolHolders()).toEqual([]);
      expect(await bench.outcomes.outcome('C1')).toMatchObject({
        status: 'resolved',
        verdict: 'met',
        confidence: 0.9,
        effects: 1,
        result: { ok: true, status: 'success', error_resolved: true },
      });
      expect(await bench.contracts.open(10)).toEqual([]);
      expect(await bench.contracts.list(10)).toEqual(['C1']);
    });

    test('of one that needs a person freezes the target, until a person lets it go', async () => {
      const { bench } = fresh();
      const contract = await bench.verifying();
      moved(await bench.ended(contract, 'needs_person', 'NOT_VERIFIED'));
      const taken = await bench.reservations.takeLock(WEB, 'C2', START + 86_400_000, START + 90_000_000);
      expect(taken).toMatchObject({ ok: false, code: 'FROZEN' });
      expect(await bench.reservations.lock(WEB)).toMatchObject({ frozenBy: 'C1', owner: undefined });
      const letGo = (frozenBy: string, at: number) =>
        bench.reservations.unfreeze({ targetKey: WEB, frozenBy }, why('looked at it', at, 'ana'));
      expect(await letGo('C2', START)).toBe(false);
      expect(await letGo('C1', START)).toBe(true);
      expect(await letGo('C1', START + 1)).toBe(false);
      expect(await bench.reservations.takeLock(WEB, 'C2', START, START + 1)).toMatchObject({ ok: true });
    });

    test('starts no cooldown where nothing was sent', async () => {
      const { bench } = fresh();
      const contract = await bench.approved();
      await bench.locked(contract);
      moved(await bench.ended(contract, 'stale', 'TARGET_DRIFTED'));
      expect(await bench.reservations.lock(WEB)).toMatchObject({ owner: undefined, cooldownUntil: 0 });
    });

    test('leaves a lock that is another contract’s alone', async () => {
      const { bench } = fresh();
      const contract = await bench.approved();
      await bench.locked(await bench.approved(buildPlan({ contractId: 'C2' })));
      moved(await bench.ended(contract, 'stale', 'TARGET_DRIFTED'));
      expect(await bench.reservations.lock(WEB)).toMatchObject({ owner: 'C2' });
    });

    test('comes once: who comes second is told how it ended', async () => {
      const { bench } = fresh();
      const contract = await bench.approved();
      moved(await bench.ended(contract, 'stale', 'RECOVERED'));
      const second = await bench.ended(contract, 'cancelled', 'FAULT_BEFORE_GATE');
      expect(second).toMatchObject({ ok: false, contract: { status: 'stale' } });
      expect((await bench.outcomes.outcome('C1'))?.reason).toBe('RECOVERED');
    });

    test('whose answer was lost is known as one’s own', async () => {
      const { bench, table } = fresh();
      const contract = await bench.approved();
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      const ended = await storesBench(repeating).ended(contract, 'stale', 'RECOVERED');
      expect(ended).toMatchObject({ ok: true, contract: { status: 'stale' } });
    });

    test('by expiry comes when the request itself has expired, not before', async () => {
      const { bench } = fresh();
      const contract = await bench.awaiting();
      const expiresAt = contract.approval?.expiresAt ?? 0;
      const { plan } = await bench.contracts.plan(contract.contractId);
      const expire = (at: number) => {
        const parts = endParts({ contract, plan, to: 'expired', reason: 'NOBODY_DECIDED', lines: [], at });
        return bench.contracts.end(contract, 'expired', why('NOBODY_DECIDED', at), {
          ...parts,
          closing: true,
        });
      };
      expect((await expire(expiresAt - 1)).ok).toBe(false);
      expect(moved(await expire(expiresAt)).status).toBe('expired');
    });

    test('that no transition leads to is refused by the table itself', async () => {
      const { bench } = fresh();
      const contract = await bench.planned();
      expect((await bench.ended(contract, 'resolved', 'EFFECT_MET')).ok).toBe(false);
      expect(await bench.outcomes.outcome('C1')).toBeUndefined();
    });
  });

  describe('the closer', () => {
    test('ends a contract as its status and ledger say, and answers the same when asked again', async () => {
      const { bench } = fresh();
      await bench.executing();
      expect(await bench.closer.close('C1', 'reaper')).toBe('needs_person');
      expect(await bench.closer.close('C1', 'reaper')).toBe('needs_person');
      expect((await bench.outcomes.outcome('C1'))?.reason).toBe('EFFECT_UNKNOWN');
    });

    test('says field by field what was measured', async () => {
      const { bench } = fresh();
      const contract = await bench.verifying();
      await bench.measurements.put(
        contract,
        {
          phase: 'after',
          n: 0,
          measuredAt: START + 600_000,
          endsAt: START + 600_000,
          observations: [
            { kind: 'resource', found: true, value: 4 },
            { kind: 'alarm', state: 'OK', since: START },
          ],
        },
        why('WINDOW_ENDED'),
      );
      moved(await bench.contracts.amend(contract, 'agentic.action_verified', why('MET'), { verdict: 'met' }));
      expect(await bench.closer.close('C1', 'close')).toBe('resolved');
      expect((await bench.outcomes.outcome('C1'))?.fields).toMatchObject([
        { field: 'resource.desired_capacity', expected: 'desired_capacity equals 4', actual: '4' },
        { field: 'alarm.web-latency', verdict: 'met' },
      ]);
    });

    test('has nothing to say of a contract that is not there', async () => {
      await expect(fresh().bench.closer.close('C9', 'close')).rejects.toThrow('no contract C9');
    });
  });

  describe('a contract', () => {
    test('keeps the plan as text, and says so when it is no plan', async () => {
      const { bench, table } = fresh();
      const contract = await bench.planned();
      expect((await bench.contracts.plan('C1')).hash).toBe(contract.planHash);
      await table.write([
        { kind: 'update', key: { pk: 'CONTRACT#C1', sk: 'PLAN' }, update: { set: [[['text'], '{"a":1}']] } },
      ]);
      await expect(bench.contracts.plan('C1')).rejects.toThrow('not a plan');
      await expect(bench.contracts.plan('C9')).rejects.toThrow('there is no plan');
    });

    test('is told of in whole, and listed oldest first for the reaper, newest first for people', async () => {
      const { bench } = fresh();
      await bench.planned();
      await bench.planned(buildRebootPlan({ contractId: 'C2' }));
      expect((await bench.contracts.story('C1')).map(({ sk }) => sk)).toEqual(['CONTRACT', 'PLAN']);
      expect(await bench.contracts.open(10)).toEqual(['C1', 'C2']);
      expect(await bench.contracts.list(10)).toEqual(['C2', 'C1']);
      expect(await bench.contracts.list(1)).toEqual(['C2']);
    });

    test('is moved by nobody who read it before another write', async () => {
      const { bench } = fresh();
      const contract = await bench.planned();
      moved(await bench.contracts.move(contract, 'approved', why('TIER_1')));
      const second = await bench.contracts.move(contract, 'approved', why('TIER_1', START, 'somebody else'));
      expect(second).toMatchObject({ ok: false, code: 'moved_on', contract: { status: 'approved', rev: 2 } });
    });
  });
}
