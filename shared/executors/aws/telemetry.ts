import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import type { MetricPoint, Telemetry } from '../../ports/cloud';
import { TelemetryUnavailableError } from '../errors';
import { compositeAlarm, metricAlarm, stateChange } from './alarm';
import { repeatableOptions } from './client-options';
import { given } from './live-target';

export interface CloudWatchClients {
  /** For metrics and histories: speaks the query protocol. */
  readonly cloudwatch: CloudWatchClient;
  /** For alarms: speaks the SDK's own protocol. */
  readonly alarms: CloudWatchClient;
}

/**
 * Two clients, since the emulator reads metrics and histories in the query protocol only, and leaves an
 * alarm's period, statistic and dimensions out of that very protocol. AWS takes both. Nothing is sent
 * compressed, which the emulator does not read either.
 */
export function cloudwatchClients(more: CloudWatchClientConfig = {}): CloudWatchClients {
  const options = { ...repeatableOptions(), disableRequestCompression: true, ...more };
  return {
    cloudwatch: new CloudWatchClient({ ...options, protocol: AwsQueryProtocol }),
    alarms: new CloudWatchClient(options),
  };
}

const ALARM_TYPES: ('MetricAlarm' | 'CompositeAlarm')[] = ['MetricAlarm', 'CompositeAlarm'];

/** Alarms and metrics of the clients' account and region. */
export function awsTelemetry({ cloudwatch, alarms }: CloudWatchClients): Telemetry {
  return {
    async alarm(name) {
      // Composite alarms are left out unless asked for.
      const answer = await alarms.send(
        new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ALARM_TYPES }),
      );
      const metric = answer.MetricAlarms?.find(({ AlarmName }) => AlarmName === name);
      if (metric) return metricAlarm(metric);
      const composite = answer.CompositeAlarms?.find(({ AlarmName }) => AlarmName === name);
      return composite && compositeAlarm(composite);
    },

    async alarmHistory(name, from, to) {
      const changes = [];
      let token: string | undefined;
      do {
        const page = await cloudwatch.send(
          new DescribeAlarmHistoryCommand({
            AlarmName: name,
            AlarmTypes: ALARM_TYPES,
            HistoryItemType: 'StateUpdate',
            StartDate: new Date(from),
            EndDate: new Date(to),
            ScanBy: 'TimestampAscending',
            ...(token ? { NextToken: token } : {}),
          }),
        );
        changes.push(...(page.AlarmHistoryItems ?? []).map(stateChange));
        token = page.NextToken;
      } while (token);
      return changes.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
    },

    async series(query, from, to) {
      const values = new Map<number, number>();
      let token: string | undefined;
      do {
        const page = await cloudwatch.send(
          new GetMetricDataCommand({
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: 'TimestampAscending',
            MetricDataQueries: [
              {
                Id: 'm',
                MetricStat: {
                  Metric: {
                    Namespace: query.namespace,
                    MetricName: query.metric,
                    Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
                  },
                  Period: query.periodSeconds,
                  Stat: query.statistic,
                },
                ReturnData: true,
              },
            ],
            ...(token ? { NextToken: token } : {}),
          }),
        );
        for (const result of page.MetricDataResults ?? []) {
          const status = result.StatusCode;
          if (status === 'InternalError' || status === 'Forbidden') {
            throw new TelemetryUnavailableError(
              `${query.namespace}/${query.metric}: CloudWatch says ${status}`,
            );
          }
          result.Timestamps?.forEach((at, n) => {
            values.set(at.getTime(), given(result.Values?.[n], 'value of a datapoint'));
          });
        }
        token = page.NextToken;
      } while (token);
      // CloudWatch rounds the start down to the retention's period, and the emulator does not sort.
      return [...values]
        .map(([at, value]): MetricPoint => ({ at, value }))
        .filter(({ at }) => at >= from && at < to)
        .sort((a, b) => a.at - b.at);
    },
  };
}
