/** 97.5 % point of the standard normal distribution, for two-sided 95 % intervals. */
const Z95 = 1.959964;

export interface Proportion {
  readonly count: number;
  readonly total: number;
  readonly rate: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

export interface Difference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval (Wilson 1927, J. Am. Stat. Assoc. 22:209). It takes the cases as independent. */
export function wilson(outcomes: readonly boolean[]): Proportion {
  const total = outcomes.length;
  const count = outcomes.filter(Boolean).length;
  if (total === 0) return { count, total, rate: Number.NaN, low: Number.NaN, high: Number.NaN };
  const rate = count / total;
  const scale = 1 + Z95 ** 2 / total;
  const centre = (rate + Z95 ** 2 / (2 * total)) / scale;
  const half = (Z95 / scale) * Math.sqrt((rate * (1 - rate)) / total + Z95 ** 2 / (4 * total ** 2));
  return { count, total, rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Difference of two rates on the same cases, Wald's paired interval (Agresti, Categorical Data Analysis §11.1). */
export function pairedDifference(pairs: readonly (readonly [ours: boolean, theirs: boolean])[]): Difference {
  const onlyOurs = pairs.filter(([ours, theirs]) => ours && !theirs).length;
  const onlyTheirs = pairs.filter(([ours, theirs]) => !ours && theirs).length;
  const difference = (onlyOurs - onlyTheirs) / pairs.length;
  const half =
    (Z95 / pairs.length) * Math.sqrt(onlyOurs + onlyTheirs - (onlyOurs - onlyTheirs) ** 2 / pairs.length);
  return { difference, low: difference - half, high: difference + half };
}

/**
 * 95 % interval of a rate whose cases come in groups that share data: whole groups are drawn with replacement
 * (cluster bootstrap, percentile; Davison & Hinkley 1997 §3.8). `random` is uniform in [0, 1).
 */
export function groupedInterval({
  outcomes,
  random,
  draws = 1000,
}: {
  readonly outcomes: readonly { readonly group: string; readonly outcome: boolean }[];
  readonly random: () => number;
  readonly draws?: number;
}): { readonly low: number; readonly high: number } {
  const byGroup = new Map<string, { size: number; count: number }>();
  for (const { group, outcome } of outcomes) {
    const { size, count } = byGroup.get(group) ?? { size: 0, count: 0 };
    byGroup.set(group, { size: size + 1, count: count + (outcome ? 1 : 0) });
  }
  const groups = [...byGroup.values()];
  const rates = Array.from({ length: draws }, () => {
    let size = 0;
    let count = 0;
    for (let drawn = 0; drawn < groups.length; drawn += 1) {
      const group = groups[Math.floor(random() * groups.length)];
      size += group?.size ?? 0;
      count += group?.count ?? 0;
    }
    return count / size;
  }).sort((a, b) => a - b);
  const at = (share: number) => rates[Math.floor(share * (draws - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
