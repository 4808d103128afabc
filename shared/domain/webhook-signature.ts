import { createHmac } from 'node:crypto';

/** A parameter holds no usable secret. Says why, and never what it holds. */
export class WebhookSecretError extends Error {
  override readonly name = 'WebhookSecretError';
}

const PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Standard Webhooks asks for 24 to 64 bytes. */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** The one in use and the one that follows or precedes it. */
const MOST_SECRETS = 2;

/**
 * The secrets in a parameter, separated by white space: one, or two while one is replaced by the other. Each is
 * base64 of 24 to 64 bytes, with or without `whsec_`.
 * @throws WebhookSecretError
 */
export function readSecrets(text: string): readonly Buffer[] {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length === 0 || parts.length > MOST_SECRETS) {
    throw new WebhookSecretError(`${parts.length} secrets; write one, or two while you rotate`);
  }
  return parts.map((part) => {
    const encoded = part.startsWith(PREFIX) ? part.slice(PREFIX.length) : part;
    const key = Buffer.from(encoded, 'base64');
    if (!BASE64.test(encoded) || key.length < LEAST_BYTES || key.length > MOST_BYTES) {
      throw new WebhookSecretError(
        `a secret is whsec_ and the base64 of ${LEAST_BYTES} to ${MOST_BYTES} bytes`,
      );
    }
    return key;
  });
}

/** What is signed, by Standard Webhooks 1.0.0: the three parts as they are sent, joined by full stops. */
export interface SignedContent {
  readonly id: string;
  /** Seconds since 1970, of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The header `webhook-signature`: `v1,` and base64 of HMAC-SHA256, one for each secret, so that a receiver which
 * knows either of two can check it (standardwebhooks.com, section "Signature scheme").
 */
export function signWebhook({ id, timestamp, body }: SignedContent, secrets: readonly Uint8Array[]): string {
  const content = `${id}.${timestamp}.${body}`;
  return secrets.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
}
