import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { fakeService, NOWHERE } from '../support/aws-answers';

const service = mockClient(CloudWatchClient);
const telemetry = awsTelemetry(cloudwatchClients(NOWHERE));
const noon = Date.parse('2026-01-01T12:00:00Z');
const latency = {
  namespace: 'AWS/ApplicationELB',
  metric: 'TargetResponseTime',
  dimensions: { LoadBalancer: 'app/shop' },
  statistic: 'p99',
  periodSeconds: 60,
};

beforeEach(() => service.reset());

const alarm = (more: Partial<MetricAlarm>): MetricAlarm => ({
  AlarmName: 'high',
  StateValue: 'ALARM',
  StateUpdatedTimestamp: new Date(noon + 5),
  StateTransitionedTimestamp: new Date(noon),
  ActionsEnabled: true,
  EvaluationPeriods: 3,
  ComparisonOperator: 'GreaterThanThreshold',
  ...more,
});
const p99 = {
  Namespace: latency.namespace,
  MetricName: latency.metric,
  Dimensions: [{ Name: 'LoadBalancer', Value: 'app/shop' }],
};

describe('an alarm', () => {
  it('on a metric comes with the metric, the threshold and how long it takes to change', async () => {
    service.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [alarm({ ...p99, ExtendedStatistic: 'p99', Period: 60, Threshold: 0.5 })],
    });
    expect(await telemetry.alarm('high')).toEqual({
      name: 'high',
      state: 'ALARM',
      stateSince: noon,
      actionsEnabled: true,
      composite: false,
      evaluationSeconds: 180,
      threshold: 0.5,
      comparison: 'GreaterThanThreshold',
      metric: latency,
    });
    expect(service.calls()[0]?.args[0].input).toEqual({
      AlarmNames: ['high'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    });
  });

  it('on an expression has the metrics’ period, and no metric to hold the threshold against', async () => {
    service.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [
        alarm({
          Threshold: 5,
          Metrics: [
            { Id: 'm', MetricStat: { Metric: p99, Period: 300, Stat: 'Sum' }, ReturnData: false },
            { Id: 'e', Expression: 'm / 10', ReturnData: true },
          ],
        }),
      ],
    });
    const found = await telemetry.alarm('high');
    expect(found).toMatchObject({ evaluationSeconds: 900, threshold: 5 });
    expect(found).not.toHaveProperty('metric');
  });

  it('on an anomaly band has the metric and no threshold', async () => {
    service.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [
        alarm({
          ThresholdMetricId: 'band',
          Metrics: [
            { Id: 'm', MetricStat: { Metric: p99, Period: 60, Stat: 'p99' } },
            { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' },
          ],
        }),
      ],
    });
    const found = await telemetry.alarm('high');
    expect(found).toMatchObject({ metric: latency, evaluationSeconds: 180 });
    expect(found).not.toHaveProperty('threshold');
  });

  it('made of others is composite, of a period that is not known', async () => {
    service.on(DescribeAlarmsCommand).resolves({
      CompositeAlarms: [
        { AlarmName: 'any', StateValue: 'OK', StateUpdatedTimestamp: new Date(noon), ActionsEnabled: false },
      ],
    });
    expect(await telemetry.alarm('any')).toEqual({
      name: 'any',
      state: 'OK',
      stateSince: noon,
      actionsEnabled: false,
      composite: true,
      evaluationSeconds: 0,
    });
  });

  it('that is not there is none, and one without a state is a fault', async () => {
    service.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [], CompositeAlarms: [] });
    expect(await telemetry.alarm('high')).toBeUndefined();
    service
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ ...alarm({}), StateValue: 'ODD' as 'OK' }] });
    await expect(telemetry.alarm('high')).rejects.toMatchObject({ name: 'MalformedAnswerError' });
  });
});

describe('the history of an alarm', () => {
  const item = (seconds: number, state: string) => ({
    Timestamp: new Date(noon + seconds * 1000),
    HistoryData: JSON.stringify({ version: '1.0', newState: { stateValue: state } }),
  });

  it('is in order, over all pages, within the time asked for', async () => {
    service
      .on(DescribeAlarmHistoryCommand)
      .resolvesOnce({ AlarmHistoryItems: [item(60, 'OK'), item(-1, 'OK')], NextToken: 'more' })
      .resolves({
        AlarmHistoryItems: [
          item(0, 'ALARM'),
          // Cut off, as CloudWatch does with long data.
          {
            Timestamp: new Date(noon + 90_000),
            HistoryData: '{"vers',
            HistorySummary: 'Alarm updated from OK to ALARM',
          },
        ],
      });
    expect(await telemetry.alarmHistory('high', noon, noon + 100_000)).toEqual([
      { at: noon, state: 'ALARM' },
      { at: noon + 60_000, state: 'OK' },
      { at: noon + 90_000, state: 'ALARM' },
    ]);
  });

  it('that tells no state is a fault', async () => {
    service.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [{ Timestamp: new Date(noon) }] });
    await expect(telemetry.alarmHistory('high', noon, noon + 1)).rejects.toMatchObject({
      name: 'MalformedAnswerError',
    });
  });
});

describe('a series', () => {
  it('is sorted, over all pages, within [from, to)', async () => {
    const at = (minutes: number) => new Date(noon + minutes * 60_000);
    service
      .on(GetMetricDataCommand)
      .resolvesOnce({
        MetricDataResults: [
          { StatusCode: 'PartialData', Timestamps: [at(2), at(0), at(-1)], Values: [3, 1, 9] },
        ],
        NextToken: 'more',
      })
      .resolves({
        MetricDataResults: [{ StatusCode: 'Complete', Timestamps: [at(1), at(2), at(3)], Values: [2, 3, 9] }],
      });
    expect(await telemetry.series(latency, noon, noon + 180_000)).toEqual([
      { at: noon, value: 1 },
      { at: noon + 60_000, value: 2 },
      { at: noon + 120_000, value: 3 },
    ]);
    expect(service.calls()[0]?.args[0].input).toMatchObject({
      MetricDataQueries: [{ MetricStat: { Metric: p99, Period: 60, Stat: 'p99' } }],
    });
  });

  it('without data is empty; one that CloudWatch could not compute is a fault', async () => {
    service.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
    expect(await telemetry.series(latency, noon, noon + 1)).toEqual([]);
    service.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ StatusCode: 'InternalError' }] });
    await expect(telemetry.series(latency, noon, noon + 1)).rejects.toMatchObject({
      name: 'TelemetryUnavailableError',
    });
  });
});

describe('on the wire', () => {
  beforeEach(() => service.restore());

  it('metrics are asked for in the query protocol, uncompressed', async () => {
    const fake = await fakeService((response) =>
      response.end(
        `<GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>m</Id>
         <StatusCode>Complete</StatusCode><Timestamps><member>2026-01-01T12:00:00Z</member></Timestamps>
         <Values><member>1.5</member></Values></member></MetricDataResults></GetMetricDataResult></GetMetricDataResponse>`,
      ),
    );
    const live = awsTelemetry(cloudwatchClients({ ...NOWHERE, endpoint: fake.endpoint }));
    expect(await live.series(latency, noon, noon + 60_000)).toEqual([{ at: noon, value: 1.5 }]);
    await fake.close();
    expect(fake.requests[0]?.headers['content-type']).toMatch('application/x-www-form-urlencoded');
    expect(fake.requests[0]?.headers).not.toHaveProperty('content-encoding');
    expect(fake.requests[0]?.body).toMatch(/^Action=GetMetricData&Version=2010-08-01/);
  });

  it('alarms are asked for in JSON', async () => {
    const fake = await fakeService((response) => response.end('{"MetricAlarms":[],"CompositeAlarms":[]}'));
    const live = awsTelemetry(cloudwatchClients({ ...NOWHERE, endpoint: fake.endpoint }));
    expect(await live.alarm('high')).toBeUndefined();
    await fake.close();
    expect(fake.requests[0]?.headers['content-type']).toBe('application/x-amz-json-1.0');
  });
});
