import type { Client } from '../api/client';
import { SignedOutError } from '../api/errors';
import { PATHS } from '../api/paths';
import type { ServerEvent } from './sse';
import { keepOpen, type LiveState } from './stream';

/** The one stream of the tab, for whoever on the page wants to know. */
export interface Live {
  state(): LiveState;
  onState(listener: () => void): () => void;
  onEvent(listener: (event: ServerEvent) => void): () => void;
  start(): void;
  stop(): void;
}

export function liveStream(client: Client): Live {
  const watchers = new Set<() => void>();
  const listeners = new Set<(event: ServerEvent) => void>();
  let state: LiveState = { status: 'off' };
  let running: AbortController | undefined;

  return {
    state: () => state,
    onState(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (running !== undefined) return;
      const mine = new AbortController();
      running = mine;
      const open = async (lastEventId: string | undefined, signal: AbortSignal) => {
        try {
          return await client.stream(PATHS.stream, lastEventId, signal);
        } catch (error) {
          // The token ran out and could not be renewed: as good as one that is refused.
          if (error instanceof SignedOutError) return new Response(null, { status: 401 });
          throw error;
        }
      };
      void keepOpen(
        {
          open,
          onState(next) {
            // A stream that was stopped says so late; by then another may run.
            if (running !== mine && running !== undefined) return;
            state = next;
            for (const watcher of watchers) watcher();
          },
          onEvent(event) {
            for (const listener of listeners) listener(event);
          },
          chance: Math.random,
          wait: pause,
        },
        mine.signal,
      ).finally(() => {
        if (running === mine) running = undefined;
      });
    },
    stop() {
      running?.abort();
      running = undefined;
    },
  };
}

/** Ends early when the network comes back, or the tab is looked at again: then somebody is waiting. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = () => {
      over.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { signal: over.signal });
    addEventListener('online', end, { signal: over.signal });
  });
}
