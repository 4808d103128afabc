import * as z from 'zod/mini';

/** An event of a contract as a queue behind a rule of the bus receives it: EventBridge's envelope around ours. */
const Message = z.object({
  detail: z.object({
    type: z._default(z.string().check(z.maxLength(64)), ''),
    time: z.optional(z.iso.datetime()),
    detail: z.object({
      contractId: z.string().check(z.minLength(1), z.maxLength(64)),
      missionId: z._default(z.string().check(z.maxLength(64)), ''),
      status: z._default(z.string(), ''),
      rev: z._default(z.int(), 0),
    }),
  }),
});

export interface ContractNewsMessage {
  readonly event: string;
  /** When it happened, milliseconds since 1970; 0 = not said. */
  readonly at: number;
  readonly contractId: string;
  readonly missionId: string;
  readonly status: string;
  readonly rev: number;
}

/** @throws ZodError or SyntaxError when the message is none of ours; the queue's dead-letter queue takes it then */
export function contractNews(body: string): ContractNewsMessage {
  const { type, time, detail } = Message.parse(JSON.parse(body)).detail;
  return { event: type, at: time === undefined ? 0 : Date.parse(time), ...detail };
}
