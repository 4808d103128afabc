import * as z from 'zod/mini';
import { EVENT_TYPES, type EventType } from '../domain/event-types';
import { EPOCH_CLOSED } from '../domain/log-epochs';
import { Change } from './change';

/** What a webhook can be told of: requests for approval, what needs a person, and that an epoch of the audit log was closed. */
export const WEBHOOK_EVENTS = (Object.keys(EVENT_TYPES) as EventType[]).filter(
  (type) => type.startsWith('approval.') || type === 'agentic.escalated' || type === EPOCH_CLOSED,
) as [EventType, ...EventType[]];

const Id = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower case letters, digits and -, at most 32'));
/** Of an SSM parameter of type SecureString. */
const ParameterName = z
  .string()
  .check(
    z.regex(/^\/[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+){0,14}$/, 'a parameter name such as /grace/webhooks/ops'),
  );

const ofAll = {
  /** Names it in `grace webhook`, logs and the audit log. */
  id: Id,
  events: z._default(z.array(z.enum(WEBHOOK_EVENTS)).check(z.minLength(1)), [...WEBHOOK_EVENTS]),
} as const;

/** JSON by Standard Webhooks, signed. */
const GenericWebhook = z.strictObject({
  ...ofAll,
  format: z.literal('generic'),
  url: z.string().check(z.maxLength(2048)),
  /** Parameter with the signing secret, or two while one replaces the other. */
  secretParameter: ParameterName,
});
/** Chat systems know who posts by the URL alone: it is the secret, and stands in a parameter. */
const chatWebhook = <Format extends 'slack' | 'teams'>(format: Format) =>
  z.strictObject({ ...ofAll, format: z.literal(format), urlParameter: ParameterName });

export const Webhook = z.discriminatedUnion('format', [
  GenericWebhook,
  chatWebhook('slack'),
  chatWebhook('teams'),
]);
export type Webhook = z.infer<typeof Webhook>;

/** The parameter that the sender reads for a webhook, and the only one. */
export function parameterOf(webhook: Webhook): string {
  return webhook.format === 'generic' ? webhook.secretParameter : webhook.urlParameter;
}

const Time = z.int();

/** One event on its way to one webhook. */
export const Delivery = z.strictObject({
  deliveryId: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  webhookId: z.string(),
  /** `dead`: a day has passed, or the receiver says that it is gone. */
  status: z.enum(['pending', 'delivered', 'dead']),
  type: z.string(),
  /** The event as it is sent: the envelope that was on the mesh, as JSON. */
  event: z.string(),
  attempts: z.int().check(z.positive()),
  firstAt: Time,
  lastAt: Time,
  /** When the next attempt is due; only while it is pending. */
  nextAt: z.optional(Time),
  /** How the last attempt ended: `HTTP_204`, `TIMED_OUT`, `ADDRESS_NOT_PUBLIC` … */
  outcome: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{1,63}$/)),
  rev: z.int().check(z.positive()),
  change: Change,
});
export type Delivery = z.infer<typeof Delivery>;
