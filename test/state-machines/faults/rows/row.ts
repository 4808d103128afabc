/** One row of the fault table: cases, each with what is wrong, or nothing. */
export interface Row {
  readonly name: string;
  readonly cases: readonly RowCase[];
}
export interface RowCase {
  readonly what: string;
  /** `undefined` = as it must be. */
  readonly problem?: string | undefined;
}

/** A case that holds when two values, shown as JSON, are the same. */
export function same(what: string, actual: unknown, expected: unknown): RowCase {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  return seen === wanted ? { what } : { what, problem: `${seen}, not ${wanted}` };
}

/** A case that holds when there is nothing to complain of. */
export const none = (what: string, problems: readonly string[]): RowCase =>
  problems.length === 0 ? { what } : { what, problem: problems.slice(0, 3).join('; ') };
