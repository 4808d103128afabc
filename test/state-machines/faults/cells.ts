import type { FaultPlan } from '../../../cli/simulator/invocation';
import type { Stage } from '../../support/faults/bench';
import type { BenchIncident } from '../../support/faults/bench-incidents';
import { callFaults } from './call-faults';
import { callbackFaults } from './callback-faults';
import { conditionFaults } from './condition-faults';
import { invocationFaults } from './invocation-faults';
import type { Place } from './places';

/** The columns of the crash matrix. */
export const COLUMNS = [
  'throw before the effect',
  'throw after it',
  'timeout',
  'throttled',
  'conditional failure',
  'store down',
  'callback lost',
  'callback twice',
  'execution stopped',
  'clock skew ±5 min',
  'process killed',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One fault at one place, before it is put there. */
export interface Variant {
  readonly column: Column;
  readonly what: string;
  /** One fault that passes: it must not change how the incident ends. */
  readonly survives?: true;
  readonly faults: (stage: () => Stage) => FaultPlan;
}

/** One run of the matrix. */
export interface Cell extends Variant {
  readonly incident: BenchIncident;
  readonly place: Place;
}

/** Why a column has nothing at a place. */
export interface NotApplicable {
  readonly incident: string;
  readonly place: string;
  readonly column: Column;
  readonly because: string;
}

/** Every fault that can happen at the place. */
export function cellsOf(place: Place): { cells: Cell[]; notApplicable: NotApplicable[] } {
  const variants = [
    ...callFaults(place),
    ...conditionFaults(place),
    ...invocationFaults(place),
    ...callbackFaults(place),
  ];
  const cells = variants.map((variant) => ({ ...variant, incident: place.incident, place }));
  const notApplicable = COLUMNS.filter((column) => variants.every((each) => each.column !== column)).map(
    (column) => ({
      incident: place.incident.name,
      place: place.name,
      column,
      because: reasonOf(column, place),
    }),
  );
  return { cells, notApplicable };
}

function reasonOf(column: Column, { isTask }: Place): string {
  if (!isTask) return 'no Task state; tried beside the matrix, where it calls anything';
  switch (column) {
    case 'callback lost':
    case 'callback twice':
      return 'only Await Approval waits for a callback';
    case 'conditional failure':
      return 'it writes nothing here';
    case 'store down':
      return 'it does not use the state table';
    default:
      return 'nothing of that kind is called here';
  }
}
