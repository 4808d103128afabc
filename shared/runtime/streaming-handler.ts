import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { type Call, callOf, correlationOf, type Observers } from './call';
import { pump } from './pump';

/** What is answered: the head at once, the body as its frames come. */
export interface StreamedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: AsyncIterable<string>;
}

/** Lambda's own global for functions that stream, as its Node.js runtime defines it. */
interface StreamingRuntime {
  streamifyResponse(run: (event: unknown, out: Writable, context: Context) => Promise<void>): unknown;
  readonly HttpResponseStream: {
    from(out: Writable, head: Pick<StreamedAnswer, 'statusCode' | 'headers'>): Writable;
  };
}

/** The function was called in a way, or runs in a place, that cannot stream. */
export class NotStreamingError extends Error {
  override readonly name = 'NotStreamingError';
}

/**
 * For a function behind an integration with `responseTransferMode: STREAM`. Observed like every other; a fault
 * after the head was sent cannot change it any more: Lambda breaks the body off, and the client comes again.
 */
export function streamingHandler({
  run,
  runtime = (globalThis as { awslambda?: StreamingRuntime }).awslambda,
  name,
  logger,
  metrics,
}: Observers & {
  readonly run: (event: unknown, call: Call) => Promise<StreamedAnswer>;
  readonly runtime?: StreamingRuntime | undefined;
}): unknown {
  // Emulators have the global, and not what it is for.
  if (typeof runtime?.streamifyResponse !== 'function') {
    return async () => {
      throw new NotStreamingError(`${name} must be invoked with a response stream`);
    };
  }
  return runtime.streamifyResponse(async (event, raw, context) => {
    logger.bind(context);
    logger.correlate(correlationOf(event, context));
    logger.info('call started', { code: 'CALL_STARTED', function: name });
    try {
      const { frames, ...head } = await run(event, callOf(event, context, logger));
      const out = runtime.HttpResponseStream.from(raw, head);
      const ended = await pump(frames, out);
      out.end();
      logger.info('call ended', { code: 'CALL_ENDED', function: name, ended });
    } catch (error) {
      logger.error('call failed', { code: 'CALL_FAILED', function: name, error });
      throw error;
    } finally {
      metrics.flush();
    }
  });
}
