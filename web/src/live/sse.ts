/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** Its `id`, or the last one before it. */
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string;
}

export interface SseReader {
  /** Takes the next piece of text, wherever it was cut, and gives the events that it completes. */
  push(text: string): readonly ServerEvent[];
  /** Where to go on after a break. A block without data moves it on as well, and is no event. */
  lastEventId(): string | undefined;
  /** What the server asked to wait before connecting again, milliseconds. */
  retry(): number | undefined;
}

/**
 * Reads an event stream (WHATWG HTML, "Parsing an event stream"). `EventSource` cannot send a bearer header, so the
 * console reads the stream itself. `startId`: where the reading goes on.
 */
export function sseReader(startId?: string): SseReader {
  let rest = '';
  let id = startId;
  let type = '';
  let data: string[] = [];
  let retry: number | undefined;
  let lastEventId = startId;

  const takeField = (line: string) => {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  };
  const dispatch = (): ServerEvent | undefined => {
    const event = data.length === 0 ? undefined : { id, type: type || 'message', data: data.join('\n') };
    lastEventId = id;
    type = '';
    data = [];
    return event;
  };

  return {
    push(text) {
      rest += text;
      const events: ServerEvent[] = [];
      // A lone CR at the end may be half of a CRLF: it waits for what follows.
      for (let end = rest.search(/\r(?!$)|\n/); end !== -1; end = rest.search(/\r(?!$)|\n/)) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + (rest.startsWith('\r\n', end) ? 2 : 1));
        if (line !== '') takeField(line);
        else {
          const event = dispatch();
          if (event !== undefined) events.push(event);
        }
      }
      return events;
    },
    lastEventId: () => lastEventId,
    retry: () => retry,
  };
}
