import { approvedScalingIncidents } from './approved-scaling-incidents';
import type { Incident } from './incident';
import { quietIncidents } from './quiet-incidents';
import { restartIncidents } from './restart-incidents';
import { scalingIncidents } from './scaling-incidents';

/**
 * The incident corpus, each with its known truth. Synthetic: made after what is known to go wrong, not drawn
 * from any population, so rates over it say nothing about how often such incidents occur.
 */
export const INCIDENTS: readonly Incident[] = [
  ...scalingIncidents,
  ...approvedScalingIncidents,
  ...restartIncidents,
  ...quietIncidents,
];

/** The four that `npm start` shows, in order. */
export const DEMO_INCIDENTS: readonly Incident[] = INCIDENTS.filter(({ demo }) => demo !== undefined).sort(
  (a, b) => (a.demo ?? 0) - (b.demo ?? 0),
);
