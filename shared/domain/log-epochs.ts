/** The change that closes the open epoch of the audit log. It stays in the log: nobody is told by an event. */
export const EPOCH_CLOSED = 'audit.epoch_closed';

/** The epoch that holds entry `seq`. `epochs`: oldest first, the first one from 0 on. */
export function epochOf<E extends { readonly base: number }>(epochs: readonly E[], seq: number): E {
  return epochs.findLast(({ base }) => base <= seq) as E;
}
