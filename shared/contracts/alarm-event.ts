import * as z from 'zod';
import { cutText } from '../domain/cut-text';
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
    /** There while a mute rule silences the alarm's actions. */
    muteDetail: z.looseObject({}).optional(),
  }),
});
export type AlarmEvent = z.infer<typeof AlarmEvent>;

/** What `reasonData` tells, when it is well-formed; it is evidence only, so anything else is left out. */
const Values = z.array(z.number().nullable()).default([]);
const ReasonData = z.object({
  threshold: z.number().optional(),
  recentDatapoints: Values,
  /** Of anomaly detection alarms, one for each datapoint; only the sides that the alarm watches. */
  recentLowerThresholds: Values,
  recentUpperThresholds: Values,
});
type ReasonData = z.infer<typeof ReasonData>;

/** The alarm event as evidence. Throws nothing: the event was parsed. */
export function alarmError(
  event: AlarmEvent,
): Omit<ErrorDetected, 'correlationId'> & { readonly correlationId: string } {
  const { detail } = event;
  const metrics = detail.configuration.metrics ?? [];
  const reason = readReason(detail.state.reasonData);
  const expressions = metrics.flatMap((entry) => (entry.expression === undefined ? [] : [entry.expression]));
  const isBand = expressions.some((expression) => /^\s*ANOMALY_DETECTION_BAND\s*\(/.test(expression));
  const alarm: AlarmEvidence = {
    name: detail.alarmName,
    arn: event.resources[0] as string,
    kind:
      detail.configuration.alarmRule !== undefined
        ? 'composite'
        : isBand
          ? 'anomaly'
          : expressions.length > 0
            ? 'expression'
            : 'metric',
    state: detail.state.value,
    ...(detail.previousState === undefined ? {} : { previousState: detail.previousState.value }),
    suppressed: detail.state.actionsSuppressedBy !== undefined || detail.muteDetail !== undefined,
    ...(isBand ? bandOf(detail.state, reason) : {}),
    reason: cutText(detail.state.reason ?? '', 2048),
    ...(detail.configuration.description === undefined
      ? {}
      : { description: cutText(detail.configuration.description, 1024) }),
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
    recentValues: (reason?.recentDatapoints ?? []).filter((value) => value !== null).slice(0, 100),
    ...(reason?.threshold === undefined ? {} : { threshold: reason.threshold }),
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

function readReason(text: string | undefined): ReasonData | undefined {
  if (text === undefined || text.length > 16_384) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  return ReasonData.safeParse(parsed).data;
}

type Band = { readonly band: 'above' | 'below' } | Record<string, never>;

/**
 * On which side of its band the newest datapoint outside it lies. The sentence in `reason` names both sides
 * whenever the alarm watches both, so it tells only where it names one.
 */
function bandOf(state: AlarmEvent['detail']['state'], data: ReasonData | undefined): Band {
  const { recentDatapoints = [], recentLowerThresholds = [], recentUpperThresholds = [] } = data ?? {};
  for (let index = recentDatapoints.length - 1; index >= 0; index -= 1) {
    const value = recentDatapoints[index] ?? Number.NaN;
    if (value > (recentUpperThresholds[index] ?? Number.NaN)) return { band: 'above' };
    if (value < (recentLowerThresholds[index] ?? Number.NaN)) return { band: 'below' };
  }
  if (state.value !== 'ALARM') return {};
  const above = /greater than the upper/i.test(state.reason ?? '');
  const below = /less than the lower/i.test(state.reason ?? '');
  if (above === below) return {};
  return { band: above ? 'above' : 'below' };
}
