import * as z from 'zod/mini';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { Notice, Position } from '../notice';
import { PROBLEMS, Problem, type ProblemCode, WAY_IN_PROBLEMS } from './problems';
import { named, Time } from './values';

/** The one path that does not answer with `{data, meta}`: it goes on answering. Only tools import this. */
export const STREAM_PATH = '/api/approvals/stream';

const PLACE = z.int().check(z.gte(-1));

/** The events of the stream, by name, and what `data` of each is. */
export const STREAM_EVENTS = {
  ready: named(
    'StreamReady',
    'The first event: what is read after it is as new as `position`',
    z.strictObject({ position: PLACE, last: PLACE, endsAt: Time }),
  ),
  reset: named(
    'StreamReset',
    'Before `ready`, where the stream cannot go on from the id that was given: load everything anew',
    z.strictObject({ reason: z.enum(['UNKNOWN_POSITION', 'TOO_FAR_BEHIND']) }),
  ),
  bye: named(
    'StreamBye',
    'The last event: come again with the last id',
    z.strictObject({ reason: z.enum(['TIME_OVER']) }),
  ),
  notice: named(
    'Notice',
    'Something changed; the name of the event is its `kind`. Read what it names for how it stands.',
    Notice,
  ),
} as const;

export const STREAM_SUMMARY =
  'Live notices of approvals, reviews, delegations, contracts, missions, quarantine, the kill switch and the audit log, as server-sent events';
/** What it is refused with before it begins, by status. */
export const STREAM_REFUSALS: ReadonlyMap<number, readonly ProblemCode[]> = new Map(
  [...new Set(WAY_IN_PROBLEMS.map((code) => PROBLEMS[code].status))].map((status) => [
    status,
    WAY_IN_PROBLEMS.filter((code) => PROBLEMS[code].status === status),
  ]),
);

/** The stream as an operation of the OpenAPI document. OpenAPI 3.1 has no words for a stream's events, so it names their schemas. */
export function streamOperation(): ZodOpenApiOperationObject {
  return {
    operationId: 'streamNotices',
    tags: ['governance'],
    summary: STREAM_SUMMARY,
    description: [
      'Only people may listen, with any role; each hears what concerns them.',
      'Events: `ready` (StreamReady), `reset` (StreamReset), `bye` (StreamBye), and by its `kind` each Notice; their `data` is JSON of that schema.',
      "An event's id is the number of an audit entry: send the last one as `Last-Event-ID`, and nothing is lost or told twice.",
      'Ends by itself after five minutes.',
    ].join(' '),
    requestParams: {
      header: z.object({ 'Last-Event-ID': z.optional(Position) }),
      query: z.object({ lastEventId: z.optional(Position) }),
    },
    responses: {
      '200': {
        description: 'The stream',
        headers: z.object({ 'X-Correlation-Id': z.string() }),
        content: { 'text/event-stream': { schema: z.string() } },
      },
      ...Object.fromEntries(
        [...STREAM_REFUSALS].map(([status, codes]) => [
          `${status}`,
          {
            description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
            content: { 'application/problem+json': { schema: Problem } },
          },
        ]),
      ),
    },
  };
}
