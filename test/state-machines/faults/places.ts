import type { Invocation, PortCall } from '../../../cli/simulator/invocation';
import { runIncident } from '../../support/faults/bench';
import { BENCH_INCIDENTS, type BenchIncident } from '../../support/faults/bench-incidents';

/** One invocation of a run without faults, and the port calls that it makes: where faults can hit. */
export interface Place {
  readonly incident: BenchIncident;
  /** The Task state; of what is not called by the state machine, the function. */
  readonly name: string;
  readonly isTask: boolean;
  /** Number of the invocation within its run; the same in every run up to the fault. */
  readonly invocationId: number;
  readonly calls: readonly Pick<PortCall, 'index' | 'port' | 'method'>[];
}

/** How many invocations of a function outside the state machine are tried; they repeat themselves. */
const OUTSIDE_TRIES = 2;

/** Runs the incident without faults and answers every place that it passes. */
export async function placesOf(incident: BenchIncident): Promise<readonly Place[]> {
  const seen = new Map<number, { invocation: Invocation; calls: Place['calls'][number][] }>();
  await runIncident(incident, {
    faults: () => ({
      onInvoke(invocation) {
        seen.set(invocation.id, { invocation, calls: [] });
        return undefined;
      },
      onCall({ invocation, index, port, method }) {
        seen.get(invocation.id)?.calls.push({ index, port, method });
        return undefined;
      },
    }),
  });
  const tries = new Map<string, number>();
  const places: Place[] = [];
  for (const { invocation, calls } of seen.values()) {
    const isTask = invocation.stateName !== undefined;
    const name = invocation.stateName ?? invocation.functionName;
    tries.set(name, (tries.get(name) ?? 0) + 1);
    if (calls.length === 0 || (!isTask && (tries.get(name) ?? 0) > OUTSIDE_TRIES)) continue;
    places.push({ incident, name, isTask, invocationId: invocation.id, calls });
  }
  return places;
}

export const ALL_INCIDENTS: readonly BenchIncident[] = Object.values(BENCH_INCIDENTS);
