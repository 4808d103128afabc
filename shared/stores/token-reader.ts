import { JwtVerifier } from 'aws-jwt-verify';
import * as jwtError from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { ROLES, type Role, subjectOf } from '../domain/person';
import type { TokenFault, TokenReader, TokenReading } from '../ports/api';
import type { Clock } from '../ports/clock';
import { KeysUnavailableError } from './errors';

export interface TokenRules {
  readonly issuer: string;
  /** What tokens must be made for: their `aud`, or their `client_id`. */
  readonly audience: string;
  /** Where the issuer publishes its keys. */
  readonly jwksUri: string;
  /** The claim that holds the roles. */
  readonly rolesClaim: string;
}

/** Asymmetric only: with a symmetric one the public key would be a secret. */
const ALGORITHMS: readonly unknown[] = ['RS256', 'ES256', 'EdDSA'];
/** Clocks of issuer and reader may differ so much. */
const GRACE_SECONDS = 5;
/** A key that the issuer has withdrawn is believed no longer than this. */
const KEYS_LIVE_MS = 3_600_000;
const FETCH_TIMEOUT_MS = 3_000;
const MOST_KEYS_BYTES = 64 * 1024;
const LONGEST_TOKEN = 8192;

/**
 * Reads access tokens of one issuer: signature by the issuer's keys, algorithm, issuer, audience, expiry, and that it
 * is an access token (`token_use: access` as Cognito has it, or the type `at+jwt` of RFC 9068). Keys are fetched
 * when first needed, again for a key id that is not known (at most once in ten seconds), and after an hour.
 */
export function tokenReader(
  rules: TokenRules,
  { clock, getKeys = fetchKeys }: { readonly clock: Pick<Clock, 'now'>; readonly getKeys?: GetKeys },
): TokenReader {
  const newVerifier = () =>
    JwtVerifier.create(
      {
        issuer: rules.issuer,
        // Compared below: Cognito's access tokens have no `aud`.
        audience: null,
        jwksUri: rules.jwksUri,
        graceSeconds: GRACE_SECONDS,
      },
      { jwksCache: new SimpleJwksCache({ fetcher: { fetch: getKeys } }) },
    );
  let keys = { verifier: newVerifier(), until: clock.now() + KEYS_LIVE_MS };
  return {
    async read(token) {
      const early = faultBeforeKeys(token, rules.issuer);
      if (early !== undefined) return { ok: false, code: early };
      if (keys.until <= clock.now()) keys = { verifier: newVerifier(), until: clock.now() + KEYS_LIVE_MS };
      try {
        const payload: Claims = await keys.verifier.verify(token);
        return personOf(payload, headerOf(token), rules);
      } catch (error) {
        const code = faultOf(error);
        if (code === undefined)
          throw new KeysUnavailableError('the keys of the issuer cannot be had', { cause: error });
        return { ok: false, code };
      }
    },
  };
}

/** Where the keys are when everything of AWS is asked at `endpoint` (an emulator); else where the issuer says. */
export function keysAt(jwksUri: string, endpoint: string | undefined): string {
  return endpoint === undefined ? jwksUri : new URL(new URL(jwksUri).pathname, endpoint).href;
}

/** Bytes of the key set at an address. */
type GetKeys = (uri: string) => Promise<ArrayBuffer>;
type Claims = Readonly<Record<string, unknown>>;

/** What can be said without keys, so that it is said exactly; nothing of it makes a token believed. */
function faultBeforeKeys(token: string, issuer: string): TokenFault | undefined {
  if (token.length > LONGEST_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return 'TOKEN_MALFORMED';
  const header = headerOf(token);
  const payload = partOf(token, 1);
  if (header === undefined || payload === undefined) return 'TOKEN_MALFORMED';
  if (!ALGORITHMS.includes(header['alg'])) return 'TOKEN_ALGORITHM';
  if (payload['iss'] !== issuer) return 'TOKEN_ISSUER';
  // One that never ends is none.
  if (typeof payload['exp'] !== 'number' || typeof payload['sub'] !== 'string') return 'TOKEN_MALFORMED';
  return undefined;
}

const headerOf = (token: string): Claims | undefined => partOf(token, 0);

function partOf(token: string, index: number): Claims | undefined {
  try {
    const part: unknown = JSON.parse(
      Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8'),
    );
    return typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function personOf(claims: Claims, header: Claims | undefined, rules: TokenRules): TokenReading {
  const { token_use: use, aud, client_id: client, auth_time: authTime } = claims;
  const isAccessToken =
    use === 'access' || (use === undefined && /^(application\/)?at\+jwt$/i.test(String(header?.['typ'])));
  if (!isAccessToken) return { ok: false, code: 'TOKEN_USE' };
  const audiences = [...(Array.isArray(aud) ? aud : [aud]), client];
  if (!audiences.includes(rules.audience)) return { ok: false, code: 'TOKEN_AUDIENCE' };
  const groups = claims[rules.rolesClaim];
  const roles = Array.isArray(groups) ? ROLES.filter((role: Role) => groups.includes(role)) : [];
  return {
    ok: true,
    expiresAt: Number(claims['exp']),
    person: {
      subject: subjectOf(rules.issuer, String(claims['sub'])),
      roles,
      ...(typeof authTime === 'number' ? { authenticatedAt: authTime * 1000 } : {}),
    },
  };
}

/** `undefined` = it is not the token's fault. */
function faultOf(error: unknown): TokenFault | undefined {
  if (error instanceof jwtError.JwtExpiredError) return 'TOKEN_EXPIRED';
  if (error instanceof jwtError.JwtNotBeforeError) return 'TOKEN_NOT_YET_VALID';
  if (error instanceof jwtError.JwtInvalidIssuerError) return 'TOKEN_ISSUER';
  if (error instanceof jwtError.JwtInvalidSignatureAlgorithmError) return 'TOKEN_ALGORITHM';
  if (error instanceof jwtError.JwtInvalidSignatureError) return 'TOKEN_SIGNATURE';
  // A key that the issuer does not publish, also while it is not asked for it again.
  if (error instanceof jwtError.KidNotFoundInJwksError) return 'TOKEN_SIGNATURE';
  if (error instanceof jwtError.WaitPeriodNotYetEndedJwkError) return 'TOKEN_SIGNATURE';
  if (error instanceof jwtError.JwtWithoutValidKidError) return 'TOKEN_SIGNATURE';
  if (error instanceof jwtError.JwtParseError) return 'TOKEN_MALFORMED';
  return undefined;
}

/** Once, in bounded time and size, from that address and no other. */
async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  const answer = await fetch(uri, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!answer.ok) throw new KeysUnavailableError(`the issuer answered ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  if (bytes.byteLength > MOST_KEYS_BYTES) throw new KeysUnavailableError('the key set is too large');
  return bytes;
}
