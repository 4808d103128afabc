import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Envelope } from '../contracts/envelope';
import type { CapturedError } from '../contracts/error-detected';
import { CAPTURED_SOURCE } from '../names';
import { errorText, plainText } from './error-text';
import { ulids } from './ids';

/** Milliseconds that capturing may add to a call that has failed already. */
const CAPTURE_LIMIT = 1_000;
/** Kept free of the function's own time, so that capturing never turns an error into a time-out. */
const RESERVE = 100;
const MAX_ATTRIBUTES = 20;

type Attributes = Readonly<Record<string, string>>;

export interface CaptureOptions {
  /** The service that the function belongs to: what playbooks match. */
  readonly service: string;
  /** Name or ARN of Grace's bus; the function's role needs events:PutEvents on it. */
  readonly busName: string;
  /** Facts that playbooks may use, such as the resource that failed. At most 20 are sent. */
  readonly attributes?: Attributes | ((error: unknown, context: Context) => Attributes);
  readonly eventBridge?: EventBridgeClient;
}

/**
 * A middy middleware for your own functions: tells Grace of an error that a function threw.
 *
 * The error goes on exactly as it was thrown. Capturing never throws, ends within 1 s (or what the
 * function has left), and sends the error's name and message and your attributes; never the event, the
 * stack or the environment. What looks like a credential in the message is blanked, as far as patterns can.
 */
export function captureErrors(options: CaptureOptions): middy.MiddlewareObj {
  let client = options.eventBridge;
  const ids = ulids();
  return {
    async onError({ error, context }) {
      const limit = Math.min(
        CAPTURE_LIMIT,
        (context.getRemainingTimeInMillis?.() ?? CAPTURE_LIMIT + RESERVE) - RESERVE,
      );
      if (limit <= 0) return;
      try {
        client ??= new EventBridgeClient({ maxAttempts: 2 });
        const envelope = envelopeOf({ error, context, options, id: ids.next() });
        await putWithin({ client, busName: options.busName, envelope, limit });
      } catch (fault) {
        warn(options.service, fault);
      }
    },
  };
}

function envelopeOf({
  error,
  context,
  options: { service, attributes },
  id,
}: {
  readonly error: unknown;
  readonly context: Context;
  readonly options: CaptureOptions;
  readonly id: string;
}): Envelope {
  const { name, message } = errorText(error);
  const facts = typeof attributes === 'function' ? attributes(error, context) : (attributes ?? {});
  const detail: CapturedError = {
    service: plainText(service, 512),
    name,
    message,
    attributes: Object.fromEntries(
      Object.entries(facts)
        .slice(0, MAX_ATTRIBUTES)
        .map(([key, value]) => [plainText(key, 64), plainText(String(value), 512)]),
    ),
  };
  return {
    id,
    type: 'error.captured',
    version: 1,
    time: new Date().toISOString(),
    correlationId: context.awsRequestId || id,
    detail,
  };
}

/** @throws when the bus did not take the event in time; the request is then given up, not left to a later call */
async function putWithin({
  client,
  busName,
  envelope,
  limit,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
  readonly envelope: Envelope;
  readonly limit: number;
}): Promise<void> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      reject(new Error(`not taken within ${limit} ms`));
    }, limit);
  });
  const entry = {
    EventBusName: busName,
    Source: CAPTURED_SOURCE,
    DetailType: envelope.type,
    Time: new Date(envelope.time),
    Detail: JSON.stringify(envelope),
  };
  try {
    const answer = await Promise.race([
      client.send(new PutEventsCommand({ Entries: [entry] }), { abortSignal: abort.signal }),
      timeout,
    ]);
    if ((answer.FailedEntryCount ?? 0) > 0) throw new Error(answer.Entries?.[0]?.ErrorCode ?? 'not taken');
  } finally {
    clearTimeout(timer);
  }
}

/** The caller's logger is not ours to use; its log group is. */
function warn(service: string, fault: unknown): void {
  try {
    const reason = errorText(fault).message;
    console.warn(JSON.stringify({ level: 'WARN', code: 'ERROR_CAPTURE_FAILED', service, reason }));
  } catch {
    // Nothing more can be done, and the function's own error must go on.
  }
}
