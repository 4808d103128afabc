import * as z from 'zod/mini';
import type { ApiRequest } from '../../shared/contracts/api/http';
import type { Route } from '../../shared/contracts/api/route';
import { parseStrictJson } from '../../shared/contracts/strict-json';
import { type Refused, refused } from './answer';

/** Largest body that is read, bytes. */
export const MOST_BODY = 64 * 1024;
/** Depth of objects and arrays that any request of ours needs, with room. */
const MOST_DEPTH = 8;
/** Longest value of one header; a token is the longest there is. */
const LONGEST_HEADER = 8192;

export type Read<T> = { readonly ok: true; readonly value: T } | Refused;
const ok = <T>(value: T): Read<T> => ({ ok: true, value });

/** Headers that are too long, before anything looks into one. */
export function headerFault(headers: ApiRequest['headers']): Refused | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (value.length > LONGEST_HEADER) {
      const shown = name.slice(0, 64).replace(/[^a-z0-9-]/g, '?');
      return refused('HEADERS_TOO_LARGE', `${shown} has more than ${LONGEST_HEADER} characters`);
    }
  }
  return undefined;
}

/** Parameters of the path and of the query. A query parameter may come once; one that is not known is refused. */
export function readParameters(
  route: Route,
  params: Readonly<Record<string, string>>,
  query: ApiRequest['query'],
): Read<{ params: unknown; query: unknown }> {
  const twice = Object.entries(query).find(([, values]) => values.length !== 1);
  if (twice !== undefined) {
    return refused('INVALID_PARAMETER', 'a parameter may be given once', [
      { field: shownName(twice[0]), message: 'is given more than once' },
    ]);
  }
  const given = Object.fromEntries(Object.entries(query).map(([name, [value]]) => [name, value ?? '']));
  const path = parse(route.params, params);
  if (!path.ok) return path;
  const rest = parse(route.query, given);
  if (!rest.ok) return rest;
  return ok({ params: path.value, query: rest.value });
}

function parse(schema: z.ZodMiniObject | undefined, texts: Readonly<Record<string, string>>): Read<unknown> {
  const shape = schema?.shape ?? {};
  const values = Object.entries(texts).map(([name, text]) => [name, typed(shape[name], text)]);
  // With `__proto__` as a name this would be no member of it.
  const parsed = z.strictObject(shape).safeParse(Object.fromEntries(values));
  if (parsed.success) return ok(schema === undefined ? undefined : parsed.data);
  return refused('INVALID_PARAMETER', 'correct the parameters that are named', fieldsOf(parsed.error.issues));
}

/** Text as the schema wants it: whole numbers and booleans in their one spelling, else text. */
function typed(schema: z.core.$ZodType | undefined, text: string): unknown {
  const kind = schema === undefined ? 'string' : innerType(schema);
  if ((kind === 'number' || kind === 'int') && /^(0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function innerType(schema: z.core.$ZodType): string {
  const def = schema._zod.def as { readonly type: string; readonly innerType?: z.core.$ZodType };
  return def.innerType === undefined ? def.type : innerType(def.innerType);
}

/** The body, where the route takes one: its type, its size and its structure are looked at before its content. */
export function readBody(route: Route, { headers, body }: ApiRequest): Read<unknown> {
  if (route.body === undefined) {
    return body.length === 0 ? ok(undefined) : refused('BODY_UNEXPECTED', 'send this request without a body');
  }
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
    return refused('UNSUPPORTED_MEDIA_TYPE', 'send `Content-Type: application/json`');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return refused('UNSUPPORTED_MEDIA_TYPE', 'send the body as it is, without `Content-Encoding`');
  }
  if (body.length > MOST_BODY) return refused('BODY_TOO_LARGE', `send at most ${MOST_BODY} bytes`);
  const json = parseStrictJson(body, { maxBytes: MOST_BODY, maxDepth: MOST_DEPTH });
  if (!json.ok) return refused('BODY_NOT_JSON', `${json.code}: ${json.message}`);
  const parsed = route.body.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  return refused('BODY_INVALID', 'correct the fields that are named', fieldsOf(parsed.error.issues));
}

/** `If-Match` as the revision that it insists on; it is the one ETag that the API gave. */
export function readIfMatch(route: Route, headers: ApiRequest['headers']): Read<number | undefined> {
  const text = headers['if-match'];
  if (text === undefined || route.ifMatch !== true) return ok(undefined);
  const rev = /^"(0|[1-9]\d{0,14})"$/.exec(text)?.[1];
  return rev === undefined
    ? refused('INVALID_HEADER', 'If-Match: give the ETag of the answer that you read, such as "3"')
    : ok(Number(rev));
}

/** `Idempotency-Key` of a write: 8 to 128 visible ASCII characters, such as a UUID. */
export function readIdempotencyKey(route: Route, headers: ApiRequest['headers']): Read<string | undefined> {
  const key = headers['idempotency-key'];
  if (key === undefined || route.method === 'GET') return ok(undefined);
  return /^[\x21-\x7e]{8,128}$/.test(key)
    ? ok(key)
    : refused('INVALID_HEADER', 'Idempotency-Key: 8 to 128 visible characters, such as a UUID');
}

/** At most ten, each by its field. Values are never repeated. */
function fieldsOf(issues: readonly z.core.$ZodIssue[]): Refused['errors'] {
  return issues.slice(0, 10).map((issue) => {
    const names = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    return { field: names.map((name) => shownName(String(name))).join('.') || '.', message: meaning(issue) };
  });
}

/** Names come from outside too. */
const shownName = (name: string): string => name.slice(0, 64).replace(/[^\w.:-]/g, '?');

function meaning(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'is not known here: leave it out';
    case 'invalid_type':
      return issue.input === undefined ? `must be ${issue.expected}` : `must be ${issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'invalid_format':
      return `must match ${'pattern' in issue && issue.pattern !== undefined ? issue.pattern : issue.format}`;
    default:
      return 'is not as the API documents it';
  }
}
