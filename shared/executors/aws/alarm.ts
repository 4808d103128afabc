import type { AlarmHistoryItem, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState, LiveAlarm, MetricQuery } from '../../ports/cloud';
import { MalformedAnswerError } from '../errors';
import { given } from './live-target';

/** A metric alarm, also one on an expression or on an anomaly detection band. */
export function metricAlarm(alarm: MetricAlarm): LiveAlarm {
  const metric = metricOf(alarm);
  return {
    ...common(alarm),
    composite: false,
    evaluationSeconds: periodOf(alarm) * (alarm.EvaluationPeriods ?? 1),
    ...(alarm.Threshold !== undefined ? { threshold: alarm.Threshold } : {}),
    ...(alarm.ComparisonOperator ? { comparison: alarm.ComparisonOperator } : {}),
    ...(metric ? { metric } : {}),
  };
}

/** Decided by other alarms: it has no period of its own (0 = not known). */
export function compositeAlarm(alarm: CompositeAlarm): LiveAlarm {
  return { ...common(alarm), composite: true, evaluationSeconds: 0 };
}

/**
 * A change of state from the alarm's history; its data is JSON, its summary a sentence.
 * @throws MalformedAnswerError when neither tells the new state
 */
export function stateChange(item: AlarmHistoryItem): { readonly at: number; readonly state: AlarmState } {
  const state =
    stateIn(item.HistoryData) ?? item.HistorySummary?.match(/ to (OK|ALARM|INSUFFICIENT_DATA)\b/)?.[1];
  return { at: given(item.Timestamp, 'Timestamp').getTime(), state: alarmState(state) };
}

function common(alarm: MetricAlarm | CompositeAlarm) {
  // Updated is also set when only the reason changes; Transitioned is not.
  const since = given(
    alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp,
    'time of the alarm state',
  );
  return {
    name: given(alarm.AlarmName, 'AlarmName'),
    state: alarmState(alarm.StateValue),
    stateSince: since.getTime(),
    actionsEnabled: alarm.ActionsEnabled ?? true,
  };
}

/** Seconds; the longest period of those that an expression reads. */
function periodOf(alarm: MetricAlarm): number {
  const periods = (alarm.Metrics ?? []).flatMap(({ MetricStat, Period }) => [
    MetricStat?.Period ?? 0,
    Period ?? 0,
  ]);
  return alarm.Period ?? Math.max(0, ...periods);
}

/**
 * The metric that the alarm watches. Of an expression none is given: its threshold is one of the
 * expression, and must not be held against a metric that it reads. An anomaly alarm has no threshold.
 */
function metricOf(alarm: MetricAlarm): MetricQuery | undefined {
  if (alarm.Namespace && alarm.MetricName) {
    return {
      namespace: alarm.Namespace,
      metric: alarm.MetricName,
      dimensions: dimensionsOf(alarm.Dimensions),
      // One of the two; the emulator adds `Average` to a percentile.
      statistic: alarm.ExtendedStatistic ?? given(alarm.Statistic, 'statistic'),
      periodSeconds: given(alarm.Period, 'Period'),
    };
  }
  const plain = alarm.Metrics?.filter(({ MetricStat }) => MetricStat) ?? [];
  const stat = plain[0]?.MetricStat;
  if (plain.length !== 1 || !stat || (!alarm.ThresholdMetricId && alarm.Metrics?.length !== 1))
    return undefined;
  return {
    namespace: given(stat.Metric?.Namespace, 'Namespace'),
    metric: given(stat.Metric?.MetricName, 'MetricName'),
    dimensions: dimensionsOf(stat.Metric?.Dimensions),
    statistic: given(stat.Stat, 'Stat'),
    periodSeconds: given(stat.Period, 'Period'),
  };
}

function dimensionsOf(list: MetricAlarm['Dimensions']): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}

function stateIn(historyData: string | undefined): string | undefined {
  try {
    return (JSON.parse(historyData ?? '') as { newState?: { stateValue?: string } } | null)?.newState
      ?.stateValue;
  } catch {
    // CloudWatch cuts long history data off; the summary still tells.
    return undefined;
  }
}

function alarmState(value: string | undefined): AlarmState {
  if (value === 'OK' || value === 'ALARM' || value === 'INSUFFICIENT_DATA') return value;
  throw new MalformedAnswerError(`${value} is no state of an alarm`);
}
