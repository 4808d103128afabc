import { useState } from 'react';
import { useResource } from './use-resource';

export interface List<T> {
  readonly items: readonly T[];
  readonly loading: boolean;
  readonly error: unknown;
  reload(): void;
  /** 1, 2, 3 … */
  readonly page: number;
  /** Pages that can be gone to; `more`: there are others after them. */
  readonly pages: number;
  readonly more: boolean;
  goTo(page: number): void;
}

export const PAGE_SIZE = 50;

/**
 * A list of the API, page by page. The API's cursors lead only forward, so those of the pages already seen are kept;
 * other filters begin again at the first page.
 */
export function useList<T>(
  path: string,
  filters: Readonly<Record<string, string | undefined>> = {},
): List<T> {
  const key = JSON.stringify([path, filters]);
  const [at, setAt] = useState({ key, cursors: [undefined] as readonly (string | undefined)[], page: 1 });
  const { cursors, page } = at.key === key ? at : { cursors: [undefined], page: 1 };
  const { data, next, error, loading, reload } = useResource<readonly T[]>(path, {
    ...filters,
    limit: PAGE_SIZE,
    cursor: cursors[page - 1],
  });
  const known =
    next === undefined
      ? cursors.slice(0, page)
      : [...cursors.slice(0, page), next, ...cursors.slice(page + 1)];
  return {
    items: data ?? [],
    loading,
    error,
    reload,
    page,
    pages: known.length,
    more: next !== undefined,
    goTo: (wanted) => setAt({ key, cursors: known, page: Math.min(Math.max(1, wanted), known.length) }),
  };
}
