import type { JsonValue } from '../../shared/domain/canonical-json';
import { canonicalJson } from '../../shared/domain/canonical-json';
import type { Listed } from '../../shared/ports/listings';
import { type Answer, refused } from './answer';
import { cursorText, readCursor } from './cursor';
import { walk } from './walk';

/** A page of a list, by the `limit` and `cursor` of the request. A cursor belongs to the list and its filters. */
export async function pageOf<T>(page: {
  readonly list: string;
  readonly filters?: JsonValue;
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
  readonly batch: (limit: number, beyond: string | undefined) => Promise<readonly Listed[]>;
  readonly rows: (id: string) => Promise<readonly T[]>;
}): Promise<Answer<T[]>> {
  const { query, batch, rows } = page;
  const list = `${page.list}?${canonicalJson(page.filters ?? null)}`;
  const from = query.cursor === undefined ? undefined : readCursor(list, query.cursor);
  if (query.cursor !== undefined && from === undefined) return invalidCursor;
  const found = await walk({ limit: query.limit, from, batch, rows });
  return {
    ok: true,
    data: [...found.rows],
    ...(found.next === undefined ? {} : { next: cursorText(list, found.next) }),
  };
}

export const invalidCursor = refused(
  'INVALID_CURSOR',
  'give `meta.next` of the page before, unchanged, to the same list with the same filters',
);
