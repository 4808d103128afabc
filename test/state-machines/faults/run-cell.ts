import type { Status } from '../../../shared/domain/transitions';
import { type BenchOptions, runIncident } from '../../support/faults/bench';
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
export async function runCell(
  cell: Cell,
  { wrapState }: Pick<BenchOptions, 'wrapState'> = {},
): Promise<CellResult> {
  const { incident, place, column, what } = cell;
  const result = { incident: incident.name, place: place.name, isTask: place.isTask, column, what };
  try {
    const stage = await runIncident(incident, {
      faults: cell.faults,
      patienceMs: 30 * 3_600_000,
      ...(wrapState === undefined ? {} : { wrapState }),
    });
    const end = stage
      .contracts()
      .map(({ status, reason }) => `${status} ${reason ?? ''}`)
      .join(', ');
    const broken = await brokenInvariants(stage);
    const ended = stage.contracts().map(({ status }) => status);
    if (cell.survives && !ended.every((status) => mayEnd(cell).includes(status)))
      broken.push(`a fault that passes changed the end from ${incident.end} to ${ended.join()}`);
    return { ...result, end, broken };
  } catch (error) {
    return { ...result, end: 'thrown', broken: [String(error)] };
  }
}

/**
 * A request that may have gone out, of which nobody can know, needs a person; one that is known not to have gone
 * out is not sent later by itself.
 */
function mayEnd({ incident, place }: Cell): readonly Status[] {
  const isSent = incident.oneShot && place.name === 'Execute Action';
  return isSent ? [incident.end, 'needs_person', 'cancelled'] : [incident.end];
}
