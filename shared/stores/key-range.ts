import type { QueryInput } from '../ports/table';
import { StoreRequestError } from './errors';
import { compareText } from './text-order';

/**
 * Which sort keys a query asks for. DynamoDB takes one condition on the sort key; `undefined` means that no
 * key can fit, and nothing need be asked.
 */
export type KeyRange =
  | { readonly kind: 'all' }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'from'; readonly from: string }
  | { readonly kind: 'to'; readonly to: string }
  | { readonly kind: 'between'; readonly from: string; readonly to: string };

/** The greatest character. */
const LAST_CHARACTER = '\u{10FFFF}';

/**
 * A prefix together with a bound becomes a range that ends at the prefix and U+10FFFF, a character that no
 * key of ours holds. An empty prefix or bound is none.
 * @throws StoreRequestError when `limit` is no whole number from 1
 */
export function keyRange(query: QueryInput): KeyRange | undefined {
  if (query.limit !== undefined && !(Number.isInteger(query.limit) && query.limit >= 1)) {
    throw new StoreRequestError(`the limit of a query is a whole number from 1, not ${query.limit}`);
  }
  const prefix = query.skPrefix || undefined;
  let from = query.skFrom || undefined;
  let to = query.skTo || undefined;
  if (prefix !== undefined) {
    if (from === undefined && to === undefined) return { kind: 'prefix', prefix };
    const end = prefix + LAST_CHARACTER;
    if (from === undefined || compareText(from, prefix) < 0) from = prefix;
    if (to === undefined || compareText(to, end) > 0) to = end;
  }
  if (from !== undefined && to !== undefined) {
    return compareText(from, to) > 0 ? undefined : { kind: 'between', from, to };
  }
  if (from !== undefined) return { kind: 'from', from };
  return to === undefined ? { kind: 'all' } : { kind: 'to', to };
}

/** Where the range begins (inclusive), if anywhere. */
export function rangeStart(range: KeyRange): string | undefined {
  if (range.kind === 'prefix') return range.prefix;
  return range.kind === 'from' || range.kind === 'between' ? range.from : undefined;
}

/** Whether a sort key lies after the end of the range. */
export function isBeyond(range: KeyRange, sk: string): boolean {
  if (range.kind === 'prefix') return !sk.startsWith(range.prefix) && compareText(sk, range.prefix) > 0;
  return (range.kind === 'to' || range.kind === 'between') && compareText(sk, range.to) > 0;
}

/** Whether a sort key lies before the start of the range. */
export function isBefore(range: KeyRange, sk: string): boolean {
  const start = rangeStart(range);
  return start !== undefined && compareText(sk, start) < 0;
}
