import { canonicalJson, type JsonValue } from '../../domain/canonical-json';
import type { ApiRequest, ApiResponse } from './http';
import { PROBLEMS, type Problem, type ProblemCode } from './problems';

/** On every answer: nothing of it runs, is framed, is sniffed or is kept by a cache. */
export const SECURITY: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-site',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cache-control': 'no-store',
};

/** Origins whose pages may read answers. Without credentials: the bearer token is sent by the page itself. */
export function corsHeaders(
  request: Pick<ApiRequest, 'method' | 'headers'>,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  const origin = request.headers['origin'];
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'ETag, Retry-After, X-Correlation-Id',
    ...(request.method === 'OPTIONS'
      ? {
          'access-control-allow-methods': 'GET, POST, PUT, DELETE',
          'access-control-allow-headers':
            'Authorization, Content-Type, If-Match, Idempotency-Key, Last-Event-ID, X-Correlation-Id',
          'access-control-max-age': '600',
        }
      : {}),
  };
}

export function jsonResponse(input: {
  readonly status: number;
  readonly value: unknown;
  readonly correlationId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
}): ApiResponse {
  return {
    status: input.status,
    headers: {
      ...SECURITY,
      'content-type': input.type ?? 'application/json',
      'x-correlation-id': input.correlationId,
      ...input.headers,
    },
    body: JSON.stringify(input.value),
  };
}

export function problemResponse(
  {
    code,
    detail,
    errors,
  }: {
    readonly code: ProblemCode;
    readonly detail: string;
    readonly errors?: readonly { readonly field: string; readonly message: string }[];
  },
  correlationId: string,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  const { status, title } = PROBLEMS[code];
  const value: Problem = {
    // A name, not an address: what it means stands in `docs/api.md`.
    type: `urn:grace:problem:${code}`,
    title,
    status,
    detail,
    code,
    correlationId,
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
  return jsonResponse({
    status,
    value,
    correlationId,
    type: 'application/problem+json',
    headers: { ...(status === 401 ? { 'www-authenticate': challenge(code) } : {}), ...headers },
  });
}

const challenge = (code: string): string =>
  code === 'TOKEN_MISSING' ? 'Bearer realm="grace"' : `Bearer realm="grace", error="invalid_token"`;

/** A document that was made when the function was built. */
export function documentResponse(
  text: string,
  type: string,
  correlationId: string,
  policy?: string,
): ApiResponse {
  return {
    status: 200,
    headers: {
      ...SECURITY,
      ...(policy === undefined ? {} : { 'content-security-policy': policy }),
      'content-type': type,
      'x-correlation-id': correlationId,
      'cache-control': 'public, max-age=300',
    },
    body: text,
  };
}

/** The same request has the same text, in whatever order its fields came. */
export const requestText = (value: unknown): string => canonicalJson((value ?? null) as JsonValue);
