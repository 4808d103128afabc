import type { ApiRequest } from '../../shared/contracts/api/http';
import { corsHeaders, problemResponse, SECURITY } from '../../shared/contracts/api/respond';
import { Position } from '../../shared/contracts/notice';
import { notices, type StreamDeps } from './notices';

export interface OpenStreamDeps extends StreamDeps {
  /** Whose pages may listen from a browser. */
  readonly origins: readonly string[];
}

export interface StreamAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, as it comes. */
  readonly frames: AsyncIterable<string>;
}

/** No proxy on the way may gather events before it hands them on. */
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } as const;

/**
 * `GET /api/approvals/stream`: checks the request and opens the stream. It goes on after the header `Last-Event-ID`,
 * or after `lastEventId` of the query where a client cannot set headers. Nothing is read before the frames are asked
 * for.
 */
export function openStream(
  request: ApiRequest,
  { correlationId, ...deps }: OpenStreamDeps & { readonly correlationId: string },
): StreamAnswer {
  const cors = corsHeaders(request, deps.origins);
  const refuse = (refusal: Parameters<typeof problemResponse>[0]): StreamAnswer => {
    const { status, headers, body } = problemResponse(refusal, correlationId, cors);
    return { statusCode: status, headers, frames: once(body) };
  };
  const { caller, headers, query } = request;
  if (caller.kind === 'nobody') {
    const detail = 'send `Authorization: Bearer` with an access token of this deployment';
    return refuse({ code: caller.code, detail });
  }
  const { person } = caller;
  if (person.roles.length === 0) {
    return refuse({
      code: 'FORBIDDEN',
      detail: 'ask an administrator for one of the roles of this deployment',
    });
  }
  const lastEventId = headers['last-event-id'] ?? query['lastEventId']?.[0];
  const after = lastEventId === undefined ? undefined : Position.safeParse(lastEventId);
  if (after?.success === false) {
    const detail = 'Last-Event-ID must be the id of an event of this stream; leave it out to begin now';
    return refuse({ code: 'INVALID_HEADER', detail });
  }
  return {
    statusCode: 200,
    headers: { ...SECURITY, ...STREAM, ...cors, 'x-correlation-id': correlationId },
    frames: notices({ person, ...(after === undefined ? {} : { after: Number(after.data) }) }, deps),
  };
}

async function* once(text: string): AsyncGenerator<string, void, void> {
  yield text;
}
