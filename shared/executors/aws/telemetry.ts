import {
  type CloudWatchClient,
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

/**
 * Options of the CloudWatch client. The query protocol and uncompressed requests, since emulators answer
 * only those; AWS takes both.
 */
export function cloudwatchOptions() {
  return { ...repeatableOptions(), protocol: AwsQueryProtocol, disableRequestCompression: true };
}

const ALARM_TYPES: ('MetricAlarm' | 'CompositeAlarm')[] = ['MetricAlarm', 'CompositeAlarm'];

/** Alarms and metrics of the client's account and region. Client: `cloudwatchOptions`. */
export function awsTelemetry({ cloudwatch }: { readonly cloudwatch: CloudWatchClient }): Telemetry {
  return {
    async alarm(name) {
      // Composite alarms are left out unless asked for.
      const answer = await cloudwatch.send(
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
