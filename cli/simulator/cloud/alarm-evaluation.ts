import type { AlarmState, MetricPoint } from '../../../shared/ports/cloud';
import type { EvaluatedAlarmFile } from './world-file';

export interface Evaluation {
  readonly state: AlarmState;
  /** Points that decided, oldest first. */
  readonly evaluated: readonly MetricPoint[];
  readonly breaching: number;
  /** Places that no point filled. */
  readonly missing: number;
}

/**
 * Periods looked at beyond the N of the alarm, for late points. CloudWatch documents that there are some, and
 * shows 5 for N = 3; the number for other N is assumed to be N + 2.
 */
const EXTRA_PERIODS = 2;

export function evaluationRange(alarm: EvaluatedAlarmFile): number {
  return alarm.evaluationPeriods + EXTRA_PERIODS;
}

function isBreaching(alarm: EvaluatedAlarmFile, value: number): boolean {
  switch (alarm.comparison) {
    case 'GreaterThanThreshold':
      return value > alarm.threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= alarm.threshold;
    case 'LessThanThreshold':
      return value < alarm.threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= alarm.threshold;
  }
}

/**
 * M out of N, by the rules and tables of "Configuring how CloudWatch alarms treat missing data": N real
 * points decide alone, the newest ones; only where there are fewer does `treatMissingData` count.
 *
 * `points`: those within the evaluation range that ends at `rangeEnd`, oldest first.
 */
export function evaluateAlarm(options: {
  readonly alarm: EvaluatedAlarmFile;
  readonly points: readonly MetricPoint[];
  readonly rangeEnd: number;
  readonly current: AlarmState;
}): Evaluation {
  const { alarm, points, rangeEnd, current } = options;
  const evaluated = points.slice(-alarm.evaluationPeriods);
  const breaching = evaluated.filter(({ value }) => isBreaching(alarm, value)).length;
  const missing = alarm.evaluationPeriods - evaluated.length;
  const found = (state: AlarmState): Evaluation => ({ state, evaluated, breaching, missing });

  if (breaching >= alarm.datapointsToAlarm) return found('ALARM');
  if (missing === 0) return found('OK');
  switch (alarm.treatMissingData) {
    case 'breaching':
      return found(breaching + missing >= alarm.datapointsToAlarm ? 'ALARM' : 'OK');
    case 'notBreaching':
      return found('OK');
    case 'ignore':
      return found(evaluated.length > breaching ? 'OK' : current);
    case 'missing': {
      const [oldest] = evaluated;
      if (!oldest) return found('INSUFFICIENT_DATA');
      if (evaluated.length > breaching) return found('OK');
      // All that there is breaches: enough once the oldest is M periods old ("premature alarm" rule).
      const age = Math.round((rangeEnd - oldest.at) / (alarm.periodSeconds * 1000));
      return found(age >= alarm.datapointsToAlarm ? 'ALARM' : current);
    }
  }
}
