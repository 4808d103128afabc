import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlarmEvidence } from '../../shared/contracts/error-detected';
import { type IntakeReading, readIntake } from '../../shared/contracts/intake-event';
import { alarmBody, bodyOf } from '../support/builders/events';

const FIXTURES = join(__dirname, '../fixtures/events');
const fixture = (name: string): string => readFileSync(join(FIXTURES, `${name}.json`), 'utf8');

function evidenceOf(reading: IntakeReading): AlarmEvidence {
  if (!reading.ok || reading.error.alarm === undefined) throw new Error(JSON.stringify(reading));
  return reading.error.alarm;
}
const read = (name: string): AlarmEvidence => evidenceOf(readIntake(fixture(name)));
const codeOf = (reading: IntakeReading): string => (reading.ok ? 'ok' : reading.code);

describe('an alarm event in the documented shape', () => {
  test('of one metric brings the metric, its values and what the reason data says', () => {
    expect(readIntake(fixture('metric'))).toMatchObject({
      ok: true,
      error: {
        type: 'error.detected',
        source: 'aws.cloudwatch',
        eventId: '5f6f1d3e-0c1b-4a55-9a76-000000000001',
        correlationId: '5f6f1d3e-0c1b-4a55-9a76-000000000001',
        at: Date.UTC(2026, 0, 5, 12),
        account: '123456789012',
        region: 'us-east-1',
      },
    });
    expect(read('metric')).toMatchObject({
      name: 'Web CPU (prod) [high] > 70%',
      kind: 'metric',
      state: 'ALARM',
      previousState: 'OK',
      suppressed: false,
      description: 'The web group works too hard',
      recentValues: [88, 91.5],
      threshold: 70,
      metrics: [
        {
          namespace: 'AWS/EC2',
          metric: 'CPUUtilization',
          dimensions: { AutoScalingGroupName: 'web' },
          statistic: 'Average',
          periodSeconds: 60,
        },
      ],
    });
  });

  test('of metric math brings the metrics that the expression reads', () => {
    const alarm = read('metric-math');
    expect(alarm).toMatchObject({ kind: 'expression', previousState: 'INSUFFICIENT_DATA', threshold: 5 });
    expect(alarm.metrics.map(({ metric }) => metric)).toEqual(['HTTPCode_Target_5XX_Count', 'RequestCount']);
    expect(read('metrics-insights')).toMatchObject({ kind: 'expression', metrics: [], recentValues: [] });
  });

  test('of a composite alarm says whether its actions are suppressed', () => {
    expect(read('composite')).toMatchObject({ kind: 'composite', suppressed: false, metrics: [] });
    expect(read('composite-suppressed')).toMatchObject({ kind: 'composite', suppressed: true });
  });

  test('of an alarm under a mute rule is suppressed as well', () => {
    expect(read('muted').suppressed).toBe(true);
  });

  test('of an anomaly says on which side of its band the value was, from the reason data', () => {
    expect(read('anomaly-above')).toMatchObject({ kind: 'anomaly', band: 'above' });
    expect(read('anomaly-below')).toMatchObject({ kind: 'anomaly', band: 'below' });
    expect(read('anomaly-above').threshold).toBeUndefined();
  });

  test('of a state that is no alarm keeps that state', () => {
    expect(read('ok')).toMatchObject({ state: 'OK', previousState: 'ALARM' });
    expect(read('insufficient-data')).toMatchObject({ state: 'INSUFFICIENT_DATA', recentValues: [] });
  });
});

describe('the side of a band', () => {
  const band = (state: Record<string, unknown>, expression = 'ANOMALY_DETECTION_BAND(m1, 2)') => {
    const body = JSON.parse(fixture('anomaly-above'));
    Object.assign(body.detail.state, state);
    body.detail.configuration.metrics[1].expression = expression;
    return evidenceOf(readIntake(bodyOf(body))).band;
  };
  const data = (reasonData: object) => band({ reason: '', reasonData: JSON.stringify(reasonData) });

  test('is that of the newest datapoint outside it', () => {
    const limits = { recentLowerThresholds: [5, 5, 5], recentUpperThresholds: [9, 9, 9] };
    expect(data({ recentDatapoints: [1, 10, 7], ...limits })).toBe('above');
    expect(data({ recentDatapoints: [10, 1, null], ...limits })).toBe('below');
    expect(data({ recentDatapoints: [6, 7, 8], ...limits })).toBeUndefined();
  });
  test('is known of an alarm that watches one side only', () => {
    expect(data({ recentDatapoints: [10], recentUpperThresholds: [9] })).toBe('above');
    expect(data({ recentDatapoints: [1], recentLowerThresholds: [5] })).toBe('below');
  });
  test('is told by a sentence that names one side, and by none that names both', () => {
    const says = (reason: string) => band({ reason, reasonData: undefined });
    expect(says('was greater than the upper thresholds [9]')).toBe('above');
    expect(says('was less than the lower thresholds [5]')).toBe('below');
    expect(says('was less than the lower thresholds [5] or greater than the upper thresholds [9]')).toBe(
      undefined,
    );
  });
  test('is none of an alarm without a band, or that has cleared', () => {
    const reason = 'was not greater than the upper thresholds [9]';
    expect(band({ reason, reasonData: undefined, value: 'OK' })).toBeUndefined();
    expect(band({}, '100 * m1')).toBeUndefined();
  });
});

describe('reason data', () => {
  const withData = (reasonData: string) =>
    evidenceOf(readIntake(bodyOf(alarmBody({ state: { reasonData } }))));
  test.each(['', 'no JSON', '7', 'null', '{"threshold":"70"}'])(
    'that is %j is left out, and the event still counts',
    (text) => {
      const alarm = withData(text);
      expect(alarm.recentValues).toEqual([]);
      expect(alarm.threshold).toBeUndefined();
    },
  );
  test('of more values than anyone needs is cut', () => {
    const many = Array.from({ length: 500 }, (_, n) => n);
    expect(withData(JSON.stringify({ recentDatapoints: many })).recentValues).toHaveLength(100);
  });
});

describe('the name of an alarm', () => {
  const named = (name: string) => codeOf(readIntake(bodyOf(alarmBody({ name }))));
  test.each([
    'web cpu (prod)',
    '[prod] latency p99 > 2 s',
    "Ana's alarm: checkout; 5xx | all",
    '100% "busy"?',
    'a:b:c',
    'TargetTracking-table/orders-AlarmHigh-0a1b',
  ])('may be %j, as on AWS', (name) => {
    expect(named(name)).toBe('ok');
  });
  test.each([
    ['web*', 'SUSPICIOUS_WILDCARD'],
    ['w\u0435b', 'SUSPICIOUS_NON_ASCII'],
    ['caf\u00e9', 'SUSPICIOUS_NON_ASCII'],
    ['web\u202ecpu', 'BIDI_CONTROL'],
    ['web\u0000cpu', 'CONTROL_CHARACTER'],
    ['web\ncpu', 'SUSPICIOUS_CONTROL_CHARACTER'],
    ['$(reboot)', 'SUSPICIOUS_METACHARACTER'],
    ['$' + '{HOME}', 'SUSPICIOUS_METACHARACTER'],
    ['{{ name }}', 'SUSPICIOUS_METACHARACTER'],
    ['`id`', 'SUSPICIOUS_METACHARACTER'],
  ])('must not be %j: %s', (name, code) => {
    expect(named(name)).toBe(code);
  });
  test('must be that of the ARN, and the ARN an alarm of the event’s account and region', () => {
    const arn = (text: string) => codeOf(readIntake(bodyOf(alarmBody({ arn: text }))));
    expect(arn('arn:aws:cloudwatch:us-east-1:123456789012:alarm:another')).toBe('NOT_AN_ALARM_ARN');
    expect(arn('arn:aws:s3:::web-latency')).toBe('NOT_AN_ALARM_ARN');
    expect(arn('web-latency')).toBe('NOT_AN_ALARM_ARN');
    expect(arn('arn:aws:cloudwatch:us-east-1:999999999999:alarm:web-latency')).toBe('FOREIGN_ARN');
    expect(arn('arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-latency')).toBe('FOREIGN_ARN');
    expect(arn('arn:aws-us-gov:cloudwatch:us-east-1:123456789012:alarm:web-latency')).toBe('ok');
  });
});

const REAL = join(__dirname, '../../../shared/data/events');
const isHere = existsSync(REAL);

describe('events as their sources publish them', () => {
  test('are there to be read where the project is built', () => {
    if (process.env.CI === 'true') expect(isHere).toBe(true);
  });
  (isHere ? test : test.skip)('are taken in, or named as what no adapter takes', () => {
    const readings = readdirSync(REAL)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file, readIntake(readFileSync(join(REAL, file)))] as const);
    const seen = readings.map(([file, reading]) => [
      file,
      reading.ok ? `${reading.error.alarm?.kind} ${reading.error.alarm?.state}` : reading.code,
    ]);
    expect(Object.fromEntries(seen)).toMatchObject({
      'alertmanager-firing.json': 'NOT_AN_EVENT',
      'cw-alarm-metric-cleared.json': 'metric OK',
      'cw-alarm-metric-math.json': 'expression ALARM',
      'cw-alarm-metric.json': 'metric ALARM',
    });
  });
});
