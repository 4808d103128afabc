import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiRequest } from '../../shared/contracts/api/http';
import { UsageError } from '../errors';

/** This machine only. */
export const HOST = '127.0.0.1';

export const NOTHING = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'there is nothing here\n',
};
export const NO_CONSOLE = {
  ...NOTHING,
  body: 'The console is not built: `npm run web` builds it, then load this again.\n',
};

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

/** As it came, not tidied up: `..` and doubled slashes are the API's to refuse. */
export function urlOf(request: IncomingMessage, origin: string): URL | undefined {
  const target = request.url ?? '/';
  if (!target.startsWith('/') || !URL.canParse(target, origin)) return undefined;
  const url = new URL(target, origin);
  return url.origin === origin ? url : undefined;
}

/** The port that it listens on. @throws UsageError when the port is taken */
export function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UsageError(`port ${port} is taken; choose another one with --port`)
          : error,
      ),
    );
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}
