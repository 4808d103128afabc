import type { ApiRequest, ApiResponse, Caller } from '../../shared/contracts/api/http';
import {
  corsHeaders,
  documentResponse,
  jsonResponse,
  problemResponse,
  requestText,
} from '../../shared/contracts/api/respond';
import type { Route } from '../../shared/contracts/api/route';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';
import { digestOf } from '../../shared/domain/digest';
import type { Person } from '../../shared/domain/person';
import { type Answer, type Refused, refused } from './answer';
import type { ApiDeps } from './deps';
import { HANDLERS } from './handlers';
import { once } from './idempotent';
import { matchRoute } from './match';
import { headerFault, readBody, readIdempotencyKey, readIfMatch, readParameters } from './read-request';

/**
 * Answers one request of the API. Never throws: a fault is a problem with the correlation id, and a log line. In
 * order, each looked at before the next: headers, path, caller, rate, role, body type and size, schema; then the
 * route's own answerer.
 */
export async function api(request: ApiRequest, deps: ApiDeps): Promise<ApiResponse> {
  const correlationId = correlationOf(request, deps);
  const cors = corsHeaders(request, deps.settings.api.origins);
  const response = await answered(request, correlationId, deps).catch((error: unknown) => {
    deps.logger.error('the API failed', { code: 'API_FAILED', correlationId, error });
    return problemResponse(faultOf(error), correlationId);
  });
  return { ...response, headers: { ...response.headers, ...cors } };
}

async function answered(request: ApiRequest, correlationId: string, deps: ApiDeps): Promise<ApiResponse> {
  const problem = (refusal: Refused, headers?: Record<string, string>) =>
    problemResponse(refusal, correlationId, headers);
  const tooLong = headerFault(request.headers);
  if (tooLong !== undefined) return problem(tooLong);
  if (request.method === 'OPTIONS') {
    return { status: 204, headers: { 'x-correlation-id': correlationId }, body: '' };
  }
  const document = await documentAt(request, correlationId, deps);
  if (document !== undefined) return document;

  const { caller } = request;
  if (caller.kind === 'nobody') return problem(refused(caller.code, SIGN_IN));
  const wait = deps.limiter.waitSeconds(caller.person.subject);
  if (wait > 0) {
    return problem(refused('RATE_LIMITED', `try again in ${wait} s`), { 'retry-after': String(wait) });
  }
  const match = matchRoute(request.method, request.path);
  if (match.kind === 'nothing')
    return problem(refused('UNKNOWN_ROUTE', 'GET /api/openapi.json lists the paths'));
  if (match.kind === 'other_method') {
    const allow = match.allow.join(', ');
    return problem(refused('METHOD_NOT_ALLOWED', `this path takes ${allow}`), { allow });
  }
  const route: Route = ROUTES[match.name];
  const forbidden = await mayCall(route, caller, deps);
  if (forbidden !== undefined) return problem(forbidden);

  const read = readParts(route, match.params, request);
  if (!read.ok) return problem(read);
  const { params, query, body, ifMatch, key } = read.value;
  const id = key === undefined ? undefined : digestOf('grace.idempotency.v1\n', [caller.person.subject, key]);
  const asked = { params, query, body, caller, ifMatch, idempotencyId: id, correlationId };
  // Read by this very route's schemas.
  const handle = HANDLERS[match.name] as (asked: unknown, deps: ApiDeps) => Promise<Answer<unknown>>;
  const answer = async () => respond(match.name, await handle(asked, deps), correlationId);
  if (id === undefined) return answer();
  const digest = digestOf('grace.request.v1\n', [
    request.method,
    request.path,
    requestText(body),
    ifMatch ?? null,
  ]);
  return once({ id, digest }, answer, { ...deps, correlationId });
}

const SIGN_IN = 'send `Authorization: Bearer` with an access token of this deployment';

function readParts(route: Route, pathParams: Readonly<Record<string, string>>, request: ApiRequest) {
  // The body's type and size come first: they cost nothing to look at.
  const body = readBody(route, request);
  if (!body.ok) return body;
  const parameters = readParameters(route, pathParams, request.query);
  if (!parameters.ok) return parameters;
  const ifMatch = readIfMatch(route, request.headers);
  if (!ifMatch.ok) return ifMatch;
  const key = readIdempotencyKey(route, request.headers);
  if (!key.ok) return key;
  return {
    ok: true as const,
    value: { ...parameters.value, body: body.value, ifMatch: ifMatch.value, key: key.value },
  };
}

/** Reading goes by the token's roles; a write by what the directory says now, since tokens outlive memberships. */
async function mayCall(
  route: Route,
  caller: Exclude<Caller, { kind: 'nobody' }>,
  deps: ApiDeps,
): Promise<Refused | undefined> {
  if (caller.kind === 'machine' && !route.machines) {
    return refused('PERSON_REQUIRED', 'sign in as a person, or use the `grace` command');
  }
  const roles =
    route.method === 'GET' || caller.kind === 'machine'
      ? caller.person.roles
      : await rolesNow(caller.person, deps);
  if (route.roles.some((role) => roles.includes(role))) return undefined;
  return refused('FORBIDDEN', `this takes one of the roles ${route.roles.join(', ')}`);
}

async function rolesNow({ subject }: Person, { directory }: ApiDeps): Promise<Person['roles']> {
  return (await directory.person(subject))?.roles ?? [];
}

function respond(name: RouteName, answer: Answer<unknown>, correlationId: string): ApiResponse {
  if (!answer.ok) return problemResponse(answer, correlationId);
  const { data, rev, next } = answer;
  return jsonResponse({
    status: ROUTES[name].status,
    value: { data, meta: { correlationId, ...(next === undefined ? {} : { next }) } },
    correlationId,
    headers: rev === undefined ? {} : { etag: `"${rev}"` },
  });
}

/** Both are public: they say nothing that this repository does not. */
async function documentAt(
  { method, path }: ApiRequest,
  correlationId: string,
  { documents }: ApiDeps,
): Promise<ApiResponse | undefined> {
  if (method !== 'GET') return undefined;
  if (path === '/api/openapi.json') {
    return documentResponse((await documents()).openapi, 'application/json', correlationId);
  }
  if (path !== '/api/docs') return undefined;
  const { page, pagePolicy } = await documents();
  return documentResponse(page, 'text/html; charset=utf-8', correlationId, pagePolicy);
}

/** A caller's own id is taken where it is plain: it finds the log lines, events and audit entries of a request. */
function correlationOf({ headers }: ApiRequest, { ids }: ApiDeps): string {
  const given = headers['x-correlation-id'];
  return given !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/.test(given) ? given : ids.next();
}

/** Stores and services that do not answer are told apart from our own bugs; neither's message leaves. */
function faultOf(error: unknown): Refused {
  const name = error instanceof Error ? error.name : '';
  return /Unavailable|Timeout|Throttl|Contention/.test(name)
    ? refused('UNAVAILABLE', 'try again; nothing was done, or a repeat finds it done')
    : refused('INTERNAL', 'give the correlation id to whoever runs Grace');
}
