import { useCallback, useEffect, useRef, useState } from 'react';
import type { Request } from '../api/client';
import { SignedOutError } from '../api/errors';
import { useLook } from '../live/use-live';
import { useConsole } from './console-context';

export interface Resource<T> {
  /** What was read last, also while it is read again and when that fails. */
  readonly data: T | undefined;
  /** Where the next page of a list begins. */
  readonly next: string | undefined;
  /** Why the last reading failed. */
  readonly error: unknown;
  readonly loading: boolean;
  reload(): void;
}

interface Read<T> {
  readonly key: string;
  readonly data?: T;
  readonly next?: string | undefined;
  readonly error?: unknown;
}

/** Reads `path`, and again whenever the stream says that something changed. `undefined` = nothing to read yet. */
export function useResource<T>(
  path: string | undefined,
  query: NonNullable<Request['query']> = {},
): Resource<T> {
  const { client } = useConsole();
  const key = path === undefined ? '' : JSON.stringify([path, query]);
  const [read, setRead] = useState<Read<T>>({ key });
  const running = useRef<AbortController>(undefined);

  const load = useCallback(async () => {
    if (key === '') return;
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    const [where, what] = JSON.parse(key) as [string, NonNullable<Request['query']>];
    try {
      const { data, meta } = await client.get<T>(where, { query: what, signal: mine.signal });
      if (!mine.signal.aborted) setRead({ key, data, next: meta.next });
    } catch (error) {
      if (mine.signal.aborted || error instanceof SignedOutError) return;
      setRead((before) => (before.key === key ? { ...before, error } : { key, error }));
    }
  }, [client, key]);

  useEffect(() => {
    void load();
    return () => running.current?.abort();
  }, [load]);
  useLook(() => void load());

  // What was read for another key is not this: better nothing than the wrong thing.
  const current = read.key === key ? read : { key };
  return {
    data: current.data,
    next: current.next,
    error: current.error,
    loading: current.data === undefined && current.error === undefined,
    reload: () => void load(),
  };
}
