import { useSyncExternalStore } from 'react';

/**
 * Where the reader is: the address's fragment, so that the console can be served below any path by anything that
 * serves files, and a link never reaches a server.
 */
export interface Place {
  /** `#/contracts/abc?status=denied` is `['contracts', 'abc']`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { segments: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

/** The address of a place: `hrefOf('contracts', id)`. */
export function hrefOf(...segments: readonly string[]): string {
  return `#/${segments.map(encodeURIComponent).join('/')}`;
}

export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, () => location.hash));
}

/** Changes the query of this place without a new entry in the history: a filter is not a step. */
export function replaceQuery(query: Readonly<Record<string, string | undefined>>): void {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const path = location.hash.split('?')[0] || '#/';
  const text = new URLSearchParams(given).toString();
  history.replaceState(null, '', text === '' ? path : `${path}?${text}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A hand-edited address: whatever it is, no such thing will be found.
    return segment;
  }
}
