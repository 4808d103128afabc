import * as keys from '../../shared/domain/keys';
import { findOrphans, type StateItem } from '../../shared/domain/orphans';

const VERSION = 'f'.repeat(64);
const TARGET = 'ec2:instance:us-east-1:123456789012:i-1';

/** A small table in which everything that is named exists. */
const WHOLE: readonly StateItem[] = [
  { ...keys.missionKey('m1'), missionId: 'm1', contracts: { c1: { status: 'resolved', rev: 4 } } },
  { ...keys.errorKey('e1'), eventId: 'e1', missionId: 'm1' },
  {
    ...keys.contractKey('c1'),
    contractId: 'c1',
    missionId: 'm1',
    eventId: 'e1',
    snapshot: 0,
    change: { contractId: 'c1', missionId: 'm1' },
  },
  {
    ...keys.planKey('c1'),
    text: JSON.stringify({ contractId: 'c1', playbook: { name: 'restart', version: VERSION } }),
  },
  { ...keys.stepKey('c1', 0, 'forward'), change: { contractId: 'c1' } },
  { ...keys.snapshotKey('c1', 0), name: 'snapshots/c1/0' },
  { ...keys.benchmarkKey('c1', 'after', 0) },
  { ...keys.outcomeKey('c1'), contractId: 'c1', missionId: 'm1' },
  { ...keys.playbookKey('restart', VERSION) },
  { ...keys.currentPlaybookKey('restart'), version: VERSION },
  { ...keys.statisticsKey('restart'), resolved: 1 },
  { ...keys.lockKey(TARGET), owner: 'c1', fence: 1 },
  { ...keys.waitingKey(TARGET, 'restart'), contractId: 'c1', missionId: 'm1' },
  { ...keys.windowKey('f1'), count: 3, contractId: 'c1' },
  { ...keys.budgetKey('restart', 1), holders: new Set(['c1']) },
  { ...keys.poolKey, holders: new Set(['c1']) },
  { ...keys.switchKey, paused: false },
  { ...keys.jobKey('j1') },
];
const nameOf = ({ pk, sk }: { pk: string; sk: string }) => `${pk} ${sk}`;

describe('findOrphans', () => {
  test('finds nothing where everything exists', () => {
    expect(findOrphans(WHOLE)).toEqual([]);
    expect(findOrphans([])).toEqual([]);
  });

  test.each([
    ['contract', keys.contractKey('c1'), 11],
    ['plan', keys.planKey('c1'), 1],
    ['mission', keys.missionKey('m1'), 4],
    ['event', keys.errorKey('e1'), 1],
    ['snapshot', keys.snapshotKey('c1', 0), 1],
    ['playbook_version', keys.playbookKey('restart', VERSION), 2],
  ])('names every item that misses its %s, once', (missing, gone, count) => {
    const orphans = findOrphans(WHOLE.filter((item) => nameOf(item) !== nameOf(gone)));
    expect(orphans).toHaveLength(count);
    for (const orphan of orphans) expect(orphan).toMatchObject({ missing, key: nameOf(gone) });
    expect(new Set(orphans.map(nameOf)).size).toBe(count);
  });

  test('finds what only a mission, a holder or a lock names', () => {
    const orphans = findOrphans([
      { ...keys.missionKey('m1'), contracts: { gone: {} } },
      { ...keys.poolKey, holders: ['gone', 7] },
      { ...keys.lockKey(TARGET), frozenBy: 'gone' },
    ]);
    expect(orphans.map(({ pk }) => pk.split('#')[0])).toEqual(['MISSION', 'POOL', 'LOCK']);
  });

  test('takes the mission that an event claims for a claim, and the one it was given for real', () => {
    const claimed = { ...keys.errorKey('e2'), change: { missionId: 'claimed' } };
    expect(findOrphans([claimed])).toEqual([]);
    expect(findOrphans([{ ...claimed, missionId: 'given' }])).toMatchObject([
      { missing: 'mission', key: 'MISSION#given MISSION' },
    ]);
  });

  test('reads tolerantly what a hand has damaged', () => {
    const damaged = [
      { ...keys.planKey('c1'), text: '{' },
      { ...keys.contractKey('c1'), missionId: 7, eventId: null, change: 'x', contracts: [] },
    ];
    expect(findOrphans(damaged)).toEqual([]);
  });
});
