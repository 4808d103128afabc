import type { Envelope } from '../../shared/contracts/envelope';
import { songNotice } from '../../shared/contracts/song-notice';
import type { Delivery, Webhook } from '../../shared/contracts/webhook';
import type { WebhookCommand } from '../../shared/contracts/webhook-command';
import { digestOf } from '../../shared/domain/digest';
import { nextAttempt, RETRY_FOR_MS } from '../../shared/domain/retry-schedule';
import type { Canaries } from '../../shared/ports/canaries';
import type { Ids, Random } from '../../shared/ports/clock';
import type { Attempted, DeadLetters, DeliveryStore } from '../../shared/ports/outbound';
import type { Metrics } from '../../shared/ports/outside';
import { type AttemptDeps, attempt } from './attempt';
import { eventIn } from './message';

export interface SenderDeps extends AttemptDeps {
  readonly webhooks: readonly Webhook[];
  readonly deliveries: DeliveryStore;
  readonly canaries: Pick<Canaries, 'answer'>;
  readonly deadLetters: DeadLetters;
  readonly ids: Ids;
  readonly random: Random;
  readonly metrics: Metrics;
}

/** When the message must be looked at again, milliseconds from now; `undefined` = every webhook has it, or is given up. */
export interface Sent {
  readonly againInMs: number | undefined;
}

/** The same for the same event and webhook, whoever sends it and how often: the receiver's `webhook-id`. */
export function deliveryIdOf(webhookId: string, eventId: string): string {
  return digestOf('grace.delivery.v1\n', [webhookId, eventId]);
}

/** Twice the time that a delivery is tried: a message that is still there then is in nobody's hands. */
const MOST_AGE_MS = 2 * RETRY_FOR_MS;
const SHOWN_CHARACTERS = 2048;

/**
 * One message of the queue. What can never be sent is buried at once; SQS would only forget it after four days. A song
 * of the canary is answered, and nobody is told.
 */
export async function takeMessage(
  { body, sentAt }: { readonly body: string; readonly sentAt: number },
  deps: SenderDeps,
): Promise<Sent> {
  const notice = songNotice(body);
  if (notice !== undefined) {
    await deps.canaries.answer('people', { rev: notice.song, at: deps.clock.now() });
    return { againInMs: undefined };
  }
  const event = eventIn(body);
  if (event === undefined) {
    await deps.deadLetters.bury({ outcome: 'NOT_AN_EVENT', body: body.slice(0, SHOWN_CHARACTERS) });
    return { againInMs: undefined };
  }
  if (deps.clock.now() - sentAt > MOST_AGE_MS) {
    await deps.deadLetters.bury({ outcome: 'TOO_OLD', eventId: event.id, type: event.type });
    return { againInMs: undefined };
  }
  return sendEvent(event, deps);
}

/**
 * Tells all webhooks that want it of one event, and keeps for each how it stands. The message is the event's only
 * carrier: it stays in the queue until no webhook is owed anything, so a crash anywhere loses nothing. A receiver
 * may hear twice, by the same `webhook-id`.
 */
export async function sendEvent(event: Envelope, deps: SenderDeps): Promise<Sent> {
  const wanting = deps.webhooks.filter(({ events }) => (events as readonly string[]).includes(event.type));
  const due = await Promise.all(wanting.map((webhook) => deliver(webhook, event, deps)));
  const waits = due.flatMap((at) => (at === undefined ? [] : [Math.max(0, at - deps.clock.now())]));
  return { againInMs: waits.length === 0 ? undefined : Math.min(...waits) };
}

/** Answers when the next attempt is due. */
async function deliver(webhook: Webhook, event: Envelope, deps: SenderDeps): Promise<number | undefined> {
  const { deliveries, clock, random } = deps;
  const deliveryId = deliveryIdOf(webhook.id, event.id);
  const seen = await deliveries.get(deliveryId);
  if (seen !== undefined && seen.status !== 'pending') return undefined;
  if (seen?.nextAt !== undefined && seen.nextAt > clock.now()) return seen.nextAt;

  const startedAt = clock.now();
  const result = await attempt({ webhook, event, messageId: deliveryId }, deps);
  const firstAt = seen?.firstAt ?? startedAt;
  const attempts = (seen?.attempts ?? 0) + 1;
  const tried = { attempts, firstAt, now: clock.now(), atLeastMs: result.atLeastMs ?? 0 };
  const nextAt = result.delivered || result.gone ? undefined : nextAttempt(tried, random());
  const status = result.delivered ? 'delivered' : nextAt === undefined ? 'dead' : 'pending';
  // The letter first: a crash between the two can double it, and never lose it.
  if (status === 'dead')
    await deps.deadLetters.bury({ deliveryId, webhook: webhook.id, outcome: result.outcome });
  const kept: Attempted = {
    ...ofEvent(deliveryId, webhook, event),
    status,
    attempts,
    firstAt,
    lastAt: startedAt,
    outcome: result.outcome,
    ...(nextAt === undefined ? {} : { nextAt }),
  };
  if ((await keep(kept, seen, { deps, actor: 'webhook-sender' })) === 'recorded') return nextAt;
  // Another copy of the message was at work: look at once at what it came to.
  return clock.now();
}

export type CommandAnswer =
  | { readonly ok: boolean; readonly outcome: string; readonly status?: Delivery['status'] }
  | { readonly ok: false; readonly code: 'NOT_FOUND' | 'NO_SUCH_WEBHOOK' | 'OVERTAKEN' };

/** What a person asks for: a delivery once more, or an event that says that it is a test. Tried once, now. */
export function command(input: WebhookCommand, deps: SenderDeps): Promise<CommandAnswer> {
  return input.do === 'redeliver' ? redeliver(input, deps) : sendTest(input.webhookId, deps);
}

/** What is not delivered by this attempt stays as it was. */
async function redeliver(
  { deliveryId, by }: Extract<WebhookCommand, { do: 'redeliver' }>,
  deps: SenderDeps,
): Promise<CommandAnswer> {
  const seen = await deps.deliveries.get(deliveryId);
  if (seen === undefined) return { ok: false, code: 'NOT_FOUND' };
  const webhook = deps.webhooks.find(({ id }) => id === seen.webhookId);
  if (webhook === undefined) return { ok: false, code: 'NO_SUCH_WEBHOOK' };
  const event = JSON.parse(seen.event) as Envelope;
  const startedAt = deps.clock.now();
  const result = await attempt({ webhook, event, messageId: deliveryId }, deps);
  const status = result.delivered ? 'delivered' : seen.status;
  const kept: Attempted = {
    ...ofEvent(deliveryId, webhook, event),
    status,
    attempts: seen.attempts + 1,
    firstAt: seen.firstAt,
    lastAt: startedAt,
    outcome: result.outcome,
    ...(status === 'pending' && seen.nextAt !== undefined ? { nextAt: seen.nextAt } : {}),
  };
  if ((await keep(kept, seen, { deps, actor: by })) === 'overtaken') return { ok: false, code: 'OVERTAKEN' };
  return { ok: result.delivered, outcome: result.outcome, status };
}

/** It is no delivery: nothing is kept of it, and it is not tried again. */
async function sendTest(webhookId: string, deps: SenderDeps): Promise<CommandAnswer> {
  const webhook = deps.webhooks.find(({ id }) => id === webhookId);
  if (webhook === undefined) return { ok: false, code: 'NO_SUCH_WEBHOOK' };
  const id = deps.ids.next();
  const time = new Date(deps.clock.now()).toISOString();
  const event = { id, type: 'webhook.test', time, correlationId: id, detail: {} };
  const { delivered, outcome } = await attempt({ webhook, event, messageId: id }, deps);
  return { ok: delivered, outcome };
}

function ofEvent(deliveryId: string, webhook: Webhook, event: Envelope) {
  const { type, correlationId, missionId, detail } = event;
  const contractId = detail['contractId'];
  return {
    deliveryId,
    webhookId: webhook.id,
    type,
    event: JSON.stringify(event),
    correlationId,
    ...(missionId === undefined ? {} : { missionId }),
    ...(typeof contractId === 'string' ? { contractId } : {}),
  };
}

async function keep(
  attempted: Attempted,
  seen: Delivery | undefined,
  { deps, actor }: { readonly deps: SenderDeps; readonly actor: string },
): Promise<'recorded' | 'overtaken'> {
  const { webhookId, status, deliveryId, attempts, outcome } = attempted;
  deps.metrics.count('grace_webhook_attempts_total', { webhook: webhookId, outcome });
  deps.logger.info('webhook attempted', {
    code: 'WEBHOOK_ATTEMPTED',
    webhook: webhookId,
    deliveryId,
    status,
    outcome,
    attempts,
  });
  return deps.deliveries.record(attempted, seen, { actor, reason: outcome, at: deps.clock.now() });
}
