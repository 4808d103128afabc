/**
 * Partition keys of counters, windows and leases, by prefix: changed in place by one conditional write and not
 * audited, because what they decide is written on the contract. The stream filter of the sequencer is made of
 * this list.
 */
export const UNAUDITED_PREFIXES = [
  'FINGERPRINT#',
  'BUDGET#',
  'POOL',
  'BREAKER#',
  'LOCK#',
  'WAITING#',
  'CURSOR#',
  'SUMMARY#',
  'IDEMPOTENCY#',
] as const;

/** Whether changes of the item become audit entries: all but the counters and leases of `UNAUDITED_PREFIXES`. */
export function isAudited(pk: string): boolean {
  return !UNAUDITED_PREFIXES.some((prefix) => pk.startsWith(prefix));
}
