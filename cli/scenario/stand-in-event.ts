import type { AlarmState } from '../../shared/ports/cloud';
import { alarmArn } from '../simulator/cloud/alarm-events';
import type { AlarmSpec } from '../up/make-targets';

/** Resource and detail of a "CloudWatch Alarm State Change" event, in AWS's documented shape. `at`: ms since 1970. */
export function alarmChange(change: {
  readonly alarm: AlarmSpec;
  readonly state: AlarmState;
  readonly account: string;
  readonly region: string;
  readonly at: number;
}) {
  const { alarm, state, account, region, at } = change;
  const other: AlarmState = state === 'OK' ? 'ALARM' : 'OK';
  const timestamp = stateTime(at);
  const value = alarm.threshold * (state === 'OK' ? 0.5 : 2);
  return {
    resource: alarmArn({ account, region }, alarm.name),
    detail: {
      alarmName: alarm.name,
      configuration: {
        description: 'moved by the stand-in',
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: { namespace: alarm.namespace, name: alarm.metric, dimensions: alarm.dimensions },
              period: alarm.periodSeconds,
              stat: alarm.statistic,
            },
            returnData: true,
          },
        ],
      },
      previousState: { value: other, reason: 'Set by the stand-in', timestamp },
      state: {
        value: state,
        reason: `Threshold Crossed: 1 datapoint [${value}] was ${state === 'OK' ? 'not ' : ''}greater than the threshold (${alarm.threshold}).`,
        reasonData: JSON.stringify({
          version: '1.0',
          queryDate: timestamp,
          statistic: alarm.statistic,
          period: alarm.periodSeconds,
          recentDatapoints: [value],
          threshold: alarm.threshold,
        }),
        timestamp,
      },
    },
  };
}

/** As CloudWatch writes times within a state: no colon in the zone. */
function stateTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
