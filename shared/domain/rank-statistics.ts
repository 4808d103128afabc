/** Rank statistics for two samples of a time series. Inputs are finite; nothing here knows what a verdict is. */

interface TwoSamples {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Standard normal distribution function; Abramowitz & Stegun (1964) 26.2.17, absolute error below 7.5e-8. */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upperTail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z >= 0 ? 1 - upperTail : upperTail;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return lower === upper ? upper : (lower + upper) / 2;
}

/**
 * Mann-Whitney statistic as a standard normal deviate, positive where `after` is larger.
 *
 * Mann & Whitney (1947), Ann. Math. Statist. 18:50; variance with ties after Lehmann, Nonparametrics (1975)
 * §1.4. `varianceInflation` multiplies the variance; above 1 it says that the points are fewer than they look.
 * Without continuity correction. 0 where all values are equal.
 */
export function mannWhitneyZ(
  { before, after }: TwoSamples,
  options: { readonly varianceInflation?: number } = {},
): number {
  let wins = 0;
  for (const a of after) for (const b of before) wins += a > b ? 1 : a === b ? 0.5 : 0;
  const total = before.length + after.length;
  const tieSizes = new Map<number, number>();
  for (const value of [...before, ...after]) tieSizes.set(value, (tieSizes.get(value) ?? 0) + 1);
  let tied = 0;
  for (const size of tieSizes.values()) tied += size ** 3 - size;
  const pairs = before.length * after.length;
  const variance = (pairs / 12) * (total + 1 - tied / (total * (total - 1)));
  if (variance <= 0) return 0;
  return (wins - pairs / 2) / Math.sqrt(variance * (options.varianceInflation ?? 1));
}

/** 0 for a pair of zeros, which no factor could tell apart; ±Infinity where one of the two is 0. */
function logRatio(before: number, after: number): number {
  return before === after ? 0 : Math.log(after / before);
}

/**
 * Hodges-Lehmann estimate of log(after / before): the median of the log ratios of all pairs (Hodges & Lehmann
 * 1963, Ann. Math. Statist. 34:598). For values ≥ 0. ±Infinity where more than half of the pairs rise from, or
 * fall to, zero.
 */
export function logShift({ before, after }: TwoSamples): number {
  const shift = median(before.flatMap((b) => after.map((a) => logRatio(b, a))));
  return Number.isNaN(shift) ? 0 : shift; // the two middle ratios are -Infinity and Infinity: no direction
}

function averageRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });
}

/**
 * Lag-1 autocorrelation within the windows, in 0..0.95.
 *
 * Taken from ranks, so that one spike does not hide it, and each window about its own mean, so that a jump
 * between them does not count. The estimate from a short window is biased towards -1/n: E[r] = ρ - (1+3ρ)/n
 * (Marriott & Pope 1954, Biometrika 41:390; Kendall 1954, ibid. 403), solved here for ρ. Negative values become
 * 0: they would make the test bolder.
 */
export function lagOneAutocorrelation(windows: readonly (readonly number[])[]): number {
  let products = 0;
  let squares = 0;
  let points = 0;
  for (const window of windows) {
    const centre = (window.length + 1) / 2;
    const deviations = averageRanks(window).map((rank) => rank - centre);
    deviations.forEach((deviation, index) => {
      squares += deviation ** 2;
      products += deviation * (deviations[index - 1] ?? 0);
    });
    points += window.length;
  }
  if (squares === 0) return 0;
  const length = points / windows.length;
  const unbiased = (length * (products / squares) + 1) / (length - 3);
  return Math.min(0.95, Math.max(0, unbiased));
}

/**
 * Number of independent points whose mean is as uncertain as that of `length` points of a first-order
 * autoregressive series: 1/n* = 1/n + (2/n²) Σ (n-j) ρ^j (Bayley & Hammersley 1946, J. R. Stat. Soc. Suppl. 8:184).
 */
export function effectiveSampleSize({
  length,
  autocorrelation,
}: {
  readonly length: number;
  readonly autocorrelation: number;
}): number {
  let weighted = 0;
  for (let lag = 1; lag < length; lag += 1) weighted += (1 - lag / length) * autocorrelation ** lag;
  return length / (1 + 2 * weighted);
}
