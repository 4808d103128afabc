import {
  effectiveSampleSize,
  lagOneAutocorrelation,
  logShift,
  mannWhitneyZ,
  normalCdf,
} from './rank-statistics';

/** Fewest points in each window. The error rates in docs/benchmarks.md were measured for 12 to 30. */
export const MINIMUM_POINTS = 12;

/**
 * "Unchanged" is said only where a change by this factor, up or down, can be ruled out. It is the change that
 * the test must be able to see (×0.5 and ×2).
 */
const RULED_OUT_RATIO = 2;

/** The logarithms of a ratio and of its inverse differ in their last bit; a bound must hold alike for both. */
const ROUNDING = 1e-12;

export interface ChangeSensitivity {
  /**
   * Smallest ratio that counts as a change, above 1; its inverse counts downwards. The default, 1.25, makes the
   * bounds 0.8 and 1.25: what Kayenta's tolerance of 0.25 and mean ratio of 0.8 stand for, symmetric in ratios.
   */
  readonly smallestRatio?: number;
  /** Chance of error of each one-sided rank test, 0 to 0.5, for independent points; 0.05 unless given. */
  readonly significance?: number;
}

export interface MetricWindows {
  /** Values before the action in order of time, at even steps, none negative. */
  readonly before: readonly number[];
  /** Values after the action, likewise. */
  readonly after: readonly number[];
  readonly sensitivity?: ChangeSensitivity;
}

export type MetricVerdict = 'changed_up' | 'changed_down' | 'unchanged' | 'inconclusive';

export type MetricChangeReason =
  | 'RATIO_BEYOND_BOUND'
  | 'LARGE_CHANGE_RULED_OUT'
  | 'ALL_ZERO'
  | 'TOO_FEW_POINTS'
  | 'NOT_FINITE'
  | 'NEGATIVE_VALUE'
  | 'TOO_UNCERTAIN';

export interface MetricChange {
  readonly verdict: MetricVerdict;
  /** 1 - p of the one-sided test that the verdict rests on, 0.5..1; 0 where it is inconclusive. */
  readonly confidence: number;
  /** Hodges-Lehmann estimate of after / before; null where there is none, as from zero to something. */
  readonly ratio: number | null;
  readonly reason: MetricChangeReason;
  /** Independent points that both windows together are worth, at most their number. */
  readonly effectivePoints: number;
}

type Obstacle = Extract<MetricChangeReason, 'TOO_FEW_POINTS' | 'NOT_FINITE' | 'NEGATIVE_VALUE'>;

function findObstacle({ before, after }: MetricWindows): Obstacle | undefined {
  const values = [...before, ...after];
  if (Math.min(before.length, after.length) < MINIMUM_POINTS) return 'TOO_FEW_POINTS';
  if (values.some((value) => !Number.isFinite(value))) return 'NOT_FINITE';
  if (values.some((value) => value < 0)) return 'NEGATIVE_VALUE';
  return undefined;
}

/** What n points of each window are worth, and how far that widens the variance of the rank statistic. */
function weighPoints({ before, after }: MetricWindows) {
  const autocorrelation = lagOneAutocorrelation([before, after]);
  const worthBefore = effectiveSampleSize({ length: before.length, autocorrelation });
  const worthAfter = effectiveSampleSize({ length: after.length, autocorrelation });
  return {
    effectivePoints: worthBefore + worthAfter,
    varianceInflation: (1 / worthBefore + 1 / worthAfter) / (1 / before.length + 1 / after.length),
  };
}

/**
 * Did this metric change after the action?
 *
 * - `changed_up`, `changed_down`: the Hodges-Lehmann ratio is beyond the bound, and the Mann-Whitney test finds
 *   the difference significant.
 * - `unchanged`: neither, and two one-sided Mann-Whitney tests rule out that the values were divided or
 *   multiplied by 2 (equivalence by two one-sided tests: Schuirmann 1987, J. Pharmacokin. Biopharm. 15:657).
 * - `inconclusive`: everything else, windows that are too short or hold NaN or a negative value included.
 *
 * Neighbouring points resemble each other, so the variance of each Mann-Whitney test is multiplied by
 * (1/n* + 1/m*) / (1/n + 1/m), n* and m* being the effective sample sizes for the lag-1 autocorrelation: to first
 * order what autocorrelation does to a difference of two means (Bayley & Hammersley 1946). It corrects most of it,
 * not all: on simulated AR(1) windows of 20 points at a nominal 10 % (both directions), with the bound all but
 * off, it errs in 8, 11, 14 and 18 % for ρ = 0, 0.3, 0.6 and 0.8, where without it 10, 22, 42 and 57 % are wrong.
 *
 * The answer does not depend on the unit, and swapping the windows swaps up and down. It says that the level
 * moved, not why: a metric with a daily course moves on its own within an hour.
 */
export function metricChange(windows: MetricWindows): MetricChange {
  const { before, after, sensitivity = {} } = windows;
  const { smallestRatio = 1.25, significance = 0.05 } = sensitivity;
  if (!(smallestRatio > 1)) throw new RangeError('smallestRatio must be above 1');
  if (!(significance > 0 && significance < 0.5)) throw new RangeError('significance must be within 0..0.5');

  const obstacle = findObstacle(windows);
  if (obstacle !== undefined) {
    return { verdict: 'inconclusive', confidence: 0, ratio: null, reason: obstacle, effectivePoints: 0 };
  }

  const { effectivePoints, varianceInflation } = weighPoints(windows);
  if ([...before, ...after].every((value) => value === 0)) {
    return { verdict: 'unchanged', confidence: 1, ratio: null, reason: 'ALL_ZERO', effectivePoints };
  }

  const shift = logShift(windows);
  const ratio = shift === Number.POSITIVE_INFINITY ? null : Math.exp(shift);
  const found = { ratio, effectivePoints };
  /** Deviate of the rank test of "after is `factor` times before". */
  const deviateFrom = (factor: number) =>
    mannWhitneyZ({ before: before.map((value) => value * factor), after }, { varianceInflation });

  const isBeyondBound = Math.abs(shift) >= Math.log(smallestRatio) - ROUNDING;
  const deviate = deviateFrom(1);
  const confidenceInChange = normalCdf(Math.abs(deviate));
  if (isBeyondBound && Math.sign(deviate) === Math.sign(shift) && confidenceInChange >= 1 - significance) {
    const verdict = shift > 0 ? 'changed_up' : 'changed_down';
    return { verdict, confidence: confidenceInChange, reason: 'RATIO_BEYOND_BOUND', ...found };
  }

  const ruledOut = Math.max(RULED_OUT_RATIO, smallestRatio);
  const confidenceInNoChange = Math.min(
    normalCdf(deviateFrom(1 / ruledOut)),
    normalCdf(-deviateFrom(ruledOut)),
  );
  if (!isBeyondBound && confidenceInNoChange >= 1 - significance) {
    return {
      verdict: 'unchanged',
      confidence: confidenceInNoChange,
      reason: 'LARGE_CHANGE_RULED_OUT',
      ...found,
    };
  }
  return { verdict: 'inconclusive', confidence: 0, reason: 'TOO_UNCERTAIN', ...found };
}
