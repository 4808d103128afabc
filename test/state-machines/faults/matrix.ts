import { type Cell, cellsOf, type NotApplicable } from './cells';
import { ALL_INCIDENTS, placesOf } from './places';
import { type CellResult, runCell } from './run-cell';

/** The whole matrix, always in the same order. */
export async function matrix(): Promise<{ cells: Cell[]; notApplicable: NotApplicable[] }> {
  const cells: Cell[] = [];
  const notApplicable: NotApplicable[] = [];
  for (const incident of ALL_INCIDENTS) {
    for (const place of await placesOf(incident)) {
      const found = cellsOf(place);
      cells.push(...found.cells);
      notApplicable.push(...found.notApplicable);
    }
  }
  return { cells, notApplicable };
}

/** Every `step`-th cell from `first` on, one after another. */
export async function runCells(
  cells: readonly Cell[],
  { first, step }: { readonly first: number; readonly step: number },
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  for (let index = first; index < cells.length; index += step)
    results.push(await runCell(cells[index] as Cell));
  return results;
}
