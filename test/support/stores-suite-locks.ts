import { START } from './builders/plan';
import { repeatingTable } from './lost-answers';
import { type Fresh, storesBench, why } from './stores-bench';

const LEASE = START + 60_000;

/** Locks with fences, places in the pool, the kill switch. */
export function describeLocks(fresh: Fresh): void {
  describe('a lock', () => {
    test('has one holder among many contenders', async () => {
      const { bench } = fresh();
      const contenders = Array.from({ length: 40 }, (_, n) =>
        bench.reservations.takeLock('target', `C${n}`, START, LEASE),
      );
      const taken = await Promise.all(contenders);
      expect(taken.filter((lock) => lock.ok)).toHaveLength(1);
    });

    test('is busy for others until its lease ends, then theirs with the next fence', async () => {
      const { bench } = fresh();
      const take = (contractId: string, now: number) =>
        bench.reservations.takeLock('target', contractId, now, now + 60_000);
      expect(await take('C1', START)).toEqual({ ok: true, fence: 1 });
      expect(await take('C2', LEASE)).toEqual({ ok: false, code: 'BUSY', until: LEASE });
      expect(await take('C2', LEASE + 1)).toEqual({ ok: true, fence: 2 });
    });

    test('taken again by its holder has another fence, and the old one holds nothing', async () => {
      const { bench } = fresh();
      const take = () => bench.reservations.takeLock('target', 'C1', START, LEASE);
      expect(await take()).toEqual({ ok: true, fence: 1 });
      expect(await take()).toEqual({ ok: true, fence: 2 });
      const stale = { targetKey: 'target', fence: 1, cooldownUntil: 0 };
      expect(await bench.reservations.releaseLock(stale, 'C1')).toBe(false);
      expect(await bench.reservations.releaseLock({ ...stale, fence: 2 }, 'C2')).toBe(false);
      expect((await bench.reservations.lock('target'))?.owner).toBe('C1');
      expect(await bench.reservations.releaseLock({ ...stale, fence: 2 }, 'C1')).toBe(true);
      expect((await bench.reservations.lock('target'))?.owner).toBeUndefined();
    });

    test('never gives two invocations of one contract the same fence', async () => {
      const { bench } = fresh();
      const take = () => bench.reservations.takeLock('target', 'C1', START, LEASE);
      const fences = (await Promise.all([take(), take(), take()])).map((lock) => lock.ok && lock.fence);
      expect(new Set(fences).size).toBe(3);
    });

    test('whose answer was lost is taken again', async () => {
      const { bench, table } = fresh();
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      const { reservations } = storesBench(repeating);
      expect(await reservations.takeLock('target', 'C1', START, LEASE)).toEqual({ ok: true, fence: 2 });
      expect(await bench.reservations.lock('target')).toMatchObject({ owner: 'C1', fence: 2 });
    });

    test('rests for its cooldown, whoever asks', async () => {
      const { bench } = fresh();
      await bench.reservations.takeLock('target', 'C1', START, LEASE);
      const cooldownUntil = START + 300_000;
      await bench.reservations.releaseLock({ targetKey: 'target', fence: 1, cooldownUntil }, 'C1');
      const take = (now: number) => bench.reservations.takeLock('target', 'C2', now, now + 1);
      expect(await take(START + 1)).toEqual({ ok: false, code: 'COOLDOWN', until: cooldownUntil });
      expect(await take(cooldownUntil)).toMatchObject({ ok: false, code: 'COOLDOWN' });
      expect(await take(cooldownUntil + 1)).toEqual({ ok: true, fence: 2 });
    });
  });

  describe('the pool', () => {
    test('has as many places as it has, and one place a contract', async () => {
      const { bench } = fresh();
      const take = (contractId: string) => bench.reservations.takePool(contractId, 2);
      expect([await take('C1'), await take('C1'), await take('C2'), await take('C3')]).toEqual([
        'taken',
        'taken',
        'taken',
        'full',
      ]);
      await bench.reservations.releasePool('C1');
      await bench.reservations.releasePool('C1');
      expect(await take('C3')).toBe('taken');
      expect(await bench.reservations.poolHolders()).toEqual(['C2', 'C3']);
    });

    test('that all have left is empty, and can be taken again', async () => {
      const { bench } = fresh();
      await bench.reservations.takePool('C1', 1);
      await bench.reservations.releasePool('C1');
      expect(await bench.reservations.poolHolders()).toEqual([]);
      expect(await bench.reservations.takePool('C2', 1)).toBe('taken');
    });
  });

  describe('the kill switch', () => {
    test('is off where nobody has touched it, and says who turned it and why', async () => {
      const { bench } = fresh();
      expect(await bench.control.switch()).toBeUndefined();
      await bench.control.set(true, why('deploying', START, 'ana'));
      expect(await bench.control.switch()).toMatchObject({
        paused: true,
        by: 'ana',
        reason: 'deploying',
        rev: 1,
      });
      await bench.control.set(false, why('done', START + 1, 'ben'));
      expect(await bench.control.switch()).toMatchObject({ paused: false, by: 'ben', rev: 2 });
    });

    test('is turned once by a write whose answer was lost', async () => {
      const { bench, table } = fresh();
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      await storesBench(repeating).control.set(true, why('deploying', START, 'ana'));
      expect(await bench.control.switch()).toMatchObject({ paused: true, rev: 1 });
    });

    test('turned by two at once ends as one of them wants it, with both in its history', async () => {
      const { bench } = fresh();
      await Promise.all([
        bench.control.set(true, why('stop', START, 'ana')),
        bench.control.set(false, why('go', START, 'ben')),
      ]);
      expect((await bench.control.switch())?.rev).toBe(2);
    });
  });
}
