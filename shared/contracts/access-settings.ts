import * as z from 'zod/mini';
import { ROLES } from '../domain/person';

/** Settings of who may call the API and how they sign in. */

const Principal = z.string().check(z.minLength(1), z.maxLength(256));
const Principals = z._default(z.array(Principal).check(z.maxLength(100)), []);

/** A name that only this machine resolves, or an address: nothing that a deployment could trust. */
const NOT_PUBLIC = /^(localhost|[^.]+|.*\.(localhost|local|internal|test|invalid|example)|[\d.]+|\[.*\])$/i;

/** An address on the public internet, with a certificate: not this machine, and no address by number. */
const PublicUrl = z.string().check(
  z.maxLength(512),
  z.refine(
    (text) => isPublicUrl(text),
    'an https URL with a public host name, without credentials, query and fragment',
  ),
);

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  return (
    protocol === 'https:' && !NOT_PUBLIC.test(hostname) && `${username}${password}${search}${hash}` === ''
  );
}

const Origin = z
  .string()
  .check(
    z.regex(
      /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/,
      'an origin, such as "https://grace.example.org"',
    ),
  );

export const ApiSettings = z.prefault(
  z.strictObject({
    /** Whose pages may call the API from a browser, such as the console's. */
    origins: z._default(z.array(Origin).check(z.maxLength(20)), []),
    /** Of each caller; and as many at once as `burst`. */
    requestsPerSecond: z._default(z.int().check(z.gte(1), z.lte(1000)), 20),
    burst: z._default(z.int().check(z.gte(1), z.lte(5000)), 100),
    /** IAM principals that may call the API signed with SigV4, and as what. */
    machines: z._default(
      z
        .array(z.strictObject({ principal: Principal, roles: z.array(z.enum(ROLES)).check(z.minLength(1)) }))
        .check(z.maxLength(50)),
      [],
    ),
  }),
  {},
);

export const SignInSettings = z.prefault(
  z.strictObject({
    /** OpenID issuer whose access tokens are believed. Default: a user pool of the stack's own. */
    issuer: z.optional(PublicUrl),
    /** What tokens of that issuer are made for (`aud`, or `client_id`). */
    audience: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
    /** Where it publishes its keys. Default: `/.well-known/jwks.json` below the issuer. */
    keys: z.optional(PublicUrl),
    /** The claim of its tokens that holds the roles. */
    rolesClaim: z._default(z.string().check(z.regex(/^[A-Za-z][\w:/.-]{0,127}$/)), 'groups'),
    /** Of the stack's own user pool. */
    mfa: z._default(z.enum(['required', 'optional']), 'required'),
    /** Where the stack's own user pool may send people back to: the console's address. */
    callbacks: z._default(z.array(z.url().check(z.maxLength(512))).check(z.maxLength(20)), []),
    /** People named for a role beside what the user pool's groups say. */
    viewers: Principals,
    operators: Principals,
    auditors: Principals,
  }),
  {},
);
