import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Figure } from './figure';
import { corpusLines, incidentCorpus } from './incident-corpus';
import type { Proportion } from './intervals';
import { HELD_OUT_SEEDS, runMetricChangeBenchmark } from './metric-change';

/** Real series; outside the repository, as delivered with it. */
export const SERIES = resolve(__dirname, '../../../shared/data/cloudwatch');
const CASES_PER_SEED = 480;
const LEAST_CASES = 4800;
const LEAST_VARIANTS = 300;

/** Is a metric's change told from its noise? On windows of real series that the test was not tuned on. */
export function metricChangeFigures(): readonly Figure[] {
  if (!existsSync(SERIES))
    throw new Error('the series are not there: shared/data/cloudwatch beside the repository');
  const { cases, ours, references, byDay } = runMetricChangeBenchmark({
    dataDir: SERIES,
    seeds: HELD_OUT_SEEDS,
    cases: CASES_PER_SEED,
  });
  const kayenta = references['Kayenta (0.98, 0.25, 0.8/1.2)'];
  const percent = (proportion: Proportion | undefined) => 100 * (proportion?.rate ?? Number.NaN);
  const reference = (proportion: Proportion | undefined) => ({
    value: percent(proportion),
    what: "Kayenta's rule, on the same cases",
  });
  const interval = (factor: string) => {
    const { low, high } = byDay[factor] ?? { low: Number.NaN, high: Number.NaN };
    return `95 % interval by days ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`;
  };
  const detected = (factor: string): Figure => ({
    name: `metric_change_detected_x${factor}`,
    value: percent(ours.detected[factor]),
    unit: '% of all cases of that kind',
    ...(['0.5', '2'].includes(factor) ? { goal: { atLeast: 80 } } : {}),
    reference: reference(kayenta?.detected[factor]),
    note: interval(factor),
  });
  return [
    { name: 'metric_change_cases', value: cases, unit: 'cases', goal: { atLeast: LEAST_CASES } },
    {
      name: 'metric_change_false_alarms',
      value: percent(ours.falseAlarms),
      unit: '% of unchanged cases',
      goal: { atMost: 5 },
      reference: reference(kayenta?.falseAlarms),
      note: interval('1'),
    },
    ...Object.keys(ours.detected).map(detected),
    {
      name: 'metric_change_inconclusive',
      value: percent(ours.inconclusive),
      unit: '% of all cases',
      goal: { atMost: 10 },
    },
  ];
}

/** Does `met` mean met? On simulated incidents whose truth is known. */
export async function corpusFigures(print: (line: string) => void): Promise<readonly Figure[]> {
  const figures = await incidentCorpus();
  for (const line of corpusLines(figures)) print(`corpus: ${line}`);
  return [
    { name: 'corpus_variants', value: figures.variants, unit: 'variants', goal: { atLeast: LEAST_VARIANTS } },
    { name: 'corpus_false_met', value: figures.falseMet, unit: 'variants', goal: { atMost: 0 } },
    {
      name: 'corpus_inconclusive',
      value: 100 * figures.inconclusiveShare,
      unit: '% of verdicts',
      goal: { atMost: 20 },
      note: `${figures.inconclusive} of ${figures.verdicts}`,
    },
    {
      name: 'corpus_as_declared',
      value: figures.asDeclared,
      unit: 'variants',
      reference: { value: figures.variants, what: 'all variants' },
      note: `${figures.incidents} incidents; ${figures.broken} variants with a broken promise`,
    },
    {
      name: 'corpus_harm_after_window',
      value: figures.harmAfterWindow,
      unit: 'variants',
      note: 'resolved, rightly at the time: the fault came back after the window',
    },
  ];
}
