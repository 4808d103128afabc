import * as z from 'zod/mini';
import { ROLES } from '../domain/person';

const Names = z.nullish(z.record(z.string(), z.nullish(z.string())));

/** Who listens, as the authorizer hands it on: a context holds texts only. */
const Context = z.object({
  subject: z.string().check(z.minLength(1), z.maxLength(512)),
  /** Separated by spaces. */
  roles: z.string(),
  /** When the token ends, seconds since 1970. */
  expiresAt: z.optional(z.string().check(z.regex(/^\d{1,12}$/))),
});

/** What the stream reads of an API Gateway event (REST, proxy integration). */
const StreamEvent = z.object({
  headers: Names,
  queryStringParameters: Names,
  requestContext: z.object({ requestId: z.string(), authorizer: Context }),
});

/**
 * A request for the stream out of an API Gateway event; a role that there is not is nobody's.
 * @throws ZodError when no authorizer stood in front: nobody is listened to then
 */
export function readStreamEvent(event: unknown) {
  const { headers, queryStringParameters, requestContext } = StreamEvent.parse(event);
  const { subject, roles, expiresAt } = requestContext.authorizer;
  const named = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'last-event-id');
  const lastEventId = named?.[1] ?? queryStringParameters?.['lastEventId'];
  return {
    person: { subject, roles: ROLES.filter((role) => roles.split(' ').includes(role)) },
    correlationId: requestContext.requestId,
    ...(expiresAt === undefined ? {} : { provenUntil: Number(expiresAt) * 1000 }),
    ...(typeof lastEventId === 'string' ? { lastEventId } : {}),
  };
}
