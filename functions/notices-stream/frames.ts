import type { Notice } from '../../shared/contracts/notice';

/**
 * The blocks of a `text/event-stream`, as the HTML standard defines them. All that is variable is a number or
 * JSON, which has no raw line break: no event can be made to look like another.
 */

/** How long a client waits before it comes again. */
export const retryFrame = (ms: number): string => `retry: ${ms}\n\n`;

/** A named event. Its id is where a client goes on that heard this last. */
export function eventFrame(name: string, position: number, data: unknown): string {
  return `id: ${position}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

export const noticeFrame = (notice: Notice): string => eventFrame(notice.kind, notice.seq, notice);

/**
 * Keeps the connection open, and moves the client on past entries that it is not shown: a block without data sets
 * the last event id and fires no event.
 */
export const heartbeatFrame = (position: number): string => `id: ${position}\n: heartbeat\n\n`;
