import type { MetricPoint, MetricQuery } from '../../../shared/ports/cloud';
import type { Cause } from './cause';
import { autocorrelatedNoise } from './noise';
import type { MetricFile } from './world-file';

/** A metric as a process in time. All times: milliseconds since 1970. */
export interface MetricProcess {
  readonly file: MetricFile;
  matches(query: Pick<MetricQuery, 'namespace' | 'metric' | 'dimensions'>): boolean;
  /**
   * Points of whole periods that begin within [from, to) and could be seen at `seenAt`, oldest first. The
   * same question has the same answer at any later time.
   */
  points(window: PointsWindow): MetricPoint[];
  changeBaseAt(at: number, base: number): void;
  missingFrom(from: number, to: number): void;
  lateFrom(from: number, lateMs: number): void;
}

export interface PointsWindow {
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly from: number;
  readonly to: number;
  readonly seenAt: number;
}

/** How each statistic of one minute stands to the average: a fixed shape, not a distribution. */
const SHAPE: Readonly<Record<string, number>> = {
  Average: 1,
  Minimum: 0.7,
  Maximum: 1.4,
  p50: 0.97,
  p90: 1.15,
  p95: 1.2,
  p99: 1.3,
};
/** Points that a period of one minute counts as, for `Sum` and `SampleCount`. */
const SAMPLES_A_MINUTE = 60;

export function createMetricProcess(options: {
  readonly file: MetricFile;
  readonly causes: readonly Cause[];
  readonly stream: (label: string) => () => number;
}): MetricProcess {
  const { file, stream } = options;
  const step = file.periodSeconds * 1000;
  const noise = autocorrelatedNoise({ stream, autocorrelation: file.noise.autocorrelation });
  const raised = options.causes.flatMap((cause) =>
    cause.file.metrics
      .filter(({ metric }) => metric === file.id)
      .map(({ raisesTo }) => ({ cause, by: raisesTo - file.base })),
  );
  const bases: { at: number; base: number }[] = [];
  const gaps: { from: number; to: number }[] = [];
  let late = { from: Number.POSITIVE_INFINITY, ms: 0 };

  /** In the file's own statistic. Log-normal around the level, so that it is never negative. */
  function valueAt(start: number): number {
    const base = bases.findLast(({ at }) => at <= start)?.base ?? file.base;
    const level = raised.reduce((sum, { cause, by }) => sum + by * cause.severity(start, start + step), base);
    const { sigma } = file.noise;
    return Math.max(0, level) * Math.exp(sigma * noise(start / step) - sigma ** 2 / 2);
  }

  function visible(start: number, seenAt: number): boolean {
    if (gaps.some(({ from, to }) => start >= from && start < to)) return false;
    return start + step + (start >= late.from ? late.ms : 0) <= seenAt;
  }

  return {
    file,
    matches: ({ namespace, metric, dimensions }) =>
      namespace === file.namespace && metric === file.metric && sameRecord(dimensions, file.dimensions),
    points({ statistic, periodSeconds, from, to, seenAt }) {
      const period = periodSeconds * 1000;
      const found: MetricPoint[] = [];
      for (let at = Math.ceil(from / period) * period; at < to && at + period <= seenAt; at += period) {
        const values: number[] = [];
        for (let start = Math.ceil(at / step) * step; start < at + period; start += step) {
          if (visible(start, seenAt)) values.push(valueAt(start));
        }
        if (values.length > 0) found.push({ at, value: aggregate(values, statistic, file) });
      }
      return found;
    },
    changeBaseAt(at, base) {
      bases.push({ at, base });
      bases.sort((a, b) => a.at - b.at);
    },
    missingFrom(from, to) {
      gaps.push({ from, to });
    },
    lateFrom(from, lateMs) {
      late = { from, ms: lateMs };
    },
  };
}

/** One statistic of a longer period from the values of the shorter ones, given in the file's statistic. */
function aggregate(values: readonly number[], statistic: string, file: MetricFile): number {
  const samples = (file.periodSeconds / 60) * SAMPLES_A_MINUTE;
  const sum = values.reduce((total, value) => total + value, 0);
  if (statistic === 'SampleCount') return samples * values.length;
  if (file.statistic === 'Sum') {
    if (statistic === 'Sum') return sum;
    return (sum / (samples * values.length)) * shapeOf(statistic);
  }
  const perAverage = 1 / shapeOf(file.statistic);
  if (statistic === 'Sum') return sum * perAverage * samples;
  const factor = perAverage * shapeOf(statistic);
  if (statistic === 'Maximum' || statistic.startsWith('p')) return Math.max(...values) * factor;
  if (statistic === 'Minimum') return Math.min(...values) * factor;
  return (sum / values.length) * factor;
}

/** Throws on a statistic that it does not know: it must not invent values. */
function shapeOf(statistic: string): number {
  const shape = Object.hasOwn(SHAPE, statistic) ? SHAPE[statistic] : undefined;
  if (shape === undefined) throw new RangeError(`the simulated cloud has no statistic ${statistic}`);
  return shape;
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
