import type { EventType } from './event-types';

/** The change that closes the open epoch of the audit log, and the event that tells of it. */
export const EPOCH_CLOSED = 'audit.epoch_closed' satisfies EventType;

/** The epoch that holds entry `seq`. `epochs`: oldest first, the first one from 0 on. */
export function epochOf<E extends { readonly base: number }>(epochs: readonly E[], seq: number): E {
  return epochs.findLast(({ base }) => base <= seq) as E;
}
