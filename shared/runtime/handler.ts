import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { type Call, callOf, type Observers, observe } from './call';
import { InvalidInputError } from './errors';
import { issueLines } from './issues';

/** What Lambda calls. */
export type LambdaFunction<Output> = (event: unknown, context: Context) => Promise<Output>;

/** An SQS message; its body is as it was sent and not looked at. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  /** Names this receipt of it, to change when it comes again. */
  readonly receiptHandle: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/**
 * For the state machine's Tasks and for direct invocations. The correlation id is the input's `contractId`
 * or `correlationId`.
 * @throws InvalidInputError when the event is not of the schema, and whatever `run` throws, unchanged
 */
export function taskHandler<Input extends z.core.$ZodType, Output>({
  input,
  run,
  ...observers
}: Observers & {
  readonly input: Input;
  readonly run: (input: z.output<Input>, call: Call) => Promise<Output>;
}): LambdaFunction<Output> {
  return stack({ ...observers, read: (event) => parsed(input, event), run });
}

/**
 * For a queue. `run` gets the messages and answers the ids of those to be received again; the others are
 * deleted. A throw returns the whole batch to the queue. The event source mapping must have
 * ReportBatchItemFailures.
 */
export function queueHandler({
  run,
  ...observers
}: Observers & {
  readonly run: (records: readonly QueueRecord[], call: Call) => Promise<readonly string[]>;
}): LambdaFunction<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }> {
  return stack({
    ...observers,
    read: (event): QueueRecord[] =>
      parsed(QueueEvent, event).Records.map(({ messageId, body, receiptHandle, attributes }) => ({
        messageId,
        body,
        receiptHandle,
        receiveCount: Number(attributes.ApproximateReceiveCount),
        sentAt: Number(attributes.SentTimestamp),
      })),
    run: async (records, call) => ({
      batchItemFailures: (await run(records, call)).map((itemIdentifier) => ({ itemIdentifier })),
    }),
  });
}

/**
 * For a table's change stream. `read` makes a change of each record (`fromStreamRecord` of the stores). A
 * throw, of `read` too, returns the whole batch, which is delivered again: `run` must be idempotent.
 */
export function streamHandler<Change>({
  read,
  run,
  ...observers
}: Observers & {
  // A method, so that a reader of any record type fits; the records are the platform's own.
  read(record: unknown): Change;
  readonly run: (changes: readonly Change[], call: Call) => Promise<void>;
}): LambdaFunction<void> {
  return stack({
    ...observers,
    read: (event) => parsed(StreamEvent, event).Records.map((record) => read(record)),
    run,
  });
}

/** For a schedule, whose event says nothing that the function needs. The correlation id is the event's. */
export function scheduleHandler<Output>({
  run,
  ...observers
}: Observers & { readonly run: (call: Call) => Promise<Output> }): LambdaFunction<Output> {
  return stack({ ...observers, read: () => undefined, run: (_input, call) => run(call) });
}

/** What API Gateway takes back from a function. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * For API Gateway's proxy events: `read` makes a request of one. `run` answers whatever comes; a throw of it is a
 * fault of the function, which the gateway answers with 502.
 */
export function gatewayHandler<Request>({
  read,
  run,
  ...observers
}: Observers & {
  readonly read: (event: unknown) => Request;
  readonly run: (
    request: Request,
    call: Call,
  ) => Promise<{ status: number; headers: Readonly<Record<string, string>>; body: string }>;
}): LambdaFunction<GatewayAnswer> {
  return stack({
    ...observers,
    read,
    run: async (request, call) => {
      const { status, headers, body } = await run(request, call);
      return { statusCode: status, headers, body };
    },
  });
}

/** Fields of AWS's own events are read tolerantly: only those that are used. */
const QueueEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      receiptHandle: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.string(), SentTimestamp: z.string() }),
    }),
  ),
});
const StreamEvent = z.object({ Records: z.array(z.unknown()) });

/** The one stack of every function: observed, then parsed, then run. */
function stack<Input, Output>({
  read,
  run,
  ...observers
}: Observers & {
  readonly read: (event: unknown) => Input;
  readonly run: (input: Input, call: Call) => Promise<Output>;
}): LambdaFunction<Output> {
  const handler = async ({ input, call }: { input: Input; call: Call }): Promise<Output> => run(input, call);
  // No early time-out: it would answer while the work goes on, frozen, to be continued in a later call.
  const wrapped = middy(handler, { timeoutEarlyInMillis: 0 })
    .use(observe(observers))
    .before((request) => {
      const { event, context } = request as { event: unknown; context: Context };
      request.event = { input: read(event), call: callOf(event, context, observers.logger) };
    });
  return (event, context) => wrapped(event as { input: Input; call: Call }, context);
}

function parsed<Schema extends z.core.$ZodType>(schema: Schema, event: unknown): z.output<Schema> {
  const result = z.safeParse(schema, event);
  if (result.success) return result.data;
  throw new InvalidInputError(`not an input of this function: ${issueLines(result.error.issues).join('; ')}`);
}
