import * as z from 'zod/mini';

/** What a person may ask of the sender directly (`grace webhook redeliver`, `grace webhook test`). */
export const WebhookCommand = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('redeliver'),
    deliveryId: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    by: z.string().check(z.minLength(1), z.maxLength(256)),
  }),
  z.strictObject({
    do: z.literal('test'),
    webhookId: z.string().check(z.minLength(1), z.maxLength(32)),
  }),
]);
export type WebhookCommand = z.infer<typeof WebhookCommand>;
