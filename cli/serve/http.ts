import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiRequest } from '../../shared/contracts/api/http';

/** A little more than the API takes, so that it is the API that says that a body is too large. */
const MOST_BYTES = 128 * 1024;

/** The body, as far as anything here takes it; the rest is read and dropped, so that an answer can be given. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size < MOST_BYTES) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks);
}

/** A request of node:http as the API takes it. */
export function apiRequest(request: IncomingMessage, url: URL, body: Buffer): Omit<ApiRequest, 'caller'> {
  const query: Record<string, string[]> = Object.create(null);
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query,
    headers: Object.fromEntries(headers),
    body,
  };
}

export function send(
  response: ServerResponse,
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | Buffer;
  },
): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}
