import type { Enveloped, Meta } from '../../../shared/contracts/api/envelope';
import type { Problem } from '../../../shared/contracts/api/problems';
import { NoAnswerError, ProblemError, SignedOutError } from './errors';

export interface ClientDeps {
  /** Scheme, host and port; `''` = the origin that serves the console. */
  readonly origin: string;
  token(): Promise<string | undefined>;
  /** The API did not take the token. */
  refused(): void;
}

export interface Request {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly signal?: AbortSignal;
}

export interface WriteRequest {
  readonly body?: unknown;
  /**
   * Names this intention, so that sending it again after a lost answer does it once. The caller keeps it for as long
   * as the intention is the same.
   */
  readonly idempotencyKey: string;
  /** The revision that was read; the write is refused when it is no longer that. */
  readonly ifMatch?: string;
}

/** Data as the API gives them, of a type the caller knows by the route. */
export interface Client {
  get<T>(path: string, request?: Request): Promise<Enveloped<T>>;
  write<T>(method: 'POST' | 'PUT', path: string, request: WriteRequest): Promise<T>;
  stream(path: string, lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
}

/** Milliseconds that the API may take; beyond it, the console says so instead of showing a spinner. */
const PATIENCE = 15_000;

/**
 * Calls to Grace's API with the bearer header, no cookies.
 * @throws ProblemError, NoAnswerError, SignedOutError
 */
export function apiClient({ origin, token, refused }: ClientDeps): Client {
  async function send(path: string, init: RequestInit): Promise<Response> {
    const bearer = await token();
    if (bearer === undefined) throw new SignedOutError('nobody is signed in');
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${bearer}`);
    return fetch(`${origin}${path}`, {
      ...init,
      headers,
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
    });
  }

  async function call<T>(path: string, init: RequestInit): Promise<Enveloped<T>> {
    const timeout = AbortSignal.timeout(PATIENCE);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    let response: Response;
    let body: unknown;
    try {
      response = await send(path, { ...init, signal });
      body = await response.json();
    } catch (cause) {
      if (cause instanceof SignedOutError || init.signal?.aborted === true) throw cause;
      if (timeout.aborted) throw new NoAnswerError(`No answer within ${PATIENCE / 1000} seconds.`, { cause });
      throw new NoAnswerError('The API cannot be reached, or something else answers in its place.', {
        cause,
      });
    }
    if (!response.ok) {
      if (!isProblem(body))
        throw new NoAnswerError(`An answer that is not Grace's: status ${response.status}.`);
      // A sign-in that is too old for one command is still good for everything else.
      if (response.status === 401 && body.code !== 'REAUTHENTICATE') refused();
      throw new ProblemError(body);
    }
    if (!isEnvelope<T>(body)) throw new NoAnswerError("An answer that is not Grace's: no data in it.");
    return body;
  }

  return {
    get: (path, { query = {}, signal } = {}) => call(withQuery(path, query), signal ? { signal } : {}),
    async write<T>(method: 'POST' | 'PUT', path: string, request: WriteRequest) {
      const headers: Record<string, string> = { 'idempotency-key': request.idempotencyKey };
      if (request.ifMatch !== undefined) headers['if-match'] = request.ifMatch;
      if (request.body !== undefined) headers['content-type'] = 'application/json';
      const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
      return (await call<T>(path, { method, headers, ...body })).data;
    },
    stream: (path, lastEventId, signal) =>
      send(path, {
        signal,
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
      }),
  };
}

function withQuery(path: string, query: NonNullable<Request['query']>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

function isProblem(body: unknown): body is Problem {
  return isObject(body) && typeof body['code'] === 'string' && typeof body['detail'] === 'string';
}

function isEnvelope<T>(body: unknown): body is { data: T; meta: Meta } {
  return isObject(body) && 'data' in body && isObject(body['meta']);
}

const isObject = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null;
