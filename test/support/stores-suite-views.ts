import { START } from './builders/plan';
import { type Fresh, moved, why } from './stores-bench';

/** Views that are fed from events, and rows that are written once beside their contract. */
export function describeViews(fresh: Fresh): void {
  describe('a mission', () => {
    const note = async (statuses: readonly (readonly [string, number])[]) => {
      const { bench } = fresh();
      await bench.planned();
      for (const [status, rev] of statuses)
        await bench.missions.note('mission-of-C1', 'C1', status, rev, why('NEWS'));
      return { bench, mission: await bench.missions.get('mission-of-C1') };
    };

    test('keeps the news with the highest rev, whatever comes late or twice', async () => {
      const { mission } = await note([
        ['verifying', 4],
        ['approved', 2],
        ['verifying', 4],
      ]);
      expect(mission).toMatchObject({
        status: 'open',
        rev: 2,
        contracts: { C1: { status: 'verifying', rev: 4 } },
      });
    });
    test('says which news it knew', async () => {
      const { bench } = await note([['verifying', 4]]);
      const again = (status: string, rev: number) =>
        bench.missions.note('mission-of-C1', 'C1', status, rev, why('NEWS'));
      expect(await again('verifying', 4)).toBe('known');
      expect(await again('approved', 2)).toBe('known');
      expect(await again('resolved', 5)).toBe('noted');
    });
    test('ends with its last contract, and opens again with a new one', async () => {
      const { bench, mission } = await note([['resolved', 5]]);
      expect(mission?.status).toBe('ended');
      await bench.missions.note('mission-of-C1', 'C2', 'planned', 1, why('NEWS'));
      expect((await bench.missions.get('mission-of-C1'))?.status).toBe('open');
    });
    test('ends when its last two contracts end at the same moment', async () => {
      const { bench } = await note([]);
      await bench.missions.note('mission-of-C1', 'C2', 'approved', 2, why('NEWS'));
      const end = (id: string) => bench.missions.note('mission-of-C1', id, 'resolved', 5, why('NEWS'));
      await Promise.all([end('C1'), end('C2')]);
      expect((await bench.missions.get('mission-of-C1'))?.status).toBe('ended');
    });
    test('must be there', async () => {
      const { bench } = fresh();
      await expect(bench.missions.note('M9', 'C1', 'planned', 1, why('NEWS'))).rejects.toThrow('not there');
    });
    test('loses no news that come at the same moment', async () => {
      const { bench } = await note([]);
      const ids = Array.from({ length: 8 }, (_, n) => `X${n}`);
      await Promise.all(ids.map((id) => bench.missions.note('mission-of-C1', id, 'planned', 1, why('NEWS'))));
      const mission = await bench.missions.get('mission-of-C1');
      expect(Object.keys(mission?.contracts ?? {}).sort()).toEqual(['C1', ...ids]);
    });
  });

  describe('what stands beside a contract', () => {
    test('is written once: the first measurement and the first snapshot hold', async () => {
      const { bench } = fresh();
      const contract = await bench.planned();
      const measurement = {
        phase: 'after',
        n: 0,
        measuredAt: START,
        endsAt: START,
        observations: [],
      } as const;
      await bench.measurements.put(contract, { ...measurement, observations: [] }, why('A'));
      await bench.measurements.put(contract, { ...measurement, measuredAt: 1, observations: [] }, why('B'));
      expect(await bench.measurements.get('C1', 'after', 0)).toEqual({ ...measurement, observations: [] });
      expect(await bench.measurements.get('C1', 'after', 1)).toBeUndefined();
      const snapshot = { n: 0, name: 'snapshots/C1/x.json', hash: 'x', takenAt: START };
      await bench.snapshots.put(contract, snapshot, why('A'));
      await bench.snapshots.put(contract, { ...snapshot, hash: 'y' }, why('B'));
      expect(await bench.snapshots.get('C1', 0)).toEqual(snapshot);
      expect(await bench.snapshots.get('C1', 1)).toBeUndefined();
    });

    test('a task token is kept beside those of earlier waits, the newest first', async () => {
      const { bench } = fresh();
      const token = (name: string, at: number) =>
        bench.tokens.put({ contractId: 'C1', generation: 1, name, ciphertext: `sealed ${name}`, at });
      await token('a', START);
      await token('b', START + 1);
      await token('b', START + 1);
      expect(await bench.tokens.of('C1', 1)).toEqual([
        { ciphertext: 'sealed b' },
        { ciphertext: 'sealed a' },
      ]);
      expect(await bench.tokens.of('C1', 2)).toEqual([]);
    });
  });

  describe('what bootstrap leaves', () => {
    test('is written once, and again only when it is another', async () => {
      const { bench, table } = fresh();
      const golden = (hash: string) =>
        bench.deployment.golden('target', { name: `golden/${hash}`, hash }, why('BOOTSTRAP'));
      await golden('h1');
      await golden('h1');
      await golden('h2');
      expect(await bench.deployment.firstBenchmark('target', { in_service: 2 }, why('BOOTSTRAP'))).toBe(true);
      expect(await bench.deployment.firstBenchmark('target', { in_service: 3 }, why('BOOTSTRAP'))).toBe(
        false,
      );
      await bench.deployment.enqueueJob('J1', 'bootstrap', why('BOOTSTRAP'));
      await bench.deployment.endJob('J1', 'failed', why('BOOTSTRAP'));
      await bench.deployment.enqueueJob('J1', 'bootstrap', why('BOOTSTRAP'));
      await bench.deployment.endJob('J1', 'completed', why('BOOTSTRAP'));
      await bench.deployment.endJob('J1', 'failed', why('BOOTSTRAP'));
      const job = await table.query({ pk: 'JOB#J1' });
      expect(job.items).toMatchObject([{ status: 'completed', rev: 3 }]);
    });
  });

  describe('the statistics of a playbook', () => {
    test('count an outcome once', async () => {
      const { bench } = fresh();
      moved(await bench.ended(await bench.verifying(), 'needs_person', 'NOT_VERIFIED'));
      const outcome = await bench.outcomes.outcome('C1');
      if (outcome === undefined) throw new Error('no outcome');
      expect(await bench.playbooks.statistics('scale-out')).toBeUndefined();
      expect(await bench.playbooks.countOutcome(outcome, why('NEEDS_PERSON'))).toBe('counted');
      expect(await bench.playbooks.countOutcome(outcome, why('NEEDS_PERSON'))).toBe('counted_before');
      expect(await bench.playbooks.statistics('scale-out')).toEqual({
        resolved: 0,
        rolledBack: 0,
        needsPerson: 1,
        notTaken: 0,
        lastTen: '0',
      });
    });

    test('leave what was never sent out of the last ten', async () => {
      const { bench } = fresh();
      moved(await bench.ended(await bench.approved(), 'stale', 'RECOVERED'));
      const outcome = await bench.outcomes.outcome('C1');
      if (outcome === undefined) throw new Error('no outcome');
      await bench.playbooks.countOutcome(outcome, why('STALE'));
      expect(await bench.playbooks.statistics('scale-out')).toMatchObject({ notTaken: 1, lastTen: '' });
    });
  });
}
