/** A sample of the crash matrix; `npm run faults` runs all of it. */
import { COLUMNS } from './faults/cells';
import { matrix, runCells } from './faults/matrix';
import { loadDefinitionTasks } from './faults/task-states';

/** Every so many-th cell: a prime, so that no place and no column is passed over. */
const STEP = 23;

describe('the crash matrix', () => {
  it('has every Task state of the state machine, under every fault that can happen there', async () => {
    const { cells, notApplicable } = await matrix();
    const places = new Set(cells.filter(({ place }) => place.isTask).map(({ place }) => place.name));
    expect([...places].sort()).toEqual(loadDefinitionTasks().sort());
    for (const place of places) {
      for (const column of COLUMNS) {
        const tried = cells.some((cell) => cell.place.name === place && cell.column === column);
        const excused = notApplicable.some((each) => each.place === place && each.column === column);
        expect({ place, column, covered: tried || excused }).toEqual({ place, column, covered: true });
      }
    }
  });

  it('every cell of the sample ends well', async () => {
    const { cells } = await matrix();
    const results = await runCells(cells, { first: 0, step: STEP });
    expect(results.length).toBeGreaterThan(250);
    expect(results.filter(({ broken }) => broken.length > 0)).toEqual([]);
  }, 180_000);
});
