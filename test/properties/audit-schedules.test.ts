import { auditTable, without } from '../support/audit-scenario';
import { runSchedule, type ScheduleOptions } from '../support/audit-schedule';

const SCHEDULES = 10_000;
/** Small histories, so that there is time for many schedules; the unit test runs longer ones. */
const SMALL: ScheduleOptions = { consumers: 3, changes: [3, 14], closings: 0.15, batch: 6 };

describe('three sequencers, cut, repeated and reordered', () => {
  it('log each change once, in its item’s order, in 10,000 random schedules', async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const found = await runSchedule(100_000 + seed, auditTable(), SMALL);
      if (found.length > 0) wrong.push(`seed ${seed}: ${found.join('; ')}`);
    }
    expect(wrong).toEqual([]);
  }, 900_000);

  /** The first schedule that finds the mistake. */
  async function caughtAt(options: ScheduleOptions): Promise<number | undefined> {
    for (let seed = 1; seed <= 300; seed += 1) {
      const found = await runSchedule(seed, auditTable(), { ...SMALL, ...options }).catch(() => ['broken']);
      if (found.length > 0) return seed;
    }
    return undefined;
  }

  it.each<[string, ScheduleOptions]>([
    ['no compare-and-swap of the head', { onto: (table) => without(table, ['HEAD#', 'ENTRY#']) }],
    ['no uniqueness of a change', { onto: (table) => without(table, ['ITEM#']) }],
    ['trusting the stream’s order across items and shards', { mistake: 'one order' }],
    ['taking a batch that failed for one that was done', { mistake: 'no repeats' }],
    ['ordering a batch by the time of its changes', { mistake: 'by time' }],
    ['taking the order to close an epoch for any change, now and then', { mistake: 'unclosed' }],
  ])('the schedules find a sequencer that makes a mistake: %s', async (_, options) => {
    expect(await caughtAt(options)).toBeDefined();
  });
});
