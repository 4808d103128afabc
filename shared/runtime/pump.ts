import type { Writable } from 'node:stream';

/** A client that takes nothing for this long is given up; it can come again and go on where it was. */
const DRAIN_MS = 30_000;

/** How it ended: the frames did, the client went, or it took nothing for too long. */
export type PumpEnd = 'finished' | 'gone' | 'too_slow';

/**
 * Writes frames as they come and as they are taken: the next one is asked for only when the writable has room, so
 * that a slow client holds up its own stream and fills nobody's memory. Does not end the writable; throws what the
 * frames throw.
 */
export async function pump(
  frames: AsyncIterable<string>,
  out: Writable,
  { drainMs = DRAIN_MS }: { readonly drainMs?: number } = {},
): Promise<PumpEnd> {
  for await (const frame of frames) {
    if (isClosed(out)) return 'gone';
    if (!out.write(frame) && !(await drained(out, drainMs))) return 'too_slow';
  }
  return isClosed(out) ? 'gone' : 'finished';
}

/** Lambda's response stream shows these two only, and is not told when a client goes. */
const isClosed = (out: Writable): boolean => out.destroyed || out.writableEnded;

/** Whether there is room again, or nobody to make room for, before the time is over. */
function drained(out: Writable, drainMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (room: boolean) => (): void => {
      clearTimeout(timer);
      for (const event of ['drain', 'close', 'error'] as const) out.off(event, onRoom);
      resolve(room);
    };
    const onRoom = settle(true);
    const timer = setTimeout(settle(false), drainMs);
    for (const event of ['drain', 'close', 'error'] as const) out.on(event, onRoom);
  });
}
