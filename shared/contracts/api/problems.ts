import * as z from 'zod/mini';
import { Code, named } from './values';

interface Kind {
  readonly status: number;
  readonly title: string;
}

/** Every problem that the API answers with, by its stable code. `detail` of an answer says what to do about it. */
export const PROBLEMS = {
  // Who asks
  TOKEN_MISSING: { status: 401, title: 'There is no bearer token' },
  TOKEN_MALFORMED: { status: 401, title: 'The bearer token is no signed token' },
  TOKEN_ALGORITHM: { status: 401, title: 'The token is signed in a way that is not accepted' },
  TOKEN_SIGNATURE: { status: 401, title: "The token's signature does not hold" },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired' },
  TOKEN_NOT_YET_VALID: { status: 401, title: 'The token is not valid yet' },
  TOKEN_ISSUER: { status: 401, title: 'The token is of an issuer that is not trusted here' },
  TOKEN_AUDIENCE: { status: 401, title: 'The token was made for another application' },
  TOKEN_USE: { status: 401, title: 'This is no access token' },
  FORBIDDEN: { status: 403, title: 'Your roles do not include this' },
  PERSON_REQUIRED: { status: 403, title: 'Only a person may do this' },
  // What is asked
  UNKNOWN_ROUTE: { status: 404, title: 'There is no such path' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The path does not take this method' },
  /** Also for what the caller has no part in: the two look the same from outside. */
  NOT_FOUND: { status: 404, title: 'There is no such thing, or none that is yours to see' },
  INVALID_PARAMETER: { status: 400, title: 'A parameter of the request is not as it must be' },
  INVALID_CURSOR: { status: 400, title: 'The cursor is not one of this list' },
  INVALID_HEADER: { status: 400, title: 'A header of the request is not as it must be' },
  HEADERS_TOO_LARGE: { status: 431, title: 'A header of the request is too long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body must be application/json' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  BODY_NOT_JSON: { status: 400, title: 'The body is not JSON as it must be' },
  BODY_INVALID: { status: 422, title: 'The body does not hold what it must' },
  BODY_UNEXPECTED: { status: 400, title: 'This request takes no body' },
  // How it stands
  REV_CHANGED: { status: 412, title: 'It has changed since it was read' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The idempotency key was used for another request' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, title: 'The first request with this idempotency key is under way' },
  NOTHING_TO_RESTORE: { status: 409, title: 'The contract changed nothing that has a state before it' },
  NOT_FROZEN: { status: 409, title: 'None of its targets is frozen' },
  SNAPSHOT_UNREADABLE: { status: 409, title: 'The snapshot cannot be read' },
  DECISION_REFUSED: { status: 409, title: 'The decision was refused' },
  PLAN_CHANGED: { status: 409, title: 'This is not the plan that the request is about' },
  CLOSED: { status: 409, title: 'The request is closed' },
  EXPIRED: { status: 409, title: 'The request has expired' },
  ALREADY_VOTED: { status: 409, title: 'One person, one vote' },
  EXCLUDED: { status: 403, title: 'Who proposed an action has no vote on it' },
  REAUTHENTICATE: { status: 401, title: 'Prove again who you are: the sign-in is too long ago' },
  EPOCH_NOT_OPEN: { status: 409, title: 'Another epoch of the audit log is the open one' },
  CLOSING_UNDER_WAY: { status: 409, title: 'Somebody has closed it; the order is on its way into the log' },
  BUSY: { status: 409, title: 'Other decisions came first each time' },
  NOT_RELEASABLE: { status: 409, title: 'It was no proper event, and would be none after a release either' },
  ALREADY_RELEASED: { status: 409, title: 'Somebody has released it already' },
  // How Grace stands
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  UNAVAILABLE: { status: 503, title: 'A part that this needs does not answer' },
  INTERNAL: { status: 500, title: 'Grace failed at this request' },
} as const satisfies Readonly<Record<string, Kind>>;
export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457, as `application/problem+json`. */
export const Problem = named(
  'Problem',
  'What went wrong, and what to do about it (RFC 9457)',
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: Code,
    correlationId: z.string(),
    /** Of an invalid request: each field that is wrong, with what it must be. */
    errors: z.optional(z.array(z.strictObject({ field: z.string(), message: z.string() }))),
  }),
);
export type Problem = z.infer<typeof Problem>;

/** Who asks is not known, or may not; or asks with a header that is not as it must be. */
export const WAY_IN_PROBLEMS = [
  'TOKEN_MISSING',
  'TOKEN_MALFORMED',
  'TOKEN_ALGORITHM',
  'TOKEN_SIGNATURE',
  'TOKEN_EXPIRED',
  'TOKEN_NOT_YET_VALID',
  'TOKEN_ISSUER',
  'TOKEN_AUDIENCE',
  'TOKEN_USE',
  'FORBIDDEN',
  'INVALID_HEADER',
] as const satisfies readonly ProblemCode[];

/** What every route can answer with: of the way in, and of Grace itself. */
export const COMMON_PROBLEMS = [
  ...WAY_IN_PROBLEMS,
  'HEADERS_TOO_LARGE',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
] as const satisfies readonly ProblemCode[];

/** What every route with a body can answer with. */
export const BODY_PROBLEMS = [
  'UNSUPPORTED_MEDIA_TYPE',
  'BODY_TOO_LARGE',
  'BODY_NOT_JSON',
  'BODY_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
] as const satisfies readonly ProblemCode[];
