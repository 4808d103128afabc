import type { Incident } from '../simulator/cloud/incident';
import { INCIDENTS } from '../simulator/cloud/incidents';
import type { PlannedIteration } from './iteration';

/** Mean distance of two starts. With incidents of some 25 minutes, about fifty are under way at once. */
const APART_MS = 30_000;

/** Incidents that surely lead to a contract; the others show in the corpus benchmark. */
export const SCENARIO_INCIDENTS: readonly Incident[] = INCIDENTS.filter(
  ({ truth }) =>
    truth.end !== 'no_contract' && (truth.allowed ?? []).every(({ end }) => end !== 'no_contract'),
);

/**
 * Those of which a contract comes whatever is delayed: where somebody changes the target while an approval is
 * awaited, an event that comes after that finds nothing to do, and rightly so.
 */
export const CHAOS_INCIDENTS: readonly Incident[] = SCENARIO_INCIDENTS.filter(
  ({ truth }) => truth.end !== 'stale' && truth.end !== 'refused',
);

/** The iterations of a seed. More of them begin as fewer do: the first ones are the same. */
export function drawIterations(
  count: number,
  random: () => number,
  from: readonly Incident[] = SCENARIO_INCIDENTS,
): readonly PlannedIteration[] {
  const drawn: PlannedIteration[] = [];
  let startsAfterMs = 0;
  for (let index = 1; index <= count; index += 1) {
    const incident = from[Math.floor(random() * from.length)] as Incident;
    drawn.push({ index, incident, seed: Math.floor(random() * 1e9), startsAfterMs });
    startsAfterMs += Math.floor(random() * 2 * APART_MS);
  }
  return drawn;
}
