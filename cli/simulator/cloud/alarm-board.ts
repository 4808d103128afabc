import type { AlarmState, LiveAlarm, MetricPoint } from '../../../shared/ports/cloud';
import { evaluateAlarm, evaluationRange } from './alarm-evaluation';
import {
  type AlarmEvent,
  type AlarmEventState,
  alarmEvent,
  compositeState,
  evaluatedState,
  initialState,
  type Place,
} from './alarm-events';
import type { MetricProcess } from './metric-process';
import type { AlarmFile, EvaluatedAlarmFile } from './world-file';

/** From the end of a period until CloudWatch has evaluated it, milliseconds. Assumed. */
const EVALUATION_LAG = 5_000;

/** The alarms of a world, evaluated once a period at its end. Times: milliseconds since 1970. */
export interface AlarmBoard {
  /** When the next evaluation is due; Infinity where there are no alarms. */
  nextDue(): number;
  /** Evaluates what is due at `at`, then the composites. Returns the events, in order. */
  evaluate(at: number): AlarmEvent[];
  live(name: string): LiveAlarm | undefined;
  history(name: string): readonly { readonly at: number; readonly state: AlarmState }[];
}

type Change = { readonly at: number; readonly state: AlarmState };
type Running = {
  readonly file: AlarmFile;
  readonly metrics: readonly MetricProcess[];
  readonly changes: Change[];
  state: AlarmEventState;
  due: number;
};

export function createAlarmBoard(options: {
  readonly files: readonly AlarmFile[];
  readonly metrics: readonly MetricProcess[];
  readonly place: Place;
  readonly start: number;
  readonly seed: string;
}): AlarmBoard {
  const { files, metrics, place, start, seed } = options;
  const alarms = new Map(files.map((file) => [file.name, begin(file)]));

  function begin(file: AlarmFile): Running {
    const since = start + file.initialSinceSeconds * 1000;
    return {
      file,
      metrics: metricNames(file).map((id) => metrics.find((one) => one.file.id === id) as MetricProcess),
      changes: [{ at: since, state: file.initialState }],
      state: initialState(file.initialState, since),
      due: file.type === 'composite' ? Number.POSITIVE_INFINITY : nextDueAfter(file, start),
    };
  }

  function change(alarm: Running, next: AlarmEventState, at: number): AlarmEvent {
    const previous = alarm.state;
    alarm.state = next;
    alarm.changes.push({ at, state: next.value });
    const files = alarm.metrics.map(({ file }) => file);
    return alarmEvent({ place, alarm: alarm.file, metrics: files, previous, next, at, seed });
  }

  function evaluateOne(alarm: Running, file: EvaluatedAlarmFile, at: number): AlarmEvent | undefined {
    alarm.due = nextDueAfter(file, at);
    const period = file.periodSeconds * 1000;
    const rangeEnd = Math.floor((at - EVALUATION_LAG) / period) * period;
    const points = combined(alarm, file, {
      from: rangeEnd - evaluationRange(file) * period,
      to: rangeEnd,
      seenAt: at,
    });
    const from = alarm.state.value;
    const evaluation = evaluateAlarm({ alarm: file, points, rangeEnd, current: from });
    if (evaluation.state === from) return undefined;
    const statistic = file.type === 'metric' ? alarm.metrics[0]?.file.statistic : undefined;
    return change(alarm, evaluatedState({ alarm: file, evaluation, from, statistic, at }), at);
  }

  function evaluateComposite(alarm: Running, at: number): AlarmEvent | undefined {
    const { file } = alarm;
    if (file.type !== 'composite') return undefined;
    const children = file.anyOf.map((name) => alarms.get(name) as Running);
    const value = children.some((child) => child.state.value === 'ALARM') ? 'ALARM' : 'OK';
    if (value === alarm.state.value) return undefined;
    const latest = children.reduce((a, b) => (sinceOf(b) > sinceOf(a) ? b : a));
    const child = { name: latest.file.name, value: latest.state.value, since: sinceOf(latest) };
    const suppressedBy = value === 'ALARM' ? suppression(alarm) : undefined;
    return change(alarm, compositeState({ place, value, at, child, suppressedBy }), at);
  }

  function suppression(alarm: Running) {
    if (alarm.file.type !== 'composite' || !alarm.file.suppressor) return undefined;
    const { alarm: name, waitSeconds } = alarm.file.suppressor;
    if (alarms.get(name)?.state.value === 'ALARM') return { phase: 'Alarm', alarm: name } as const;
    return waitSeconds > 0 ? ({ phase: 'WaitPeriod', alarm: name } as const) : undefined;
  }

  return {
    nextDue: () => Math.min(...[...alarms.values()].map(({ due }) => due), Number.POSITIVE_INFINITY),
    evaluate(at) {
      const events: (AlarmEvent | undefined)[] = [];
      for (const alarm of alarms.values()) {
        if (alarm.file.type !== 'composite' && alarm.due <= at) {
          events.push(evaluateOne(alarm, alarm.file, at));
        }
      }
      // In the file's order, where a composite comes after its children.
      for (const alarm of alarms.values()) events.push(evaluateComposite(alarm, at));
      return events.filter((event) => event !== undefined);
    },
    live(name) {
      const alarm = alarms.get(name);
      return alarm && liveAlarm(alarm);
    },
    history: (name) => alarms.get(name)?.changes ?? [],
  };
}

const sinceOf = (alarm: Running): number => alarm.changes.at(-1)?.at ?? 0;

function nextDueAfter(file: EvaluatedAlarmFile, at: number): number {
  const period = file.periodSeconds * 1000;
  return Math.floor((at - EVALUATION_LAG) / period + 1) * period + EVALUATION_LAG;
}

function metricNames(file: AlarmFile): readonly string[] {
  if (file.type === 'composite') return [];
  return file.type === 'metric' ? [file.metric] : file.metrics;
}

/** The alarm's own series; metric math has a point only where each of its metrics has one. */
function combined(
  alarm: Running,
  file: EvaluatedAlarmFile,
  window: { readonly from: number; readonly to: number; readonly seenAt: number },
): MetricPoint[] {
  const series = alarm.metrics.map((metric) =>
    metric.points({ ...window, statistic: metric.file.statistic, periodSeconds: file.periodSeconds }),
  );
  const [first = [], ...others] = series;
  return first.flatMap(({ at, value }) => {
    const rest = others.map((points) => points.find((point) => point.at === at)?.value);
    if (rest.some((other) => other === undefined)) return [];
    const values = [value, ...(rest as number[])];
    if (file.type === 'expression' && file.combine === 'percentage') {
      return values[1] === 0 ? [] : [{ at, value: (100 * value) / (values[1] as number) }];
    }
    return [{ at, value: values.reduce((sum, each) => sum + each, 0) }];
  });
}

function liveAlarm(alarm: Running): LiveAlarm {
  const { file } = alarm;
  const common = {
    name: file.name,
    state: alarm.state.value,
    stateSince: sinceOf(alarm),
    actionsEnabled: file.actionsEnabled,
  };
  if (file.type === 'composite') return { ...common, evaluationSeconds: 0, composite: true };
  const evaluated = {
    ...common,
    evaluationSeconds: file.periodSeconds * file.evaluationPeriods,
    composite: false,
    threshold: file.threshold,
    comparison: file.comparison,
  };
  const metric = alarm.metrics[0]?.file;
  if (file.type === 'expression' || !metric) return evaluated;
  return {
    ...evaluated,
    metric: {
      namespace: metric.namespace,
      metric: metric.metric,
      dimensions: metric.dimensions,
      statistic: metric.statistic,
      periodSeconds: file.periodSeconds,
    },
  };
}
