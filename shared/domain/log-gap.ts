/**
 * How far the log is behind one item of the state table. A stream keeps a record for 24 hours: until then a
 * missing one may still come, and nothing is written in its place while another is missing before it, since
 * that would turn the item's order round.
 */
export const LATE_AFTER_MS = 15 * 60_000;
/** The stream's retention and an hour: what has not come by then never will. */
export const LOST_AFTER_MS = 25 * 3600_000;

export interface ItemNow {
  /** 0 = it has none, as items made by hand. */
  readonly rev: number;
  /** `imageDigest` of the item. */
  readonly digest: string;
  /** When it was changed last, by its own `change`; absent = it does not say. */
  readonly changedAt: number | undefined;
}

export interface LoggedRev {
  readonly rev: number;
  readonly digest: string;
}

export type LogGap =
  | { readonly kind: 'none' }
  /** The record has had no time to come yet. */
  | { readonly kind: 'on_its_way' }
  /** Late. `lost`: revs before it that are missing too; `fill`: whether it is time to write in their place. */
  | { readonly kind: 'late'; readonly lost: readonly [from: number, to: number] | undefined; fill: boolean }
  | { readonly kind: 'log_ahead' }
  | { readonly kind: 'image_differs' };

/**
 * `logged`: the newest rows that the log has of the item, of any rev. An image that any of them has is logged,
 * whichever rev it goes by: items are put back to an old state by hand, and made again after a removal.
 */
export function logGap(item: ItemNow, logged: readonly LoggedRev[], now: number): LogGap {
  if (logged.some(({ digest }) => digest === item.digest)) return { kind: 'none' };
  const last = Math.max(0, ...logged.map(({ rev }) => rev));
  if (item.rev < last) return { kind: 'log_ahead' };
  if (item.rev === last) return { kind: 'image_differs' };
  const age = item.changedAt === undefined ? Number.POSITIVE_INFINITY : now - item.changedAt;
  if (age < LATE_AFTER_MS) return { kind: 'on_its_way' };
  const lost = item.rev - last > 1 ? ([last + 1, item.rev - 1] as const) : undefined;
  return { kind: 'late', lost, fill: lost === undefined || age >= LOST_AFTER_MS };
}
