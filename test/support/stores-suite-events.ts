import type { RecordInput } from '../../shared/ports/stores';
import { buildError, buildRecord } from './builders/contract';
import { buildPlan, START } from './builders/plan';
import { forgetfulTable, repeatingTable } from './lost-answers';
import { type Fresh, storesBench, why } from './stores-bench';

const FINGERPRINT = buildPlan().fingerprint;

/** An event of which nothing came. */
function unplanned(eventId: string, changes: Partial<RecordInput> = {}): RecordInput {
  const { planned, intake, ...rest } = buildRecord(buildPlan());
  const { contractId, ...plain } = intake;
  return {
    ...rest,
    intake: {
      ...plain,
      event: buildError(eventId),
      digest: `digest of ${eventId}`,
      decision: 'NO_PLAYBOOK',
      detail: 'no pattern matches',
    },
    newMission: false,
    windowUntil: START + 60_000,
    ...changes,
  };
}

/** Events, fingerprint windows, and the one transaction that makes a contract of an event. */
export function describeEvents(fresh: Fresh): void {
  describe('an event', () => {
    test('is recorded with its window, mission, contract and plan, all or none', async () => {
      const { bench } = fresh();
      const input = buildRecord(buildPlan());
      expect(await bench.errors.record(input)).toBe('recorded');
      expect(await bench.errors.event('event-of-C1')).toEqual({
        digest: input.intake.digest,
        decision: 'PLANNED',
        contractId: 'C1',
      });
      expect(await bench.errors.window(FINGERPRINT)).toEqual({
        until: START + 300_000,
        count: 1,
        lastAt: START,
        contractId: 'C1',
        missionId: 'mission-of-C1',
      });
      expect(await bench.contracts.get('C1')).toMatchObject({ status: 'planned', rev: 1 });
      expect(await bench.missions.get('mission-of-C1')).toMatchObject({
        status: 'open',
        contracts: { C1: { status: 'planned', rev: 1 } },
      });
    });

    test('is not recorded twice', async () => {
      const { bench } = fresh();
      await bench.errors.record(buildRecord(buildPlan()));
      const again = buildRecord(buildPlan({ contractId: 'C2', fingerprint: '1'.repeat(64) }));
      const event = buildError('event-of-C1');
      expect(await bench.errors.record({ ...again, intake: { ...again.intake, event } })).toBe('taken');
      expect(await bench.contracts.get('C2')).toBeUndefined();
    });

    test('whose answer was lost is known as recorded', async () => {
      const { table } = fresh();
      const repeating = repeatingTable(table);
      repeating.loseAnswers(1);
      expect(await storesBench(repeating).errors.record(buildRecord(buildPlan()))).toBe('recorded');
    });

    test('that a fault hid is found by the next delivery', async () => {
      const { bench, table } = fresh();
      const forgetful = forgetfulTable(table);
      forgetful.forgetNext();
      const recording = storesBench(forgetful).errors.record(buildRecord(buildPlan()));
      await expect(recording).rejects.toThrow('lost');
      expect(await bench.errors.event('event-of-C1')).toMatchObject({ contractId: 'C1' });
    });

    test('comes again when its mission is opened by another event at the same moment', async () => {
      const { bench } = fresh();
      await bench.errors.record(buildRecord(buildPlan()));
      const other = buildRecord(buildPlan({ contractId: 'C2', fingerprint: '1'.repeat(64) }));
      const same = { ...other, intake: { ...other.intake, missionId: 'mission-of-C1' } };
      await expect(bench.errors.record(same)).rejects.toThrow('being opened by another event');
      expect(await bench.errors.event('event-of-C2')).toBeUndefined();
    });
  });

  describe('a fingerprint window', () => {
    test('holds back another event of its fingerprint', async () => {
      const { bench } = fresh();
      expect(await bench.errors.record(unplanned('e1'))).toBe('recorded');
      expect(await bench.errors.record(unplanned('e2'))).toBe('taken');
      expect(await bench.errors.event('e2')).toBeUndefined();
    });

    test('that has ended is begun anew, at the very millisecond of its end', async () => {
      const { bench } = fresh();
      await bench.errors.record(unplanned('e1'));
      const next = unplanned('e2', {
        why: why('NO_PLAYBOOK', START + 60_000),
        windowUntil: START + 120_000,
      });
      expect(await bench.errors.record(next)).toBe('recorded');
    });

    test('of an ended contract is taken over by the event that names it', async () => {
      const { bench } = fresh();
      await bench.errors.record(buildRecord(buildPlan()));
      expect(await bench.errors.record(unplanned('e2'))).toBe('taken');
      expect(await bench.errors.record(unplanned('e2', { replaces: 'C1' }))).toBe('recorded');
    });

    test('counts repeats, and remembers when the last new one happened', async () => {
      const { bench } = fresh();
      await bench.errors.record(unplanned('e1'));
      await bench.errors.countRepeats(FINGERPRINT, 999, START + 5);
      await bench.errors.countRepeats(FINGERPRINT, 1, undefined);
      expect(await bench.errors.window(FINGERPRINT)).toMatchObject({ count: 1001, lastAt: START + 5 });
    });

    test('is not made older by a repeat that comes late', async () => {
      const { bench } = fresh();
      await bench.errors.record(unplanned('e1'));
      await bench.errors.countRepeats(FINGERPRINT, 1, START + 60_000);
      await bench.errors.countRepeats(FINGERPRINT, 1, START + 5);
      expect(await bench.errors.window(FINGERPRINT)).toMatchObject({ count: 3, lastAt: START + 60_000 });
    });

    test('that has gone does not come back as a count', async () => {
      const { bench } = fresh();
      await bench.errors.countRepeats(FINGERPRINT, 3, START);
      expect(await bench.errors.window(FINGERPRINT)).toBeUndefined();
    });
  });
}
