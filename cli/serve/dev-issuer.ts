import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { DevPerson } from './dev-people';

/**
 * An OpenID issuer for this machine, which asks nobody for a password: whoever reaches it is whom they say. It lives
 * below `cli/`, where no deployed code can import it, and settings take no issuer that is not https with a public
 * name, so that no deployment can trust it. Its key is made when it starts and is gone when it ends.
 */
export interface DevIssuer {
  readonly issuer: string;
  readonly clientId: string;
  /** The key set, as it is published. */
  readonly keys: () => ArrayBuffer;
  /** Answers requests below the issuer's path; `undefined` = it is none of its own. */
  answer(request: IssuerRequest): Promise<IssuerResponse | undefined>;
  /** An access token without the page in between: for tests and tools on this machine. */
  tokenFor(name: string, overrides?: TokenOverrides): Promise<string>;
}

/** What a test may make wrong with a token. */
export interface TokenOverrides {
  readonly claims?: JWTPayload;
  readonly issuedAt?: number;
}

export interface IssuerRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}
export interface IssuerResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Grant {
  readonly name: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly at: number;
}

const CLIENT_ID = 'grace-console';
const CODE_LIVES_MS = 60_000;
const TOKEN_LIVES_SECONDS = 3600;
/** A console may be served from another port of this machine while it is developed. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export async function createDevIssuer(options: {
  /** `http://127.0.0.1:8080/issuer` */
  readonly issuer: string;
  readonly people: readonly DevPerson[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where access tokens come from, if not from this issuer: somebody's name to a token that lives an hour. */
  readonly accessToken?: (name: string) => Promise<string>;
}): Promise<DevIssuer> {
  const { issuer, people, now } = options;
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const kid = randomBytes(8).toString('hex');
  const key: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  const grants = new Map<string, Grant>();
  const base = new URL(issuer).pathname;

  const signed = (claims: JWTPayload, issuedAt: number) =>
    new SignJWT({ iss: issuer, iat: issuedAt, exp: issuedAt + TOKEN_LIVES_SECONDS, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(privateKey);
  const accessToken = (
    person: DevPerson,
    { claims, issuedAt = Math.floor(now() / 1000) }: TokenOverrides = {},
  ) =>
    signed(
      {
        sub: person.name,
        client_id: CLIENT_ID,
        token_use: 'access',
        scope: 'openid',
        auth_time: issuedAt,
        groups: [...person.roles],
        ...claims,
      },
      issuedAt,
    );

  const personNamed = (name: string | null) => people.find((person) => person.name === name);

  const authorize = ({ url }: IssuerRequest): IssuerResponse => {
    const { searchParams: asked } = url;
    const redirectUri = asked.get('redirect_uri') ?? '';
    const wrong = wrongWith(asked, redirectUri);
    if (wrong !== undefined) return text(400, `cannot sign in: ${wrong}\n`);
    const person = personNamed(asked.get('person'));
    if (person === undefined) return choice(url, people);
    const code = randomBytes(24).toString('base64url');
    grants.set(code, {
      name: person.name,
      redirectUri,
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? undefined,
      at: now(),
    });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    back.searchParams.set('iss', issuer);
    return { status: 302, headers: { location: back.href, 'cache-control': 'no-store' }, body: '' };
  };

  const token = async ({ body }: IssuerRequest): Promise<IssuerResponse> => {
    const form = new URLSearchParams(body);
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    // Once, whatever comes of it.
    grants.delete(code);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const isGood =
      form.get('grant_type') === 'authorization_code' &&
      form.get('client_id') === CLIENT_ID &&
      grant !== undefined &&
      now() - grant.at <= CODE_LIVES_MS &&
      form.get('redirect_uri') === grant.redirectUri &&
      challenge === grant.challenge;
    const person = isGood ? personNamed(grant.name) : undefined;
    if (person === undefined || grant === undefined) return json(400, { error: 'invalid_grant' });
    const issuedAt = Math.floor(now() / 1000);
    const nonce = grant.nonce === undefined ? {} : { nonce: grant.nonce };
    return json(200, {
      access_token: await (options.accessToken?.(person.name) ?? accessToken(person)),
      id_token: await signed(
        {
          sub: person.name,
          aud: CLIENT_ID,
          token_use: 'id',
          name: person.name,
          auth_time: issuedAt,
          ...nonce,
        },
        issuedAt,
      ),
      token_type: 'Bearer',
      expires_in: TOKEN_LIVES_SECONDS,
      scope: 'openid',
    });
  };

  return {
    issuer,
    clientId: CLIENT_ID,
    keys: () => new TextEncoder().encode(JSON.stringify({ keys: [key] })).buffer as ArrayBuffer,
    async answer(request) {
      const { method, url } = request;
      if (!url.pathname.startsWith(`${base}/`)) return undefined;
      switch (`${method} ${url.pathname.slice(base.length)}`) {
        case 'GET /.well-known/openid-configuration':
          return json(200, discovery(issuer));
        case 'GET /.well-known/jwks.json':
          return json(200, { keys: [key] });
        case 'GET /authorize':
          return authorize(request);
        case 'POST /token':
          return token(request);
        case 'GET /logout':
          return signedOut(url);
        default:
          return text(404, 'there is nothing here\n');
      }
    },
    tokenFor(name, overrides) {
      const person = personNamed(name);
      if (person === undefined) throw new Error(`the development issuer knows no ${name}`);
      return accessToken(person, overrides);
    },
  };
}

function wrongWith(asked: URLSearchParams, redirectUri: string): string | undefined {
  if (asked.get('response_type') !== 'code') return 'response_type must be code';
  if (asked.get('client_id') !== CLIENT_ID) return `client_id must be ${CLIENT_ID}`;
  if (asked.get('code_challenge_method') !== 'S256') return 'code_challenge_method must be S256';
  if (!/^[\w-]{43}$/.test(asked.get('code_challenge') ?? '')) return 'code_challenge must be a SHA-256';
  if ((asked.get('state') ?? '').length < 8) return 'state must have at least 8 characters';
  if (!isOnThisMachine(redirectUri)) return 'redirect_uri must be on this machine';
  return undefined;
}

/** Back to the application that asked, as RP-initiated logout has it; this issuer keeps no session to end. */
function signedOut({ searchParams: asked }: URL): IssuerResponse {
  const back = asked.get('post_logout_redirect_uri') ?? '';
  const isOurs = asked.get('client_id') === CLIENT_ID && isOnThisMachine(back);
  if (!isOurs) return text(200, 'Signed out. This issuer keeps no session.\n');
  return { status: 302, headers: { location: back, 'cache-control': 'no-store' }, body: '' };
}

const isOnThisMachine = (uri: string): boolean => URL.canParse(uri) && LOOPBACK.has(new URL(uri).hostname);

function discovery(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    scopes_supported: ['openid'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** Who do you want to be? A link each: no script, no form. */
function choice(url: URL, people: readonly DevPerson[]): IssuerResponse {
  const links = people.map(({ name, roles }) => {
    const to = new URL(url);
    to.searchParams.set('person', name);
    const href = `${to.pathname}${to.search}`.replace(/&/g, '&amp;').replace(/"/g, '%22');
    return `<li><a href="${href}">${name}</a> (${roles.join(', ')})</li>`;
  });
  const body = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Development sign-in</title>',
    '<meta name="viewport" content="width=device-width,initial-scale=1"></head><body><main>',
    '<h1>Development sign-in</h1><p>There are no passwords here: choose who you are. ',
    'This issuer exists on this machine only, and no deployment trusts it.</p>',
    `<ul>${links.join('')}</ul></main></body></html>`,
  ].join('');
  return { status: 200, headers: { ...PAGE, 'content-type': 'text/html; charset=utf-8' }, body };
}

const PAGE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
const json = (status: number, value: unknown): IssuerResponse => ({
  status,
  headers: { ...PAGE, 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const text = (status: number, body: string): IssuerResponse => ({
  status,
  headers: { ...PAGE, 'content-type': 'text/plain; charset=utf-8' },
  body,
});
