import { ACCOUNT, REGION, START } from './plan';

/** Messages of the intake queue, as EventBridge puts them there: objects, to be made text by `bodyOf`. */
type Body = Record<string, unknown>;

export const bodyOf = (event: unknown): string => JSON.stringify(event);
export const iso = (ms: number): string => new Date(ms).toISOString();

interface AlarmChanges {
  readonly id?: string;
  readonly name?: string;
  readonly arn?: string;
  readonly at?: number;
  readonly account?: string;
  readonly region?: string;
  readonly value?: string;
  readonly group?: string;
  readonly metric?: string;
  /** Of `detail.state`. */
  readonly state?: Body;
  /** Of `detail`. */
  readonly detail?: Body;
}

/** A metric alarm on the latency of the group `web` that has gone off. */
export function alarmBody(changes: AlarmChanges = {}): Body {
  const { account = ACCOUNT, region = REGION, name = 'web-latency', group = 'web' } = changes;
  const { id = 'event-1', at = START, value = 'ALARM', metric = 'Latency' } = changes;
  return {
    version: '0',
    id,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account,
    region,
    time: iso(at),
    resources: [changes.arn ?? `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`],
    detail: {
      alarmName: name,
      configuration: {
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: { namespace: 'Shop/Web', name: metric, dimensions: { AutoScalingGroupName: group } },
              period: 60,
              stat: 'Average',
            },
            returnData: true,
          },
        ],
      },
      previousState: { value: 'OK', timestamp: iso(at - 60_000) },
      state: {
        value,
        reason: 'Threshold Crossed: 1 datapoint [0.9] was greater than the threshold (0.5).',
        reasonData: '{"version":"1.0","period":60,"recentDatapoints":[0.9],"threshold":0.5}',
        timestamp: iso(at),
        ...changes.state,
      },
      ...changes.detail,
    },
  };
}

interface ErrorChanges {
  readonly id?: string;
  readonly at?: number;
  readonly service?: string;
  readonly name?: string;
  readonly message?: string;
  readonly attributes?: Body;
  /** Of EventBridge's envelope. */
  readonly bus?: Body;
  /** Of our own envelope. */
  readonly envelope?: Body;
}

/** An `error.detected` of a user's own. */
export function errorBody(changes: ErrorChanges = {}): Body {
  const { id = 'error-1', at = START } = changes;
  return {
    version: '0',
    id: `bus-${id}`,
    'detail-type': 'error.detected',
    source: 'shop.checkout',
    account: ACCOUNT,
    region: REGION,
    time: iso(at),
    resources: [],
    detail: {
      id,
      type: 'error.detected',
      version: 1,
      time: iso(at),
      correlationId: `request-${id}`,
      detail: {
        service: changes.service ?? 'checkout',
        name: changes.name ?? 'HangError',
        message: changes.message ?? 'no answer for 30 s',
        attributes: changes.attributes ?? { group: 'web' },
      },
      ...changes.envelope,
    },
    ...changes.bus,
  };
}
