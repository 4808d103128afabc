import path from 'node:path';
import { type ChangeSensitivity, type MetricVerdict, metricChange } from '../../shared/domain/metric-change';
import { type Difference, groupedInterval, type Proportion, pairedDifference, wilson } from './intervals';
import {
  CHANGE_FACTORS,
  type MetricChangeCase,
  metricChangeCases,
  readSeries,
  seededRandom,
} from './metric-change-cases';
import { REFERENCE_RULES } from './metric-change-references';

/** Seeds looked at while the test was designed and its defaults were set. */
export const TUNING_SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];
/** Seeds used for nothing but the report. They draw other windows, of the same nine series. */
export const HELD_OUT_SEEDS: readonly number[] = Array.from({ length: 20 }, (_, index) => 1001 + index);
const CASES_PER_SEED = 480;

/** The settings that the leave-one-series-out check chooses from. */
const SETTINGS: readonly ChangeSensitivity[] = [0.1, 0.05, 0.025, 0.01].flatMap((significance) =>
  [1.2, 1.25, 1.3, 1.4].map((smallestRatio) => ({ smallestRatio, significance })),
);

export interface RuleFigures {
  /** Of the cases left as they are. */
  readonly falseAlarms: Proportion;
  /** By factor, of all cases of that factor, `inconclusive` included; only the right direction counts. */
  readonly detected: Readonly<Record<string, Proportion>>;
}

export interface PairedFigures {
  readonly falseAlarms: Difference;
  readonly detected: Readonly<Record<string, Difference>>;
}

export interface MetricChangeFigures {
  readonly cases: number;
  readonly ours: RuleFigures & {
    readonly inconclusive: Proportion;
    readonly inconclusiveUnchanged: Proportion;
  };
  readonly references: Readonly<Record<string, RuleFigures>>;
  /** Ours minus the reference, on the same cases. */
  readonly against: Readonly<Record<string, PairedFigures>>;
  /** 95 % intervals of ours that allow for cases sharing points: whole days of a series are drawn. */
  readonly byDay: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  readonly bySeries: Readonly<Record<string, RuleFigures & { readonly inconclusive: Proportion }>>;
}

interface Judged {
  readonly example: MetricChangeCase;
  readonly verdict: MetricVerdict;
  readonly positive: boolean;
}

/** A false alarm where the truth is "unchanged", otherwise a detection in the right direction. */
function isPositive(said: 'up' | 'down' | 'none', factor: number): boolean {
  if (factor === 1) return said !== 'none';
  return said === (factor > 1 ? 'up' : 'down');
}

function judge(example: MetricChangeCase, sensitivity: ChangeSensitivity = {}): Judged {
  const { verdict } = metricChange({ before: example.before, after: example.after, sensitivity });
  const said = verdict === 'changed_up' ? 'up' : verdict === 'changed_down' ? 'down' : 'none';
  return { example, verdict, positive: isPositive(said, example.factor) };
}

/** `values` and `examples` run in parallel. */
function ofFactor<T>(values: readonly T[], examples: readonly MetricChangeCase[], factor: number): T[] {
  return values.filter((_, index) => examples[index]?.factor === factor);
}

function byFactor<T>(figure: (factor: number) => T): Record<string, T> {
  return Object.fromEntries(CHANGE_FACTORS.map((factor) => [String(factor), figure(factor)]));
}

function ruleFigures(positives: readonly boolean[], examples: readonly MetricChangeCase[]): RuleFigures {
  return {
    falseAlarms: wilson(ofFactor(positives, examples, 1)),
    detected: byFactor((factor) => wilson(ofFactor(positives, examples, factor))),
  };
}

function ownFigures(judged: readonly Judged[]) {
  const examples = judged.map(({ example }) => example);
  const inconclusive = judged.map(({ verdict }) => verdict === 'inconclusive');
  return {
    ...ruleFigures(
      judged.map(({ positive }) => positive),
      examples,
    ),
    inconclusive: wilson(inconclusive),
    inconclusiveUnchanged: wilson(ofFactor(inconclusive, examples, 1)),
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

interface BenchmarkInput {
  /** Folder with the series and labels.json. */
  readonly dataDir: string;
  readonly seeds: readonly number[];
  /** Cases for each seed; a multiple of 10 gives every factor its equal share. */
  readonly cases: number;
}

function drawCases({ dataDir, seeds, cases }: BenchmarkInput): MetricChangeCase[] {
  const series = readSeries(dataDir);
  return seeds.flatMap((seed) => metricChangeCases({ series, seed, count: cases }));
}

export function runMetricChangeBenchmark(input: BenchmarkInput): MetricChangeFigures {
  const examples = drawCases(input);
  const judged = examples.map((example) => judge(example));
  const ours = judged.map(({ positive }) => positive);
  const referencePositives = mapValues(REFERENCE_RULES, (rule) =>
    examples.map(({ before, after, factor }) => isPositive(rule(before, after), factor)),
  );
  const paired = (theirs: readonly boolean[], factor: number) =>
    pairedDifference(
      ofFactor(
        ours.map((positive, index) => [positive, theirs[index] ?? false] as const),
        examples,
        factor,
      ),
    );
  const random = seededRandom(1);
  const byDay = (factor: number) =>
    groupedInterval({
      outcomes: ofFactor(judged, examples, factor).map(({ example, positive }) => ({
        group: `${example.series} ${example.day}`,
        outcome: positive,
      })),
      random,
    });
  const names = [...new Set(examples.map(({ series }) => series))].sort();
  return {
    cases: examples.length,
    ours: ownFigures(judged),
    references: mapValues(referencePositives, (positives) => ruleFigures(positives, examples)),
    against: mapValues(referencePositives, (theirs) => ({
      falseAlarms: paired(theirs, 1),
      detected: byFactor((factor) => paired(theirs, factor)),
    })),
    byDay: { '1': byDay(1), ...byFactor(byDay) },
    bySeries: Object.fromEntries(
      names.map((name) => [name, ownFigures(judged.filter(({ example }) => example.series === name))]),
    ),
  };
}

function countOf(judged: readonly Judged[], accept: (one: Judged) => boolean): number {
  return judged.filter(accept).length;
}

/** The setting that detects most among those within 5 % false alarms and 10 % inconclusive. */
function chooseSetting(judgedBySetting: readonly (readonly Judged[])[]): number {
  const detections = judgedBySetting.map((judged) => {
    const unchanged = countOf(judged, ({ example }) => example.factor === 1);
    const falseAlarms = countOf(judged, ({ example, positive }) => example.factor === 1 && positive);
    const inconclusive = countOf(judged, ({ verdict }) => verdict === 'inconclusive');
    if (falseAlarms > 0.05 * unchanged || inconclusive > 0.1 * judged.length) return -1;
    return countOf(judged, ({ example, positive }) => example.factor !== 1 && positive);
  });
  return detections.indexOf(Math.max(...detections));
}

/**
 * Is the test fitted to these nine series? For each series the setting is chosen on the tuning seeds of the
 * other eight, and judged on the held-out seeds of the one left out; the nine parts together are reported.
 */
export function runLeaveOneSeriesOut({ dataDir, cases }: Pick<BenchmarkInput, 'dataDir' | 'cases'>) {
  const tuning = drawCases({ dataDir, seeds: TUNING_SEEDS, cases });
  const heldOut = drawCases({ dataDir, seeds: HELD_OUT_SEEDS, cases });
  const tuningBySetting = SETTINGS.map((setting) => tuning.map((example) => judge(example, setting)));
  const names = [...new Set(heldOut.map(({ series }) => series))].sort();
  const chosen = names.map((name) => {
    const others = tuningBySetting.map((judged) => judged.filter(({ example }) => example.series !== name));
    const setting = SETTINGS[chooseSetting(others)] ?? {};
    const judged = heldOut.filter(({ series }) => series === name).map((example) => judge(example, setting));
    return { name, setting, judged };
  });
  return {
    settings: Object.fromEntries(chosen.map(({ name, setting }) => [name, setting])),
    figures: ownFigures(chosen.flatMap(({ judged }) => judged)),
  };
}

const percent = (share: number) => (100 * share).toFixed(1);
const interval = ({ low, high }: { low: number; high: number }) => `${percent(low)}…${percent(high)}`;
const proportion = (p: Proportion) => `${percent(p.rate)} [${interval(p)}]`;
const signed = (d: Difference) => `${d.difference > 0 ? '+' : ''}${percent(d.difference)} [${interval(d)}]`;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const FACTOR_HEADINGS = CHANGE_FACTORS.map((factor) => `×${factor}`);
const perFactor = (cell: (factor: string) => string) => CHANGE_FACTORS.map((factor) => cell(String(factor)));
const figureCells = ({ falseAlarms, detected }: RuleFigures) => [
  proportion(falseAlarms),
  ...perFactor((factor) => (detected[factor] ? proportion(detected[factor]) : '')),
];

/** The report as Markdown tables, in per cent with 95 % intervals. */
export function formatMetricChangeFigures(figures: MetricChangeFigures): string {
  const headings = ['', 'false alarms', ...FACTOR_HEADINGS, 'inconclusive'];
  const rule = row(headings.map(() => '---'));
  return [
    `${figures.cases} cases; % [95 %]; Wilson's interval, paired for differences`,
    row(headings),
    rule,
    row(['Grace', ...figureCells(figures.ours), proportion(figures.ours.inconclusive)]),
    row([
      'Grace, interval by days',
      ...['1', ...perFactor(String)].map((factor) =>
        figures.byDay[factor] ? interval(figures.byDay[factor]) : '',
      ),
      '',
    ]),
    ...Object.entries(figures.references).map(([name, reference]) =>
      row([name, ...figureCells(reference), 'none']),
    ),
    ...Object.entries(figures.against).map(([name, difference]) =>
      row([
        `Grace minus ${name}`,
        signed(difference.falseAlarms),
        ...perFactor((factor) => (difference.detected[factor] ? signed(difference.detected[factor]) : '')),
        '',
      ]),
    ),
    ...Object.entries(figures.bySeries).map(([name, own]) =>
      row([`Grace on ${name}`, ...figureCells(own), proportion(own.inconclusive)]),
    ),
  ].join('\n');
}

function report(dataDir: string): void {
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const input = { dataDir, cases: CASES_PER_SEED };
  write(`Held-out seeds ${HELD_OUT_SEEDS[0]}..${HELD_OUT_SEEDS.at(-1)}, tuned on ${TUNING_SEEDS.join(', ')}`);
  write(formatMetricChangeFigures(runMetricChangeBenchmark({ ...input, seeds: HELD_OUT_SEEDS })));
  const { figures, settings } = runLeaveOneSeriesOut(input);
  write('\nLeave one series out: false alarms, detected by factor, inconclusive');
  write(row([...figureCells(figures), proportion(figures.inconclusive)]));
  for (const [name, { smallestRatio, significance }] of Object.entries(settings)) {
    write(`without ${name}: smallest ratio ${smallestRatio}, significance ${significance}`);
  }
}

if (require.main === module) {
  report(path.resolve(process.argv[2] ?? path.join(__dirname, '../../../shared/data/cloudwatch')));
}
