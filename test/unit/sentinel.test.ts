import { sentinel } from '../../functions/sentinel/sentinel';
import { targetKey } from '../../shared/domain/target';
import { StoreUnavailableError } from '../../shared/stores/errors';
import { alarmBody, bodyOf, errorBody } from '../support/builders/events';
import { buildRebootPlan, group, START } from '../support/builders/plan';
import { buildPlaybook } from '../support/builders/playbook';
import { liveAlarm, liveGroup } from '../support/logic-bench';
import { sentinelBench } from '../support/sentinel-bench';
import { moved, why } from '../support/stores-bench';

const WEB = targetKey(group());
const HOUR = 3_600_000;

describe('an alarm that a playbook matches', () => {
  test('becomes a contract, and its execution is started', async () => {
    const bench = sentinelBench();
    const decided = await bench.decide(alarmBody());
    expect(decided).toMatchObject({ decision: 'PLANNED', playbook: 'scale-out', contractId: 'ID-1' });
    expect(await bench.contracts.get('ID-1')).toMatchObject({ status: 'planned', mode: 'act', tier: 1 });
    expect(bench.outside.executions.get('ID-1')).toBe('RUNNING');
    const { plan, hash } = await bench.contracts.plan('ID-1');
    expect(plan.steps).toMatchObject([{ intended: { desired_capacity: 4 }, prior: { desired_capacity: 2 } }]);
    expect((await bench.contracts.get('ID-1'))?.planHash).toBe(hash);
  });

  test('is planned by the live alarm: the event’s threshold is no pass mark', async () => {
    const expect1 = { metric: 'triggering', below: 'threshold', over_last: '5m' };
    const playbook = buildPlaybook({ match: [{ alarm: { metric: 'Latency' } }], expect: [expect1] });
    const bench = sentinelBench({ playbooks: [playbook] });
    bench.outside.alarms.set('web-latency', liveAlarm({ threshold: 0.25 }));
    await bench.decide(alarmBody());
    const { plan } = await bench.contracts.plan('ID-1');
    expect(plan.effect.expectations).toMatchObject([{ kind: 'metric', comparison: 'below', value: 0.25 }]);
  });

  test('joins the mission of what is going on at its target', async () => {
    const bench = sentinelBench();
    await bench.decide(alarmBody());
    const first = await bench.contracts.get('ID-1');
    await bench.reservations.takeLock(WEB, 'ID-1', START, START + HOUR);
    const second = await bench.decide(alarmBody({ id: 'event-2', name: 'web-latency-p99' }));
    expect(second.decision).toBe('ALARM_NOT_FOUND');
    bench.outside.alarms.set('web-latency-p99', liveAlarm({ name: 'web-latency-p99' }));
    const third = await bench.decide(alarmBody({ id: 'event-3', name: 'web-latency-p99' }));
    expect(await bench.contracts.get(third.contractId ?? '')).toMatchObject({ missionId: first?.missionId });
  });
});

describe('the sentinel does nothing, and says why', () => {
  const bench = () => sentinelBench();
  test('NO_PLAYBOOK: no pattern matches', async () => {
    expect((await bench().decide(alarmBody({ metric: 'Visits' }))).decision).toBe('NO_PLAYBOOK');
  });
  test.each([
    ['CLEARED', { value: 'OK' }],
    ['INSUFFICIENT_DATA', { value: 'INSUFFICIENT_DATA' }],
    ['SUPPRESSED', { state: { actionsSuppressedBy: 'WaitPeriod' } }],
    ['SUPPRESSED', { detail: { muteDetail: { mutedByArn: 'arn' } } }],
    ['EVENT_TOO_OLD', { at: START - HOUR - 1 }],
    ['EVENT_TOO_OLD', { at: 0 }],
    ['EVENT_FROM_FUTURE', { at: START + 24 * HOUR }],
    ['TARGET_NOT_FOUND', { group: 'nowhere' }],
    ['TARGET_SUSPICIOUS', { group: 'web*' }],
    ['QUARANTINED', { group: 'w\u0435b' }],
    ['QUARANTINED', { group: '$(reboot)' }],
    ['TARGET_SUSPICIOUS', { group: 'web; west' }],
    ['TARGET_MALFORMED', { group: 'arn:aws:autoscaling:us-east-1:123456789012:group:web' }],
    ['ALARM_NOT_FOUND', { name: 'unheard-of' }],
  ])('%s: %o', async (code, changes) => {
    const it = bench();
    expect((await it.decide(alarmBody(changes))).decision).toBe(code);
    expect([it.contractsMade(), it.outside.executions.size]).toEqual([0, 0]);
  });
  test('an event of exactly the greatest age is still taken', async () => {
    expect((await bench().decide(alarmBody({ at: START - HOUR }))).decision).toBe('PLANNED');
    expect((await bench().decide(alarmBody({ at: START + 600_000 }))).decision).toBe('PLANNED');
  });
  test('NO_FAULT: the live alarm has cleared', async () => {
    const it = bench();
    it.outside.alarms.set('web-latency', liveAlarm({ state: 'OK' }));
    expect((await it.decide(alarmBody())).decision).toBe('NO_FAULT');
  });
  test('TARGET_NOT_MANAGED: the live resource is not tagged for Grace', async () => {
    const it = bench();
    it.outside.live.set(WEB, liveGroup({ managed: false }));
    expect((await it.decide(alarmBody())).decision).toBe('TARGET_NOT_MANAGED');
  });
  test.each([
    ['CAPACITY_OVER_MAX', { desired: 9 }],
    ['FACT_INVALID', { desired: -1 }],
    ['FACT_INVALID', { desired: 1.5 }],
  ])('%s: the live group has %o', async (code, live) => {
    const it = bench();
    it.outside.live.set(WEB, liveGroup(live));
    expect((await it.decide(alarmBody())).decision).toBe(code);
  });
  test('FROZEN: a person has to look first', async () => {
    const it = bench();
    moved(await it.ended(await it.verifying(), 'needs_person', 'NOT_VERIFIED'));
    expect(await it.decide(alarmBody())).toMatchObject({
      decision: 'FROZEN',
      detail: expect.stringContaining('C1'),
    });
  });
  test('COOLDOWN: the target rests after an action', async () => {
    const it = bench();
    const contract = await it.verifying();
    it.clock.set(START + 1);
    moved(await it.ended(contract, 'resolved', 'EFFECT_MET'));
    it.clock.set(START + 200_000);
    expect((await it.decide(alarmBody())).decision).toBe('COOLDOWN');
    it.clock.set(START + 300_002);
    expect((await it.decide(alarmBody({ id: 'event-2' }))).decision).toBe('PLANNED');
  });
  test('JOINED: a contract for the same target and playbook waits for people', async () => {
    const it = bench();
    const steps = buildRebootPlan().steps.map((step) => ({ ...step, target: group() }));
    const playbook = { name: 'scale-out', version: 'a'.repeat(64) };
    await it.awaiting(buildRebootPlan({ targets: [group()], steps, playbook }));
    expect(await it.decide(alarmBody())).toMatchObject({ decision: 'JOINED', contractId: 'C1' });
  });
  test.each([
    ['FOREIGN_ACCOUNT', { account: '999999999999' }],
    ['FOREIGN_REGION', { region: 'eu-west-1' }],
  ])('%s is quarantined', async (code, changes) => {
    const it = bench();
    expect((await it.decide(alarmBody(changes))).detail).toContain(code);
    expect(it.quarantined()).toMatchObject([{ code }]);
  });
});

describe('a repeat', () => {
  test('1,000 copies of one event are one contract, one execution and one count', async () => {
    const bench = sentinelBench();
    const { decisions } = await bench.take(...Array.from({ length: 1000 }, () => alarmBody()));
    expect(decisions.filter(({ decision }) => decision === 'PLANNED')).toHaveLength(1);
    expect(decisions.filter(({ decision }) => decision === 'DUPLICATE')).toHaveLength(999);
    expect([bench.contractsMade(), bench.outside.executions.size]).toEqual([1, 1]);
    const { plan } = await bench.contracts.plan('ID-1');
    expect(await bench.errors.window(plan.fingerprint)).toMatchObject({ count: 1000, lastAt: START });
  });

  test('errors of one fingerprint join its contract for as long as it goes on', async () => {
    const bench = sentinelBench();
    await bench.decide(errorBody({ id: 'e1', message: 'request 17 hangs' }));
    bench.clock.set(START + 30 * 60_000);
    const at = bench.clock.now() - 5;
    const joined = await bench.decide(errorBody({ id: 'e2', message: 'request 18 hangs', at }));
    expect(joined).toMatchObject({ decision: 'DUPLICATE', contractId: 'ID-1' });
    expect(await bench.errors.window((await bench.contracts.plan('ID-1')).plan.fingerprint)).toMatchObject({
      count: 2,
      lastAt: at,
    });
  });

  test('a second delivery of one event is no later error', async () => {
    const bench = sentinelBench();
    await bench.decide(errorBody());
    bench.clock.set(START + 240_000);
    expect((await bench.decide(errorBody())).decision).toBe('DUPLICATE');
    const { plan } = await bench.contracts.plan('ID-1');
    expect(await bench.errors.window(plan.fingerprint)).toMatchObject({ count: 2, lastAt: START });
  });

  test('a redelivery starts what was planned and never started', async () => {
    const bench = sentinelBench();
    await bench.decide(alarmBody());
    bench.outside.executions.clear();
    await bench.decide(alarmBody());
    expect(bench.outside.executions.get('ID-1')).toBe('RUNNING');
  });

  test('a redelivery starts nothing that has moved on', async () => {
    const bench = sentinelBench();
    await bench.decide(alarmBody());
    const contract = await bench.contracts.get('ID-1');
    moved(await bench.contracts.move(contract as never, 'approved', why('TIER_1')));
    bench.outside.executions.clear();
    await bench.decide(alarmBody());
    expect(bench.outside.executions.size).toBe(0);
  });

  test('a new trouble after the contract has ended is a new contract', async () => {
    const bench = sentinelBench();
    await bench.decide(alarmBody());
    moved(await bench.ended((await bench.contracts.get('ID-1')) as never, 'refused', 'BUDGET'));
    expect(await bench.decide(alarmBody({ id: 'event-2' }))).toMatchObject({ decision: 'PLANNED' });
    expect(bench.contractsMade()).toBe(2);
  });

  test('errors without a contract are held back for a minute', async () => {
    const bench = sentinelBench();
    const visit = (id: string) => bench.decide(errorBody({ id, name: 'Odd', at: bench.clock.now() }));
    expect((await visit('e1')).decision).toBe('NO_PLAYBOOK');
    expect((await visit('e2')).decision).toBe('DUPLICATE');
    bench.clock.set(START + 60_000);
    expect((await visit('e3')).decision).toBe('NO_PLAYBOOK');
  });

  test.each([
    ['was suppressed', { state: { actionsSuppressedBy: 'WaitPeriod' } }],
    ['came too late', { at: START - 2 * HOUR }],
    ['came from the future', { at: START + 2 * HOUR }],
  ])('an alarm that %s does not hide the next', async (_what, changes) => {
    const bench = sentinelBench();
    await bench.decide(alarmBody(changes));
    expect((await bench.decide(alarmBody({ id: 'event-2' }))).decision).toBe('PLANNED');
  });

  test('an error that came too late does not hide the next', async () => {
    const bench = sentinelBench();
    await bench.decide(errorBody({ id: 'e1', at: START - 2 * HOUR }));
    expect((await bench.decide(errorBody({ id: 'e2' }))).decision).toBe('PLANNED');
  });

  test('an alarm that had cleared by itself does not hide its next going off', async () => {
    const bench = sentinelBench();
    bench.outside.alarms.set('web-latency', liveAlarm({ state: 'OK' }));
    await bench.decide(alarmBody());
    bench.outside.alarms.set('web-latency', liveAlarm());
    bench.clock.set(START + 20_000);
    expect((await bench.decide(alarmBody({ id: 'event-2' }))).decision).toBe('PLANNED');
  });

  test('the same id with another body is no repeat: it is quarantined', async () => {
    const bench = sentinelBench();
    await bench.decide(alarmBody());
    const other = await bench.decide(alarmBody({ group: 'other' }));
    expect(other).toMatchObject({ decision: 'QUARANTINED', detail: expect.stringContaining('SAME_ID') });
    expect(bench.contractsMade()).toBe(1);
  });
});

describe('a batch', () => {
  test('1 poison among 99 good: 99 are done, 1 is quarantined with its reason', async () => {
    const bench = sentinelBench();
    const good = (n: number) =>
      errorBody({ id: `e${n}`, name: `Odd${String.fromCharCode(65 + (n % 26)).repeat(1 + n / 26)}` });
    const events: unknown[] = Array.from({ length: 99 }, (_, n) => good(n));
    events.splice(50, 0, '{"id": "cut off');
    const { decisions, failed } = await bench.take(...events);
    expect(failed).toEqual([]);
    expect(decisions.filter(({ decision }) => decision === 'NO_PLAYBOOK')).toHaveLength(99);
    expect(bench.quarantined()).toMatchObject([{ code: 'TRUNCATED' }]);
  });

  test('a reason that is cut within an emoji poisons nothing', async () => {
    const bench = sentinelBench();
    const reason = `${'x'.repeat(2047)}\u{1F525} and more`;
    const message = `${'y'.repeat(511)}\u{1F525} and more`;
    const { decisions, failed } = await bench.take(
      alarmBody({ state: { reason } }),
      errorBody({ name: 'Odd', message }),
    );
    expect(failed).toEqual([]);
    expect(decisions.map(({ decision }) => decision)).toEqual(['PLANNED', 'NO_PLAYBOOK']);
  });

  test('a message that meets a fault comes again alone', async () => {
    const bench = sentinelBench();
    const down = async () => {
      throw new StoreUnavailableError('down');
    };
    const describe = bench.deps.resources.describe;
    const resources = {
      describe: (at: Parameters<typeof describe>[0]) => (at.id === 'web' ? down() : describe(at)),
    };
    const bodies = [alarmBody(), errorBody({ name: 'Odd' })].map(bodyOf);
    const records = bodies.map((body, n) => ({ messageId: `m${n}`, body }));
    const { decisions, failed } = await sentinel(records, { ...bench.deps, resources });
    expect(failed).toEqual(['m0']);
    expect(decisions).toMatchObject([{ messageId: 'm1', decision: 'NO_PLAYBOOK' }]);
    expect(bench.outside.logs).toContainEqual({ level: 'error', code: 'INTAKE_FAULT' });
  });

  test('repeats that cannot be counted are no fault', async () => {
    const bench = sentinelBench();
    await bench.decide(alarmBody());
    const errors = {
      ...bench.errors,
      countRepeats: async () => {
        throw new StoreUnavailableError('down');
      },
    };
    const record = { messageId: 'm', body: bodyOf(alarmBody()) };
    const { failed } = await sentinel([record], { ...bench.deps, errors });
    expect(failed).toEqual([]);
    expect(bench.outside.logs).toContainEqual({ level: 'warn', code: 'COUNT_FAILED' });
  });
});
