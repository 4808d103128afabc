import { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import {
  NotStreamingError,
  type StreamedAnswer,
  streamingHandler,
} from '../../shared/runtime/streaming-handler';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 1_000 } as Context;

/** Lambda's global, as its Node.js runtime behaves: the head is written before the first part of the body. */
function lambdaRuntime() {
  const written: string[] = [];
  let head: unknown;
  const raw = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return {
    written,
    raw,
    head: () => head,
    runtime: {
      streamifyResponse: (run: (event: unknown, out: Writable, context: Context) => Promise<void>) => run,
      HttpResponseStream: {
        from(out: Writable, given: unknown) {
          head = given;
          return out;
        },
      },
    },
  };
}

function observed() {
  const lines: Record<string, unknown>[] = [];
  const log = (_: string, fields: object) => void lines.push({ ...fields });
  let flushed = 0;
  return {
    lines,
    flushed: () => flushed,
    observers: {
      name: 'notices-stream',
      logger: { info: log, warn: log, error: log, correlate: () => undefined, bind: () => undefined },
      metrics: {
        count: () => undefined,
        record: () => undefined,
        flush() {
          flushed += 1;
        },
      },
    },
  };
}

type Handler = (event: unknown, out: Writable, context: Context) => Promise<void>;
async function* frames(...all: (string | Error)[]): AsyncGenerator<string> {
  for (const each of all) {
    if (each instanceof Error) throw each;
    yield each;
  }
}

describe('a function that streams', () => {
  test('sends its head and then each frame, ends the answer and answers nothing else', async () => {
    const { runtime, raw, written, head } = lambdaRuntime();
    const { observers, lines, flushed } = observed();
    const answer: StreamedAnswer = {
      statusCode: 200,
      headers: { 'content-type': 'text/event-stream' },
      frames: frames('a', 'b'),
    };
    const handler = streamingHandler({ ...observers, runtime, run: async () => answer }) as Handler;
    expect(await handler({}, raw, context)).toBeUndefined();
    expect(head()).toEqual({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(written).toEqual(['a', 'b']);
    expect(raw.writableEnded).toBe(true);
    expect(lines.map(({ code }) => code)).toEqual(['CALL_STARTED', 'CALL_ENDED']);
    expect(flushed()).toBe(1);
  });

  test('that fails halfway is broken off by the platform: its error goes on as it was, and is logged', async () => {
    const { runtime, raw, written } = lambdaRuntime();
    const { observers, lines, flushed } = observed();
    const fault = new Error('the log does not answer');
    const run = async () => ({ statusCode: 200, headers: {}, frames: frames('a', fault) });
    const handler = streamingHandler({ ...observers, runtime, run }) as Handler;
    await expect(handler({}, raw, context)).rejects.toBe(fault);
    expect(written).toEqual(['a']);
    expect(raw.writableEnded).toBe(false);
    expect(lines.at(-1)).toMatchObject({ code: 'CALL_FAILED', error: fault });
    expect(flushed()).toBe(1);
  });

  test.each([undefined, {} as never])(
    'loads where nothing can be streamed, and says so when it is called: %j',
    async (runtime) => {
      const { observers } = observed();
      const run = async () => ({ statusCode: 200, headers: {}, frames: frames() });
      const handler = streamingHandler({ ...observers, runtime, run }) as Handler;
      await expect(handler({}, new Writable(), context)).rejects.toThrow(NotStreamingError);
    },
  );
});
