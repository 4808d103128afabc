import type { Status } from './transitions';

/** Every event type of the Trigger Mesh. `producer` and `consumer` are roles, checked by a test. */
export const EVENT_TYPES = {
  'error.detected': { producer: 'sources', consumer: 'sentinel' },
  'error.captured': { producer: 'captureErrors middleware', consumer: 'sentinel' },
  'agentic.action_planned': { producer: 'sentinel', consumer: 'recorder' },
  'agentic.action_executing': { producer: 'executor', consumer: 'recorder' },
  'agentic.action_verified': { producer: 'verify', consumer: 'recorder' },
  'agentic.action_rolled_back': { producer: 'close', consumer: 'recorder' },
  'agentic.action_not_taken': { producer: 'admit', consumer: 'recorder' },
  'agentic.problem_resolved': { producer: 'close', consumer: 'recorder' },
  'agentic.escalated': { producer: 'close', consumer: 'recorder' },
  'approval.requested': { producer: 'open-approval', consumer: 'recorder' },
  'approval.granted': { producer: 'decide', consumer: 'relay' },
  'approval.rejected': { producer: 'decide', consumer: 'relay' },
  'approval.expired': { producer: 'reaper', consumer: 'relay' },
  'approval.cancelled': { producer: 'decide', consumer: 'relay' },
  'approval.escalated': { producer: 'reaper', consumer: 'recorder' },
  'approval.replan_requested': { producer: 'decide', consumer: 'replanner' },
  'job.enqueued': { producer: 'bootstrap', consumer: 'archive' },
  'job.completed': { producer: 'bootstrap', consumer: 'archive' },
  'job.failed': { producer: 'bootstrap', consumer: 'archive' },
  'audit.anomaly_detected': { producer: 'audit-sequencer, audit-check, audit-sealer', consumer: 'archive' },
  /** The canary's song. Each part that hears it answers by a write of its own, if it was really sung. */
  'audit.canary': { producer: 'audit-check', consumer: 'sentinel, relay, recorder, webhook-sender' },
  /** The order; the sequencer closes the epoch where it meets it. */
  'audit.epoch_closed': { producer: 'decide', consumer: 'webhook-sender' },
  /** Wakes the intake; whether the event was released is read from its quarantined item. */
  'quarantine.released': { producer: 'people', consumer: 'sentinel' },
  'metric.published': { producer: 'benchmark', consumer: 'archive' },
} as const;
export type EventType = keyof typeof EVENT_TYPES;

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(EVENT_TYPES, name);
}

/** The event that a move to each status is known by. Those that are no mesh event stay in the audit log. */
export const EVENT_OF_STATUS: Readonly<Record<Status, string>> = {
  planned: 'agentic.action_planned',
  refused: 'agentic.action_not_taken',
  observed: 'agentic.action_not_taken',
  awaiting_approval: 'approval.requested',
  // Tier 1; people's approval is `approval.granted`.
  approved: 'contract.admitted',
  denied: 'approval.rejected',
  expired: 'approval.expired',
  stale: 'agentic.action_not_taken',
  cancelled: 'agentic.action_not_taken',
  executing: 'agentic.action_executing',
  verifying: 'contract.verifying',
  resolved: 'agentic.problem_resolved',
  rolling_back: 'contract.rolling_back',
  rolled_back: 'agentic.action_rolled_back',
  needs_person: 'agentic.escalated',
};
