import { waitBefore } from './backoff';
import { type ServerEvent, type SseReader, sseReader } from './sse';

export type LiveState =
  | { readonly status: 'connecting' }
  | { readonly status: 'live' }
  /** It broke, and is tried again. */
  | { readonly status: 'lost' }
  /** Nobody is signed in. */
  | { readonly status: 'off' };

export interface StreamDeps {
  /** Opens the stream after event `lastEventId`. Rejects, or answers with a status that is not 200, on trouble. */
  open(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  onState(state: LiveState): void;
  onEvent(event: ServerEvent): void;
  readonly chance: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Twice the server's heartbeat, and some: a connection that says nothing for so long is dead. */
const SILENCE = 40_000;

/**
 * Keeps the stream open until `signal` is aborted, or until the API no longer takes the token (401, 403). After each
 * break it asks for what came after the last place that it was told of. A stream that the server ends by itself is
 * no trouble: it is opened again, and nobody is told that it was lost.
 */
export async function keepOpen(deps: StreamDeps, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    deps.onState({ status: 'connecting' });
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener('abort', end, { once: true });
    const reader = sseReader(lastEventId);
    let ended = false;
    try {
      const response = await deps.open(lastEventId, attempt.signal);
      if (response.status === 401 || response.status === 403) break;
      if (response.ok && response.body !== null) {
        deps.onState({ status: 'live' });
        await readAll({ body: response.body, reader, attempt }, (event) => {
          failures = 0;
          deps.onEvent(event);
        });
        ended = failures === 0;
      }
    } catch (error) {
      // A lost connection is what this loop is for; anything else is a mistake in the console.
      if (!isConnectionFault(error)) throw error;
    } finally {
      lastEventId = reader.lastEventId();
      signal.removeEventListener('abort', end);
      attempt.abort();
    }
    if (signal.aborted) break;
    failures += 1;
    const pause = waitBefore(failures, deps.chance(), reader.retry());
    deps.onState({ status: ended ? 'connecting' : 'lost' });
    await deps.wait(pause, signal);
  }
  deps.onState({ status: 'off' });
}

interface Reading {
  readonly body: ReadableStream<Uint8Array>;
  readonly reader: SseReader;
  /** Aborted when the connection has said nothing for too long. */
  readonly attempt: AbortController;
}

/** Reads to the end of the connection. */
async function readAll(
  { body, reader, attempt }: Reading,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const chunks = body.getReader();
  for (;;) {
    const silence = setTimeout(() => attempt.abort(), SILENCE);
    const { done, value } = await chunks.read().finally(() => clearTimeout(silence));
    if (done) return;
    for (const event of reader.push(decoder.decode(value, { stream: true }))) onEvent(event);
  }
}

/** `fetch` rejects with a TypeError when the network fails, and with an AbortError or TimeoutError when it is ended. */
function isConnectionFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}
