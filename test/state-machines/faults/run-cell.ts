import { runIncident } from '../../support/faults/bench';
import { brokenInvariants } from '../../support/faults/invariants';
import type { Cell } from './cells';

export interface CellResult {
  readonly incident: string;
  readonly place: string;
  readonly isTask: boolean;
  readonly column: string;
  readonly what: string;
  /** How the contract ended. */
  readonly end: string;
  readonly broken: readonly string[];
}

/** Runs the incident with the fault, and says what of the invariants does not hold. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const { incident, place, column, what } = cell;
  const result = { incident: incident.name, place: place.name, isTask: place.isTask, column, what };
  try {
    const stage = await runIncident(incident, { faults: cell.faults, patienceMs: 30 * 3_600_000 });
    const end = stage
      .contracts()
      .map(({ status, reason }) => `${status} ${reason ?? ''}`)
      .join(', ');
    return { ...result, end, broken: await brokenInvariants(stage) };
  } catch (error) {
    return { ...result, end: 'thrown', broken: [String(error)] };
  }
}
