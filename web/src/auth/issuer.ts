import type { ConsoleConfig } from '../../../shared/contracts/console';
import { SignInError } from './errors';

/** The issuer's endpoints, as its discovery document names them. */
export interface Issuer {
  readonly issuer: string;
  readonly authorize: string;
  readonly token: string;
  readonly endSession?: string;
}

/** What the token endpoint gives. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Milliseconds that the issuer may take for an answer. */
const PATIENCE = 10_000;

/**
 * @throws SignInError when the issuer does not answer, or calls itself something else (OpenID Connect Discovery,
 * section 4.3: then it is not the one that was configured)
 */
export async function discover({ issuer }: ConsoleConfig): Promise<Issuer> {
  const document = await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { authorization_endpoint: authorize, token_endpoint: token, end_session_endpoint: end } = document;
  if (document['issuer'] !== issuer) {
    throw new SignInError(
      'ISSUER_MISMATCH',
      `The issuer ${issuer} calls itself ${String(document['issuer'])}.`,
    );
  }
  if (typeof authorize !== 'string' || typeof token !== 'string') {
    throw new SignInError('ISSUER_INCOMPLETE', `The issuer ${issuer} names no endpoints to sign in with.`);
  }
  return { issuer, authorize, token, ...(typeof end === 'string' ? { endSession: end } : {}) };
}

export interface AuthorizeRequest {
  readonly config: ConsoleConfig;
  readonly issuer: Issuer;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly state: string;
  readonly nonce: string;
}

/** Where the browser is sent to sign in. */
export function authorizeUrl(request: AuthorizeRequest): string {
  const url = new URL(request.issuer.authorize);
  const parameters = {
    response_type: 'code',
    client_id: request.config.clientId,
    redirect_uri: request.redirectUri,
    scope: request.config.scopes.join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Exchanges a code or a refresh token. @throws SignInError */
export async function requestTokens(issuer: Issuer, form: Readonly<Record<string, string>>): Promise<Tokens> {
  const answer = await readJson(issuer.token, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  });
  const { access_token, id_token, refresh_token, expires_in } = answer;
  if (typeof access_token !== 'string') {
    throw new SignInError('NO_TOKEN', 'The issuer answered without an access token.');
  }
  return {
    accessToken: access_token,
    ...(typeof id_token === 'string' ? { idToken: id_token } : {}),
    ...(typeof refresh_token === 'string' ? { refreshToken: refresh_token } : {}),
    // RFC 6749 only recommends `expires_in`: without it, the token is used briefly and the API says when it is over.
    expiresIn: typeof expires_in === 'number' && expires_in > 0 ? expires_in : 300,
  };
}

async function readJson(url: string, init: RequestInit = {}): Promise<Readonly<Record<string, unknown>>> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, credentials: 'omit', signal: AbortSignal.timeout(PATIENCE) });
  } catch (cause) {
    throw new SignInError('ISSUER_UNREACHABLE', `No answer from ${new URL(url, location.href).host}.`, {
      cause,
    });
  }
  const body: unknown = await response.json().catch(() => ({}));
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (!response.ok) {
    const why = fields['error_description'] ?? fields['error'] ?? `status ${response.status}`;
    throw new SignInError('ISSUER_REFUSED', `The issuer refused: ${String(why)}.`);
  }
  return fields;
}
