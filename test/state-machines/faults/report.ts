import { COLUMNS, type NotApplicable } from './cells';
import type { Row } from './rows/row';
import type { CellResult } from './run-cell';

interface Count {
  passed: number;
  all: number;
}
const add = (counts: Map<string, Count>, key: string, passed: boolean): void => {
  const count = counts.get(key) ?? { passed: 0, all: 0 };
  count.all += 1;
  if (passed) count.passed += 1;
  counts.set(key, count);
};
const shown = (count: Count | undefined): string =>
  count === undefined ? 'n/a' : `${count.passed}/${count.all}`;

const TASKS = 'all Task states';

/** Places × columns, each N/N, and after it what failed. */
export function matrixLines(results: readonly CellResult[]): string[] {
  const cells = new Map<string, Count>();
  const places = [...tasksFirst(results)];
  const tasks = new Set(results.filter((each) => each.isTask).map(({ place }) => place));
  places.splice(tasks.size, 0, TASKS);
  for (const { place, column, broken, isTask } of results) {
    if (isTask) {
      add(cells, `${TASKS}/${column}`, broken.length === 0);
      add(cells, `${TASKS}/all`, broken.length === 0);
    }
    add(cells, `${place}/${column}`, broken.length === 0);
    add(cells, `${place}/all`, broken.length === 0);
    add(cells, `all/${column}`, broken.length === 0);
    add(cells, 'all/all', broken.length === 0);
  }
  const columns = [...COLUMNS, 'all'];
  const rows = [...places, 'all'].map((place) => [
    place,
    ...columns.map((column) => shown(cells.get(`${place}/${column}`))),
  ]);
  const failures = results
    .filter(({ broken }) => broken.length > 0)
    .map(
      ({ incident, place, column, what, end, broken }) =>
        `FAILED ${incident} | ${place} | ${column} | ${what} | ${end} | ${broken.slice(0, 3).join('; ')}`,
    );
  return [...aligned([['place', ...columns], ...rows]), ...failures];
}

function tasksFirst(results: readonly CellResult[]): Set<string> {
  const names = (isTask: boolean) =>
    results.filter((each) => each.isTask === isTask).map(({ place }) => place);
  return new Set([...names(true), ...names(false)]);
}

/** Each reason once, with the places that it is true of in every incident. */
export function notApplicableLines(
  notApplicable: readonly NotApplicable[],
  results: readonly CellResult[],
): string[] {
  const tried = new Set(results.map(({ place, column }) => `${place}/${column}`));
  const reasons = new Map<string, Set<string>>();
  for (const { place, column, because } of notApplicable) {
    if (tried.has(`${place}/${column}`)) continue;
    const key = `${column}: ${because}`;
    reasons.set(key, (reasons.get(key) ?? new Set()).add(place));
  }
  return [...reasons].map(([reason, places]) => `n/a ${reason} (${[...places].join(', ')})`);
}

/** How contracts ended under each column: what the faults cost, where nothing is broken. */
export function endLines(results: readonly CellResult[]): string[] {
  const ends = new Map<string, number>();
  for (const { column, isTask, end } of results) {
    if (isTask) ends.set(`${column}: ${end}`, (ends.get(`${column}: ${end}`) ?? 0) + 1);
  }
  return [...ends]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => `${String(count).padStart(6)}  ${key}`);
}

export function rowLines(row: Row): string[] {
  const failed = row.cases.filter(({ problem }) => problem !== undefined);
  const passed = row.cases.length - failed.length;
  return [
    `${passed}/${row.cases.length}  ${row.name}`,
    ...failed.map(({ what, problem }) => `FAILED ${row.name} | ${what} | ${problem}`),
  ];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
}
