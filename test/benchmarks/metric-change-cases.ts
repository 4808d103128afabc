import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One series at five-minute steps, as stored; times in milliseconds since the epoch. */
export interface Series {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Windows that people labelled as anomalous, ends included. */
  readonly labelled: readonly (readonly [from: number, to: number])[];
}

export interface MetricChangeCase {
  readonly series: string;
  /** Day of the first point, UTC. Cases of one series and day share points, so they are not independent. */
  readonly day: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** What the after window was multiplied by; 1 means that the truth is "unchanged". */
  readonly factor: number;
}

const SHORTEST_WINDOW = 12;
const LONGEST_WINDOW = 30;
export const CHANGE_FACTORS = [0.5, 0.75, 1.33, 2, 4] as const;

/** Mulberry32 (Tommy Ettinger, public domain): a small seeded generator, uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The files carry no time zone; UTC is taken for values and labels alike. */
function parseTime(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
}

/** Reads every `*.csv` of the folder with its labels, in order of name. */
export function readSeries(dataDir: string): Series[] {
  const labels = JSON.parse(readFileSync(path.join(dataDir, 'labels.json'), 'utf8')) as Record<
    string,
    { windows: [string, string][] }
  >;
  return readdirSync(dataDir)
    .filter((file) => file.endsWith('.csv'))
    .sort()
    .map((file) => {
      const name = path.basename(file, '.csv');
      const label = labels[name];
      if (label === undefined) throw new Error(`labels.json has no entry for ${name}`);
      const rows = readFileSync(path.join(dataDir, file), 'utf8').trim().split(/\r?\n/).slice(1);
      const cells = rows.map((row) => row.split(','));
      return {
        name,
        times: cells.map(([time]) => parseTime(time ?? '')),
        values: cells.map(([, value]) => Number(value)),
        labelled: label.windows.map(([from, to]) => [parseTime(from), parseTime(to)] as const),
      };
    });
}

/** True where the stretch [from, to) of the series touches no labelled window, gaps between points included. */
function isUnlabelled(series: Series, from: number, to: number): boolean {
  const first = series.times[from] ?? Number.NaN;
  const last = series.times[to - 1] ?? Number.NaN;
  return series.labelled.every(([start, end]) => last < start || first > end);
}

/**
 * The construction of `../shared/data/README.md`: a series chosen evenly, two neighbouring windows whose
 * lengths are drawn independently from 12 to 30 points, both outside labelled windows. Even cases stay as they
 * are; the after window of odd ones is multiplied by each factor in turn. The same seed gives the same cases.
 */
export function metricChangeCases({
  series,
  seed,
  count,
}: {
  readonly series: readonly Series[];
  readonly seed: number;
  readonly count: number;
}): MetricChangeCase[] {
  const random = seededRandom(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const windowLength = () => SHORTEST_WINDOW + upTo(LONGEST_WINDOW - SHORTEST_WINDOW + 1);
  const cases: MetricChangeCase[] = [];
  while (cases.length < count) {
    const chosen = series[upTo(series.length)];
    if (chosen === undefined) throw new Error('there is no series to draw from');
    const beforeLength = windowLength();
    const length = beforeLength + windowLength();
    const start = upTo(chosen.values.length - length + 1);
    if (!isUnlabelled(chosen, start, start + length)) continue;
    const changed = cases.length % 2 === 1;
    const factor = changed ? (CHANGE_FACTORS[((cases.length - 1) / 2) % CHANGE_FACTORS.length] ?? 1) : 1;
    cases.push({
      series: chosen.name,
      day: new Date(chosen.times[start] ?? Number.NaN).toISOString().slice(0, 10),
      before: chosen.values.slice(start, start + beforeLength),
      after: chosen.values.slice(start + beforeLength, start + length).map((value) => value * factor),
      factor,
    });
  }
  return cases;
}
