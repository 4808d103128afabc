import * as z from 'zod';

/** An event of a contract as a queue behind a rule of the bus receives it: EventBridge's envelope around ours. */
const Message = z.object({
  detail: z.object({
    detail: z.object({
      contractId: z.string().min(1).max(64),
      missionId: z.string().max(64).default(''),
      status: z.string().default(''),
      rev: z.number().int().default(0),
    }),
  }),
});

export interface ContractNewsMessage {
  readonly contractId: string;
  readonly missionId: string;
  readonly status: string;
  readonly rev: number;
}

/** @throws ZodError or SyntaxError when the message is none of ours; the queue's dead-letter queue takes it then */
export function contractNews(body: string): ContractNewsMessage {
  return Message.parse(JSON.parse(body)).detail.detail;
}
