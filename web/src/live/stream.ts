import { waitBefore } from './backoff';
import { type ServerEvent, sseReader } from './sse';

export type LiveState =
  | { readonly status: 'connecting' }
  | { readonly status: 'live' }
  /** `again`: when the next try is made, milliseconds since 1970. */
  | { readonly status: 'lost'; readonly again: number }
  /** Nobody is signed in. */
  | { readonly status: 'off' };

export interface StreamDeps {
  /** Opens the stream after event `lastEventId`. Rejects, or answers with a status that is not 200, on trouble. */
  open(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  onState(state: LiveState): void;
  onEvent(event: ServerEvent): void;
  readonly now: () => number;
  readonly chance: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Twice the server's heartbeat, and some: a connection that says nothing for so long is dead. */
export const SILENCE = 40_000;

/**
 * Keeps the stream open until `signal` is aborted, or until the API no longer takes the token (401, 403). After each
 * break it asks for what came after the last event that it has seen.
 */
export async function keepOpen(deps: StreamDeps, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    deps.onState({ status: 'connecting' });
    let floor = 0;
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      const response = await deps.open(lastEventId, attempt.signal);
      if (response.status === 401 || response.status === 403) break;
      if (response.ok && response.body !== null) {
        deps.onState({ status: 'live' });
        floor = await readAll(response.body, attempt, (event) => {
          failures = 0;
          if (event.id !== undefined) lastEventId = event.id;
          deps.onEvent(event);
        });
      }
    } catch (error) {
      // A lost connection is what this loop is for; anything else is a mistake in the console.
      if (!isConnectionFault(error)) throw error;
    } finally {
      signal.removeEventListener('abort', end);
      attempt.abort();
    }
    if (signal.aborted) break;
    failures += 1;
    const pause = waitBefore(failures, deps.chance(), floor);
    deps.onState({ status: 'lost', again: deps.now() + pause });
    await deps.wait(pause, signal);
  }
  deps.onState({ status: 'off' });
}

/** Reads to the end of the connection; gives the server's wish for a pause, milliseconds. */
async function readAll(
  body: ReadableStream<Uint8Array>,
  attempt: AbortController,
  onEvent: (event: ServerEvent) => void,
): Promise<number> {
  const reader = sseReader();
  const decoder = new TextDecoder();
  const chunks = body.getReader();
  for (;;) {
    const silence = setTimeout(() => attempt.abort(), SILENCE);
    const { done, value } = await chunks.read().finally(() => clearTimeout(silence));
    if (done) return reader.retry() ?? 0;
    for (const event of reader.push(decoder.decode(value, { stream: true }))) onEvent(event);
  }
}

/** `fetch` rejects with a TypeError when the network fails, and with an AbortError or TimeoutError when it is ended. */
function isConnectionFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}
