import type middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { RuntimeLogger } from './logger';
import type { RuntimeMetrics } from './metrics';

/** One invocation, as the function's logic sees it. */
export interface Call {
  readonly requestId: string;
  readonly correlationId: string;
  /** Milliseconds until Lambda ends the function; Infinity where nobody does. */
  remainingMs(): number;
  /** For batches: puts another correlation id on the lines from here on. */
  correlate(correlationId: string): void;
}

export interface Observers {
  /** The function's role, from `FUNCTIONS`. */
  readonly name: string;
  readonly logger: RuntimeLogger;
  readonly metrics: RuntimeMetrics;
}

/**
 * The outermost middleware: the correlation id on every line, one line when the call starts and one when
 * it ends, the metrics written. A thrown error is logged and goes on as it was; a fault of logging never
 * becomes one of the call.
 */
export function observe({ name, logger, metrics }: Observers): middy.MiddlewareObj {
  const startedAt = new WeakMap<object, number>();
  const finish = (request: middy.Request, log: (milliseconds: number) => void) => {
    quietly(() => log(Math.round(performance.now() - (startedAt.get(request) ?? performance.now()))));
    quietly(() => metrics.flush());
  };
  return {
    before(request) {
      startedAt.set(request, performance.now());
      quietly(() => {
        logger.bind(request.context);
        logger.correlate(correlationOf(request.event, request.context));
        logger.info('call started', { code: 'CALL_STARTED', function: name });
      });
    },
    after(request) {
      finish(request, (milliseconds) =>
        logger.info('call ended', { code: 'CALL_ENDED', function: name, milliseconds }),
      );
    },
    onError(request) {
      const error: unknown = request.error;
      finish(request, (milliseconds) =>
        logger.error('call failed', {
          code: 'CALL_FAILED',
          function: name,
          milliseconds,
          errorCode: error instanceof Error ? error.name : typeof error,
          error,
        }),
      );
    },
  };
}

export function callOf(event: unknown, context: Context, logger: RuntimeLogger): Call {
  return {
    requestId: context.awsRequestId,
    correlationId: correlationOf(event, context),
    remainingMs: () => context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY,
    correlate: (correlationId) => logger.correlate(correlationId),
  };
}

/** The contract's id or the correlation id of the input or of the event in it, else the id of the event or of the call. */
export function correlationOf(event: unknown, context: Context): string {
  return (
    text(event, 'contractId') ??
    text(event, 'correlationId') ??
    text(member(event, 'detail'), 'correlationId') ??
    text(event, 'id') ??
    context.awsRequestId ??
    'none'
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' && found.length > 0 && found.length <= 128 ? found : undefined;
}

function quietly(run: () => void): void {
  try {
    run();
  } catch (error) {
    console.warn(JSON.stringify({ level: 'WARN', code: 'OBSERVING_FAILED', reason: String(error) }));
  }
}
