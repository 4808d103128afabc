import type { ErrorDetected } from '../contracts/error-detected';
import type { Playbook } from '../contracts/playbook';
import { FACTS } from './actions';
import type { Expectation, MetricQuerySpec } from './expectation';
import { MINIMUM_POINTS } from './metric-change';
import { type PlanRefusal, refusePlan } from './plan-steps';
import type { Scalar } from './scalar';
import { LEAST_LEVEL_POINTS } from './verdict';

/** An alarm as a look found it, as far as planning needs it. */
export interface AlarmFacts {
  readonly name: string;
  /** 0 = unknown (composite). */
  readonly evaluationSeconds: number;
  readonly threshold?: number;
  /** CloudWatch's name: `GreaterThanThreshold`, `LessThanOrEqualToThreshold` … */
  readonly comparison?: string;
  readonly metric?: MetricQuerySpec;
}

/** What expressions of one expectation gave; literals are in it too. */
export interface ExpectationValues {
  /** Of the comparison in a resource expectation. */
  readonly value?: Scalar;
  /** Of an explicit metric. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface ExpectationInput {
  readonly expected: Playbook['expect'][number];
  readonly values: ExpectationValues;
  readonly playbook: Playbook;
  readonly event: ErrorDetected;
  readonly alarm: AlarmFacts | undefined;
}
export type BoundExpectation = { readonly ok: true; readonly expectation: Expectation } | PlanRefusal;

const bound = (expectation: Expectation): BoundExpectation => ({ ok: true, expectation });

/** One expectation of a playbook, with names, numbers and times of this incident put in. */
export function bindExpectation(input: ExpectationInput): BoundExpectation {
  const { expected } = input;
  if ('resource' in expected) return bindResource(input, expected);
  if ('alarm' in expected) return bindAlarm(input, expected);
  if ('metric' in expected) return bindMetric(input, expected);
  return bound({ kind: 'smoke' });
}

type Expected = ExpectationInput['expected'];

function bindResource(
  { playbook, values }: ExpectationInput,
  expected: Extract<Expected, { resource: string }>,
): BoundExpectation {
  const field = expected.resource;
  const { value } = values;
  if (!Object.hasOwn(FACTS[playbook.target.kind], field)) {
    return refusePlan('UNKNOWN_FACT', `${playbook.target.kind} has no fact ${field}`);
  }
  const comparison = (['equals', 'at_least', 'at_most'] as const).find(
    (name) => expected[name] !== undefined,
  );
  if (comparison === undefined || value === undefined) {
    return refusePlan('BAD_EXPECTATION', `nothing to compare ${field} with`);
  }
  if (comparison !== 'equals' && typeof value !== 'number') {
    return refusePlan(
      'BAD_EXPECTATION',
      `${field} ${comparison} needs a number, not ${JSON.stringify(value)}`,
    );
  }
  return bound({ kind: 'resource', field, comparison, value });
}

function bindAlarm(
  { playbook, alarm }: ExpectationInput,
  expected: Extract<Expected, { alarm: string }>,
): BoundExpectation {
  const name = expected.alarm === 'triggering' ? alarm?.name : expected.alarm;
  if (name === undefined)
    return refusePlan('NO_TRIGGERING_ALARM', 'the event brings no alarm to expect anything of');
  const heldSeconds =
    expected.held_for ?? Math.min(playbook.alarm_evaluation, playbook.window - playbook.settle);
  return bound({ kind: 'alarm', alarm: name, state: 'OK', heldSeconds });
}

function bindMetric(
  input: ExpectationInput,
  expected: Extract<Expected, { metric: unknown }>,
): BoundExpectation {
  const { playbook } = input;
  const query = metricOf(input, expected.metric);
  if (query === undefined) {
    return refusePlan('METRIC_UNKNOWN', 'the alarm is not of one metric; name the metric in the playbook');
  }
  const available = playbook.window - playbook.settle;
  const needed = expected.change === undefined ? LEAST_LEVEL_POINTS : MINIMUM_POINTS;
  // The end of the window falls anywhere within a period, so one point less than fits is sure to be whole. A slow
  // metric is looked at for longer than the playbook says, never for less; what could not be proven is not begun.
  const lastSeconds = Math.max(expected.over_last ?? available, (needed + 1) * query.periodSeconds);
  if (lastSeconds > available) {
    return refusePlan(
      'TOO_FEW_POINTS',
      `${available} s from settle to the window's end are too short for ${needed} whole points of ${query.periodSeconds} s`,
    );
  }
  if (expected.change !== undefined) {
    return bound({ kind: 'metric_change', query, direction: expected.change, lastSeconds });
  }
  const comparison = expected.below === undefined ? 'above' : 'below';
  const wanted = expected.below ?? expected.above;
  if (wanted !== 'threshold') {
    if (wanted === undefined) return refusePlan('BAD_EXPECTATION', 'nothing to compare the metric with');
    return bound({ kind: 'metric', query, comparison, value: wanted, lastSeconds });
  }
  // The live alarm before the event: an event is evidence, and must not set its own pass mark.
  const value = input.alarm?.threshold ?? input.event.alarm?.threshold;
  if (value === undefined)
    return refusePlan('THRESHOLD_UNKNOWN', 'neither the alarm nor the event tells a threshold');
  if (breaches(input.alarm?.comparison, comparison)) {
    return refusePlan('EXPECTS_THE_FAULT', `the alarm fires when the metric is ${comparison} ${value}`);
  }
  return bound({ kind: 'metric', query, comparison, value, lastSeconds });
}

/** The alarm's own comparison, where it has one direction, is what the playbook waits for. */
function breaches(comparison: string | undefined, wanted: 'below' | 'above'): boolean {
  if (comparison === undefined) return false;
  return (
    comparison.startsWith(wanted === 'below' ? 'LessThanThreshold' : 'GreaterThanThreshold') ||
    comparison.startsWith(wanted === 'below' ? 'LessThanOrEqualToThreshold' : 'GreaterThanOrEqualToThreshold')
  );
}

type MetricExpected = Extract<Expected, { metric: unknown }>['metric'];

function metricOf(
  { alarm, event, values }: ExpectationInput,
  source: MetricExpected,
): MetricQuerySpec | undefined {
  if (source !== 'triggering') {
    return {
      namespace: source.namespace,
      metric: source.metric,
      dimensions: values.dimensions ?? {},
      statistic: source.statistic,
      periodSeconds: source.period,
    };
  }
  if (alarm === undefined) return undefined;
  if (alarm.metric !== undefined) {
    const { namespace, metric, dimensions, statistic, periodSeconds } = alarm.metric;
    return { namespace, metric, dimensions, statistic, periodSeconds };
  }
  const kind = event.alarm?.kind;
  const [first, ...others] = event.alarm?.metrics ?? [];
  if (first === undefined || others.length > 0 || (kind !== 'metric' && kind !== 'anomaly')) return undefined;
  return first;
}
