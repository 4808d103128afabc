import { evaluateAlarm } from '../../cli/simulator/cloud/alarm-evaluation';
import type { AlarmEvent } from '../../cli/simulator/cloud/alarm-events';
import { simulatedTelemetry } from '../../cli/simulator/cloud/ports';
import { createWorld } from '../../cli/simulator/cloud/world';
import { type EvaluatedAlarmFile, WorldFile, type WorldSource } from '../../cli/simulator/cloud/world-file';
import { createKernel } from '../../cli/simulator/kernel';

const START = Date.UTC(2026, 0, 5, 8, 0, 0);
const metric = {
  id: 'latency',
  namespace: 'Shop',
  metric: 'Latency',
  dimensions: { Group: 'web' },
  base: 0.4,
};
const evaluation = {
  comparison: 'GreaterThanThreshold' as const,
  threshold: 1,
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
};
const alarm = {
  type: 'metric' as const,
  name: 'slow',
  description: 'Too slow',
  metric: 'latency',
  ...evaluation,
};
const cause = { id: 'fault', fromSeconds: 120, metrics: [{ metric: 'latency', raisesTo: 3 }] };

function setUp(source: Partial<WorldSource>, alive?: () => boolean) {
  const kernel = createKernel({ startMs: START, seed: 3 });
  const events: AlarmEvent[] = [];
  const file = WorldFile.parse({
    schema: 1,
    account: '123456789012',
    region: 'eu-west-1',
    horizonSeconds: 3600,
    metrics: [metric],
    alarms: [alarm],
    ...source,
  });
  const onEvent = (event: AlarmEvent) => events.push(event);
  const world = createWorld({ kernel, file, onEvent, ...(alive ? { alive } : {}) });
  const telemetry = simulatedTelemetry(world);
  return { kernel, world, events, telemetry, to: (s: number) => kernel.run({ untilMs: START + s * 1000 }) };
}

/** `0` not breaching, `X` breaching, `-` missing; the last is the newest. */
function decide(range: string, change: Partial<EvaluatedAlarmFile>) {
  const points = [...range].flatMap((sign, index) =>
    sign === '-' ? [] : [{ at: index * 60_000, value: sign === 'X' ? 9 : 0 }],
  );
  const { alarms } = WorldFile.parse({
    schema: 1,
    account: '123456789012',
    region: 'eu-west-1',
    metrics: [metric],
    alarms: [alarm],
  });
  const merged = { ...alarms[0], ...change } as EvaluatedAlarmFile;
  return evaluateAlarm({ alarm: merged, points, rangeEnd: range.length * 60_000, current: 'OK' }).state;
}

describe('alarm evaluation', () => {
  // AWS, "Configuring how CloudWatch alarms treat missing data": columns missing, ignore, breaching, notBreaching.
  it.each([
    [3, '0-X-X', ['OK', 'OK', 'OK', 'OK']],
    [3, '----0', ['OK', 'OK', 'OK', 'OK']],
    [3, '-----', ['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK']],
    [3, '0XX-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    [3, '--X--', ['ALARM', 'OK', 'ALARM', 'OK']],
    [2, '0-X-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    [2, '00X0X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    [2, '0-X--', ['OK', 'OK', 'ALARM', 'OK']],
    [2, '----0', ['OK', 'OK', 'ALARM', 'OK']],
    [2, '---X-', ['ALARM', 'OK', 'ALARM', 'OK']],
  ])('%d of 3 over %s', (datapointsToAlarm, range, expected) => {
    const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
    expect(
      treatments.map((treatMissingData) => decide(range, { datapointsToAlarm, treatMissingData })),
    ).toEqual(expected);
  });

  it('compares as the alarm says', () => {
    const one = { evaluationPeriods: 1, datapointsToAlarm: 1 };
    expect(decide('0', { ...one, threshold: 0, comparison: 'GreaterThanOrEqualToThreshold' })).toBe('ALARM');
    expect(decide('0', { ...one, threshold: 0, comparison: 'LessThanThreshold' })).toBe('OK');
    expect(decide('0', { ...one, threshold: 0, comparison: 'LessThanOrEqualToThreshold' })).toBe('ALARM');
  });
});

describe('alarms of the simulated cloud', () => {
  it('fire after M of N periods, clear likewise, and keep their history', async () => {
    const recovery = { spontaneousRecovery: { atSeconds: 600 } };
    const { events, telemetry, to } = setUp({ causes: [{ ...cause, ...recovery }] });
    await to(1200);
    const seconds = events.map(({ time, detail }) => [(Date.parse(time) - START) / 1000, detail.state.value]);
    expect(seconds).toEqual([
      [245, 'ALARM'],
      [725, 'OK'],
    ]);
    expect(await telemetry.alarmHistory('slow', START, START + 1_200_000)).toEqual([
      { at: START + 245_000, state: 'ALARM' },
      { at: START + 725_000, state: 'OK' },
    ]);
    expect(await telemetry.alarm('slow')).toEqual({
      name: 'slow',
      state: 'OK',
      stateSince: START + 725_000,
      evaluationSeconds: 180,
      composite: false,
      threshold: 1,
      comparison: 'GreaterThanThreshold',
      metric: {
        namespace: 'Shop',
        metric: 'Latency',
        dimensions: { Group: 'web' },
        statistic: 'Average',
        periodSeconds: 60,
      },
      actionsEnabled: true,
    });
    expect(await telemetry.alarm('other')).toBeUndefined();
  });

  it('send events in the shape that AWS documents', async () => {
    const { events, to } = setUp({ causes: [cause] });
    await to(300);
    const [event] = events;
    expect(event).toMatchObject({
      version: '0',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '123456789012',
      region: 'eu-west-1',
      time: '2026-01-05T08:04:05Z',
      resources: ['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:slow'],
      detail: {
        alarmName: 'slow',
        configuration: {
          description: 'Too slow',
          metrics: [
            {
              metricStat: {
                metric: { namespace: 'Shop', name: 'Latency', dimensions: { Group: 'web' } },
                period: 60,
                stat: 'Average',
              },
              returnData: true,
            },
          ],
        },
        previousState: { value: 'OK', reason: 'Unchecked: Initial alarm creation' },
        state: { value: 'ALARM', timestamp: '2026-01-05T08:04:05.000+0000' },
      },
    });
    expect(event?.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const state = event?.detail.state;
    expect(state?.reason).toMatch(
      /^Threshold Crossed: 2 out of the last 3 datapoints \[[\d.]+ \(05\/01\/26 08:03:00\), .*\] were greater than the threshold \(1\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/,
    );
    const data = JSON.parse(state?.reasonData ?? '');
    expect(data).toMatchObject({ version: '1.0', statistic: 'Average', period: 60, threshold: 1 });
    expect(data.startDate).toBe('2026-01-05T08:01:00.000+0000');
    expect(data.recentDatapoints).toHaveLength(3);
  });

  it('see late points when they come, and lack of data for what it is', async () => {
    const late = setUp({
      metrics: [{ ...metric, late: { from: { atSeconds: -600 }, seconds: 100 } }],
      causes: [cause],
    });
    await late.to(600);
    expect(late.events.map(({ time }) => (Date.parse(time) - START) / 1000)).toEqual([365]);

    const silent = setUp({ metrics: [{ ...metric, missing: [{ from: { atSeconds: 120 } }] }] });
    await silent.to(900);
    expect(silent.events.map(({ detail }) => detail.state)).toEqual([
      expect.objectContaining({
        value: 'INSUFFICIENT_DATA',
        reason: 'Insufficient Data: 3 datapoints were unknown.',
      }),
    ]);
  });

  it('flap with a cause that does', async () => {
    const { events, to } = setUp({ causes: [{ ...cause, flapping: { periodSeconds: 600 } }] });
    await to(1500);
    expect(events.map(({ detail }) => detail.state.value)).toEqual(['ALARM', 'OK', 'ALARM', 'OK', 'ALARM']);
  });

  it('combine metrics, and other alarms, which may suppress them', async () => {
    const { events, to, telemetry } = setUp({
      metrics: [metric, { ...metric, id: 'other', metric: 'Queueing', base: 0.1 }],
      alarms: [
        { ...alarm, name: 'child' },
        { ...alarm, name: 'maintenance', threshold: 0, initialState: 'ALARM' },
        {
          type: 'composite',
          name: 'both',
          anyOf: ['child'],
          suppressor: { alarm: 'maintenance', waitSeconds: 60, extensionSeconds: 60 },
        },
        { ...evaluation, type: 'expression', name: 'sum', metrics: ['latency', 'other'], combine: 'sum' },
      ],
      causes: [cause],
    });
    await to(300);
    expect(events.map(({ detail }) => detail.alarmName)).toEqual(['child', 'sum', 'both']);
    const [, sum, both] = events;
    expect(sum?.detail.configuration).toMatchObject({
      metrics: [{ expression: 'SUM(METRICS())', id: 'e1', returnData: true }, { id: 'm1' }, { id: 'm2' }],
    });
    expect(both?.detail.configuration).toEqual({
      alarmRule: 'ALARM("child")',
      actionsSuppressor: 'maintenance',
      actionsSuppressorWaitPeriod: 60,
      actionsSuppressorExtensionPeriod: 60,
    });
    expect(both?.detail.state).toMatchObject({
      actionsSuppressedBy: 'Alarm',
      value: 'ALARM',
      reason:
        'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:child transitioned to ALARM at Monday 5 January, 2026 08:04:05 UTC',
    });
    expect(JSON.parse(both?.detail.state.reasonData ?? '')).toEqual({
      triggeringAlarms: [
        {
          arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:child',
          state: { value: 'ALARM', timestamp: '2026-01-05T08:04:05.000+0000' },
        },
      ],
    });
    expect(await telemetry.alarm('both')).toMatchObject({ composite: true, evaluationSeconds: 0 });
  });

  it('let the kernel come to rest: at the horizon, when stopped, or when nobody is alive', async () => {
    const bounded = setUp({ horizonSeconds: 300 });
    expect(await bounded.kernel.run()).toBe('idle');
    expect(bounded.kernel.now()).toBe(START + 245_000);

    const stopped = setUp({});
    stopped.kernel.schedule(100_000, stopped.world.stop);
    expect(await stopped.kernel.run()).toBe('idle');
    expect(stopped.kernel.now()).toBeLessThan(START + 130_000);

    const abandoned = setUp({}, () => false);
    expect(await abandoned.kernel.run()).toBe('idle');
    expect(abandoned.kernel.now()).toBe(START + 5000);
  });

  it('are right after the horizon too, though they send nothing any more', async () => {
    const { telemetry, to, events } = setUp({ horizonSeconds: 60, causes: [cause] });
    await to(6000);
    expect(await telemetry.alarm('slow')).toMatchObject({ state: 'ALARM', stateSince: START + 245_000 });
    expect(events).toEqual([]);
  });
});

describe('a world file', () => {
  it.each([
    ['an unknown metric', { alarms: [{ ...alarm, metric: 'nothing' }] }],
    ['more datapoints than periods', { alarms: [{ ...alarm, datapointsToAlarm: 4 }] }],
    ['two alarms of one name', { alarms: [alarm, alarm] }],
    ['a composite before its child', { alarms: [{ type: 'composite', name: 'c', anyOf: ['slow'] }, alarm] }],
    [
      'a capacity over the maximum',
      { resources: [{ kind: 'autoscaling:group', id: 'g', desired: 3, min: 1, max: 2 }] },
    ],
    ['a misspelt field', { alarm: [] }],
  ])('is refused with %s', (_, part) => {
    const file = { schema: 1, account: '123456789012', region: 'eu-west-1', metrics: [metric], ...part };
    expect(WorldFile.safeParse(file).success).toBe(false);
  });
});
