import type { Listed } from '../../shared/ports/listings';
import type { Place } from './cursor';

export interface Walk<T> {
  /** Rows of the page. */
  readonly limit: number;
  readonly from: Place | undefined;
  /** Things after a place, in the list's order. */
  readonly batch: (limit: number, beyond: string | undefined) => Promise<readonly Listed[]>;
  /** A thing's rows in this list; none where it does not belong in it. */
  readonly rows: (id: string) => Promise<readonly T[]>;
  /** Things looked at in one request, however few rows they give. */
  readonly most?: number;
}

const BATCH = 50;
const LEAST = 10;
const MOST = 500;

/**
 * A page of rows, found by walking along a list of things. What is looked at is bounded: a page may have fewer rows
 * than its limit, even none, and still say where to go on.
 */
export async function walk<T>({ limit, from, batch, rows, most = MOST }: Walk<T>): Promise<{
  readonly rows: readonly T[];
  readonly next: Place | undefined;
}> {
  const page: T[] = [];
  let beyond = from?.at;
  if (from !== undefined && from.skip > 0) {
    // The place's text ends with the id of the thing that stands there.
    const rest = (await rows(from.at.slice(from.at.indexOf('#') + 1))).slice(from.skip);
    page.push(...rest.slice(0, limit));
    if (rest.length > limit) return { rows: page, next: { at: from.at, skip: from.skip + limit } };
  }
  for (let seen = 0; seen < most; ) {
    // No more than the page can take: each thing is read.
    const wanted = Math.min(BATCH, most - seen, Math.max(LEAST, limit - page.length + 1));
    const things = await batch(wanted, beyond);
    const found = await Promise.all(things.map(({ id }) => rows(id)));
    for (const [index, thing] of things.entries()) {
      const mine = found[index] ?? [];
      const room = limit - page.length;
      if (mine.length > 0 && room === 0) return { rows: page, next: { at: beyond as string, skip: 0 } };
      page.push(...mine.slice(0, room));
      if (mine.length > room) return { rows: page, next: { at: thing.at, skip: room } };
      beyond = thing.at;
    }
    seen += things.length;
    if (things.length < wanted) return { rows: page, next: undefined };
  }
  return { rows: page, next: beyond === undefined ? undefined : { at: beyond, skip: 0 } };
}
