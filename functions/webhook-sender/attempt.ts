import type { Webhook } from '../../shared/contracts/webhook';
import { parameterOf } from '../../shared/contracts/webhook';
import { readSecrets, signWebhook, WebhookSecretError } from '../../shared/domain/webhook-signature';
import type { Clock } from '../../shared/ports/clock';
import type { Outbound, Secrets } from '../../shared/ports/outbound';
import type { Logger } from '../../shared/ports/outside';
import { bodyOf, linkTo, type WebhookEvent } from './forms';

export interface AttemptDeps {
  readonly outbound: Outbound;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the web console is; without one messages have no link. */
  readonly consoleUrl?: string | undefined;
}

/** `outcome` is a code: `HTTP_204`, or why there was no answer. */
export interface AttemptResult {
  readonly delivered: boolean;
  readonly outcome: string;
  /** The receiver says that it wants nothing any more (410). */
  readonly gone: boolean;
  readonly atLeastMs?: number;
}

/**
 * Sends one event to one webhook, once. `messageId` is the same for every attempt, so that a receiver can tell a
 * repeat. Never throws: a secret that cannot be had is an attempt that failed, and comes again.
 */
export async function attempt(
  {
    webhook,
    event,
    messageId,
  }: { readonly webhook: Webhook; readonly event: WebhookEvent; readonly messageId: string },
  deps: AttemptDeps,
): Promise<AttemptResult> {
  const { outbound, secrets, clock, logger, consoleUrl } = deps;
  const body = bodyOf(webhook.format, event, linkTo(consoleUrl, event));
  const timestamp = Math.floor(clock.now() / 1000);
  let to: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  try {
    const secret = await secrets.get(parameterOf(webhook));
    to =
      webhook.format === 'generic'
        ? { url: webhook.url, headers: signed({ id: messageId, timestamp, body }, secret) }
        : { url: secret.trim(), headers: {} };
  } catch (error) {
    // Nothing of the error but its name: it was made where a secret is held.
    const code = error instanceof WebhookSecretError ? 'SECRET_UNUSABLE' : 'SECRET_UNAVAILABLE';
    logger.error('webhook has no secret', { code, webhook: webhook.id, parameter: parameterOf(webhook) });
    return { delivered: false, outcome: code, gone: false };
  }
  const headers = { 'content-type': 'application/json', 'user-agent': 'grace-webhooks/1', ...to.headers };
  const result = await outbound.post({ url: to.url, headers, body });
  if (result.kind === 'failed') return { delivered: false, outcome: result.code, gone: false };
  const { status, retryAfterMs } = result;
  return {
    delivered: status >= 200 && status < 300,
    outcome: `HTTP_${status}`,
    gone: status === 410,
    ...(retryAfterMs === undefined ? {} : { atLeastMs: retryAfterMs }),
  };
}

function signed(
  content: { readonly id: string; readonly timestamp: number; readonly body: string },
  secret: string,
): Record<string, string> {
  return {
    'webhook-id': content.id,
    'webhook-timestamp': String(content.timestamp),
    'webhook-signature': signWebhook(content, readSecrets(secret)),
  };
}
