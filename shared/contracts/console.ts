import * as z from 'zod/mini';

const Origin = z
  .string()
  .check(z.regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/i, 'scheme, host and port, no path'));

/**
 * `config.json`, served beside the console: where people sign in, and what they are looking at. Public: it holds
 * no secret.
 */
export const ConsoleConfig = z.strictObject({
  /** OpenID issuer; its discovery document is at `<issuer>/.well-known/openid-configuration`. */
  issuer: z.url(),
  /** A public client: authorization code with PKCE, no secret. */
  clientId: z.string().check(z.minLength(1)),
  scopes: z._default(z.array(z.string().check(z.minLength(1))), ['openid']),
  /** Where `/api/…` is; absent: the origin that serves the console. */
  apiOrigin: z.optional(Origin),
  /** Origins of the issuer's endpoints, where they are not the issuer's own (Cognito's token endpoint is not). */
  signInOrigins: z._default(z.array(Origin), []),
  /** Shown in the head of each page, so that nobody takes one deployment for another. */
  deployment: z.string().check(z.minLength(1)),
  place: z.enum(['simulator', 'emulator', 'aws']),
});
export type ConsoleConfig = z.infer<typeof ConsoleConfig>;

/** The console reaches its own origin, the API and the issuer, and nothing else. */
export function consoleOrigins({ issuer, apiOrigin, signInOrigins }: ConsoleConfig): readonly string[] {
  return [
    ...new Set([new URL(issuer).origin, ...signInOrigins, ...(apiOrigin === undefined ? [] : [apiOrigin])]),
  ];
}

/**
 * The content security policy that the console is served with. No inline script or style, no frames, no forms that
 * leave, no text that becomes markup (`require-trusted-types-for`).
 */
export function consolePolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/** Headers of every answer that is part of the console, with the policy for `connect` (`consoleOrigins`). */
export function consoleHeaders(connect: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': consolePolicy(connect),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}
