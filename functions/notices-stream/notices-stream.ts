import { Position } from '../../shared/contracts/notice';
import { type Person, ROLES } from '../../shared/domain/person';
import { notices, type StreamDeps } from './notices';

/** A request for the stream, wherever it came in. */
export interface StreamRequest {
  /** Who asks, as the authorizer found. */
  readonly person: Person;
  /** When the proof of it ends, milliseconds since 1970. */
  readonly provenUntil?: number;
  /** The header `Last-Event-ID`, or `lastEventId` of the query where a client cannot set headers. */
  readonly lastEventId?: string;
  readonly correlationId: string;
}

export interface StreamAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, as it comes. */
  readonly frames: AsyncIterable<string>;
}

/** `no-store`: what a person may see is nobody else's; no proxy may gather events before it hands them on. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } as const;

/** Checks the request and opens the stream. Nothing is read before the frames are asked for. */
export function openStream(request: StreamRequest, deps: StreamDeps): StreamAnswer {
  const { person, provenUntil, lastEventId } = request;
  if (!person.roles.some((role) => ROLES.includes(role))) {
    return problem(request, {
      status: 403,
      code: 'FORBIDDEN',
      title: 'Your roles do not include this',
      detail: 'Ask an administrator for one of the roles viewer, operator, approver, auditor, administrator.',
    });
  }
  const after = lastEventId === undefined ? undefined : Position.safeParse(lastEventId);
  if (after?.success === false) {
    return problem(request, {
      status: 400,
      code: 'INVALID_HEADER',
      title: 'A header of the request is not as it must be',
      detail: 'Last-Event-ID must be the id of an event of this stream; leave it out to begin now.',
    });
  }
  return {
    statusCode: 200,
    headers: { ...ALWAYS, ...STREAM },
    frames: notices(
      {
        person,
        ...(provenUntil === undefined ? {} : { provenUntil }),
        ...(after === undefined ? {} : { after: Number(after.data) }),
      },
      deps,
    ),
  };
}

/** RFC 9457, as the API answers. */
function problem(
  { correlationId }: StreamRequest,
  {
    code,
    ...said
  }: {
    readonly status: number;
    readonly code: string;
    readonly title: string;
    readonly detail: string;
  },
): StreamAnswer {
  const body = { type: `urn:grace:problem:${code}`, ...said, code, correlationId };
  return {
    statusCode: said.status,
    headers: { ...ALWAYS, 'content-type': 'application/problem+json' },
    frames: once(JSON.stringify(body)),
  };
}

async function* once(text: string): AsyncGenerator<string, void, void> {
  yield text;
}
