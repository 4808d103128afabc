import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { openStream, type StreamRequest } from '../../functions/notices-stream/notices-stream';
import { pump } from '../../shared/runtime/pump';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import type { SimulatedPorts } from '../simulator/ports';

export const STREAM_PATH = '/api/approvals/stream';

export interface StreamConnection {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Who listens, as the authorizer in front has found. */
  readonly listener: Pick<StreamRequest, 'person' | 'provenUntil'>;
}

/**
 * Answers `GET /api/approvals/stream` with the module that is deployed. Unlike Lambda, a server is told when its
 * client goes, and the stream stops looking then. Ends when the stream does; throws what it throws.
 */
export async function streamNotices(
  { request, response, listener }: StreamConnection,
  ports: Pick<SimulatedPorts, 'state' | 'audit' | 'clock' | 'random' | 'logger'>,
): Promise<void> {
  const { clock, random, logger } = ports;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const answer = openStream(
    { ...listener, correlationId: randomUUID(), ...lastEventId(request) },
    {
      log: auditStore(ports.audit, { clock, random }),
      contracts: contractStore(ports.state),
      clock,
      random,
      logger,
      gone: gone.signal,
    },
  );
  response.writeHead(answer.statusCode, answer.headers);
  await pump(answer.frames, response);
  response.end();
}

function lastEventId({ headers, url }: IncomingMessage): { lastEventId?: string } {
  const header = headers['last-event-id'];
  if (typeof header === 'string') return { lastEventId: header };
  const query = new URL(url ?? '/', 'http://localhost').searchParams.get('lastEventId');
  return query === null ? {} : { lastEventId: query };
}
