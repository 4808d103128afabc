/** What a figure must reach, in the figure's own unit. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One figure of `npm run bench`. `name` is part of the interface: scripts look figures up by it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Of value, goal and reference alike. */
  readonly unit: string;
  readonly goal?: Goal;
  /** What the value is compared with, measured in the same run unless `what` says otherwise. */
  readonly reference?: { readonly value: number; readonly what: string };
  /** How it came about, in a few words. */
  readonly note?: string;
}

/** One figure as `--json` prints it. */
export interface FigureJson {
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
  readonly reference: number | null;
  /** Null where there is no goal. */
  readonly met: boolean | null;
  readonly bound?: 'at_most' | 'at_least';
  readonly referenceIs?: string;
  readonly note?: string;
}

/** A value that could not be measured (NaN) meets no goal. */
export function isMet({ value, goal }: Figure): boolean | null {
  if (goal === undefined) return null;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

export function goalOf({ goal }: Figure): number | null {
  if (goal === undefined) return null;
  return 'atMost' in goal ? goal.atMost : goal.atLeast;
}

/**
 * `{name: {value, unit, goal, reference, met}}`, numbers to four significant digits where they are no integers.
 * What must not be rounded is `met`: it is judged before.
 * @throws Error where two figures share a name
 */
export function figuresJson(figures: readonly Figure[]): Record<string, FigureJson> {
  const json: Record<string, FigureJson> = {};
  for (const figure of figures) {
    if (Object.hasOwn(json, figure.name)) throw new Error(`two figures are named ${figure.name}`);
    const goal = goalOf(figure);
    json[figure.name] = {
      value: rounded(figure.value),
      unit: figure.unit,
      goal: goal === null ? null : rounded(goal),
      reference: figure.reference === undefined ? null : rounded(figure.reference.value),
      met: isMet(figure),
      ...(figure.goal === undefined ? {} : { bound: 'atMost' in figure.goal ? 'at_most' : 'at_least' }),
      ...(figure.reference === undefined ? {} : { referenceIs: figure.reference.what }),
      ...(figure.note === undefined ? {} : { note: figure.note }),
    };
  }
  return json;
}

/** Figures whose goal is missed. */
export function missed(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter((figure) => isMet(figure) === false);
}

export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

/** The middle one; of an even count the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
