/** The contract's life. The database conditions are derived from this table (`sourcesOf`). */

export const STATUSES = [
  'planned',
  'refused',
  'observed',
  'awaiting_approval',
  'approved',
  'denied',
  'expired',
  'stale',
  'cancelled',
  'executing',
  'verifying',
  'resolved',
  'rolling_back',
  'rolled_back',
  'needs_person',
] as const;
export type Status = (typeof STATUSES)[number];

/**
 * From each status, where it may go. A status with no way out is an end.
 * `executing → cancelled` is only for an action of which nothing was sent.
 */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  planned: ['refused', 'observed', 'awaiting_approval', 'approved'],
  awaiting_approval: ['approved', 'denied', 'expired', 'cancelled'],
  approved: ['executing', 'refused', 'stale', 'denied', 'cancelled'],
  executing: ['verifying', 'rolling_back', 'needs_person', 'cancelled'],
  verifying: ['resolved', 'rolling_back', 'needs_person'],
  rolling_back: ['rolled_back', 'needs_person'],
  refused: [],
  observed: [],
  denied: [],
  expired: [],
  stale: [],
  cancelled: [],
  resolved: [],
  rolled_back: [],
  needs_person: [],
};

/** Every status from which `to` may be reached; a write that moves there is conditioned on these. */
export function sourcesOf(to: Status): readonly Status[] {
  return STATUSES.filter((from) => TRANSITIONS[from].includes(to));
}

export function mayMove(from: Status, to: Status): boolean {
  return TRANSITIONS[from].includes(to);
}

export function isEnd(status: Status): boolean {
  return TRANSITIONS[status].length === 0;
}

export const ENDS: readonly Status[] = STATUSES.filter(isEnd);

/** Ends before which nothing was sent to a target. */
export const ENDS_WITHOUT_EFFECT: readonly Status[] = [
  'refused',
  'observed',
  'denied',
  'expired',
  'stale',
  'cancelled',
];
