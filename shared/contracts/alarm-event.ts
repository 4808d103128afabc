import * as z from 'zod';
import type { AlarmEvidence, ErrorDetected } from './error-detected';

/**
 * AWS's "CloudWatch Alarm State Change" event, read tolerantly: only what is used, as documented in the
 * CloudWatch user guide (alarm events and EventBridge). `reasonData` is JSON in a string.
 */
const State = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
const StateBlock = z.object({
  value: State,
  reason: z.string().optional(),
  reasonData: z.string().optional(),
  timestamp: z.string().optional(),
  actionsSuppressedBy: z.string().optional(),
  actionsSuppressedReason: z.string().optional(),
});
const MetricEntry = z.object({
  id: z.string().optional(),
  expression: z.string().optional(),
  returnData: z.boolean().optional(),
  metricStat: z
    .object({
      metric: z.object({
        namespace: z.string(),
        name: z.string(),
        dimensions: z.record(z.string(), z.string()).default({}),
      }),
      period: z.number().int().positive(),
      stat: z.string(),
    })
    .optional(),
});
export const AlarmEvent = z.object({
  id: z.string().min(1),
  account: z.string(),
  region: z.string(),
  time: z.string(),
  resources: z.array(z.string()).min(1),
  detail: z.object({
    alarmName: z.string().min(1),
    configuration: z
      .object({
        description: z.string().optional(),
        metrics: z.array(MetricEntry).optional(),
        alarmRule: z.string().optional(),
      })
      .default({}),
    previousState: StateBlock.optional(),
    state: StateBlock,
  }),
});
export type AlarmEvent = z.infer<typeof AlarmEvent>;

/** What `reasonData` tells, when it is well-formed; it is evidence only, so anything else is left out. */
const ReasonData = z.object({
  threshold: z.number().optional(),
  recentDatapoints: z.array(z.number().nullable()).optional(),
});

/** The alarm event as evidence. Throws nothing: the event was parsed. */
export function alarmError(
  event: AlarmEvent,
): Omit<ErrorDetected, 'correlationId'> & { readonly correlationId: string } {
  const { detail } = event;
  const metrics = detail.configuration.metrics ?? [];
  const reason = readReason(detail.state.reasonData);
  const expression = metrics.find((entry) => entry.expression !== undefined)?.expression;
  const isBand = expression !== undefined && /^\s*ANOMALY_DETECTION_BAND\s*\(/.test(expression);
  const alarm: AlarmEvidence = {
    name: detail.alarmName,
    arn: event.resources[0] as string,
    kind:
      detail.configuration.alarmRule !== undefined
        ? 'composite'
        : isBand
          ? 'anomaly'
          : expression !== undefined
            ? 'expression'
            : 'metric',
    state: detail.state.value,
    ...(detail.previousState === undefined ? {} : { previousState: detail.previousState.value }),
    suppressed: detail.state.actionsSuppressedBy !== undefined,
    ...(isBand ? bandOf(detail.state.reason ?? '') : {}),
    reason: (detail.state.reason ?? '').slice(0, 2048),
    ...(detail.configuration.description === undefined
      ? {}
      : { description: detail.configuration.description.slice(0, 1024) }),
    metrics: metrics.flatMap((entry) => {
      const stat = entry.metricStat;
      if (stat === undefined) return [];
      return [
        {
          namespace: stat.metric.namespace,
          metric: stat.metric.name,
          dimensions: stat.metric.dimensions,
          statistic: stat.stat,
          periodSeconds: stat.period,
        },
      ];
    }),
    recentValues: reason.values,
    ...(reason.threshold === undefined ? {} : { threshold: reason.threshold }),
  };
  return {
    eventId: event.id,
    type: 'error.detected',
    source: 'aws.cloudwatch',
    account: event.account,
    region: event.region,
    at: Date.parse(event.time),
    correlationId: event.id,
    alarm,
  };
}

function readReason(text: string | undefined): { values: number[]; threshold?: number } {
  if (text === undefined || text.length > 16_384) return { values: [] };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { values: [] };
  }
  const reason = ReasonData.safeParse(parsed);
  if (!reason.success) return { values: [] };
  const values = (reason.data.recentDatapoints ?? [])
    .filter((value): value is number => value !== null)
    .slice(0, 100);
  return { values, ...(reason.data.threshold === undefined ? {} : { threshold: reason.data.threshold }) };
}

/** CloudWatch says in the reason on which side of the band the values were. */
function bandOf(reason: string): { band: 'above' | 'below' } | Record<string, never> {
  if (/greater than the upper|above the (?:band|upper)|upper threshold/i.test(reason))
    return { band: 'above' };
  if (/less than the lower|below the (?:band|lower)|lower threshold/i.test(reason)) return { band: 'below' };
  return {};
}
