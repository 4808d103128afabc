import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Target, TargetKind } from '../../shared/domain/target';
import type { StepCall } from '../../shared/ports/actions';

/** An error as the SDK reads it from a service's answer. */
export function serviceError(code: string, status: number): Error {
  return Object.assign(new Error(`${code} said the service`), {
    name: code,
    $metadata: { httpStatusCode: status },
  });
}

/** A fault without an answer: a time-out, a broken connection. */
export function networkError(name = 'TimeoutError'): Error {
  return Object.assign(new Error('no answer'), { name, $metadata: { attempts: 1 } });
}

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
/** Options of a client that is never to reach anything real. */
export const NOWHERE = { region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

export function target(kind: TargetKind, id: string): Target {
  return { kind, region: REGION, account: ACCOUNT, id };
}

export function stepCall(action: string, of: Target, intended: StepCall['intended'] = {}): StepCall {
  return {
    action,
    target: of,
    intended,
    clientToken: 'token-1',
    intentAt: Date.parse('2026-01-01T12:00:00Z'),
  };
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeService {
  readonly endpoint: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** A service on a port of this machine, for what only the wire shows: how often is sent, and in which protocol. */
export async function fakeService(
  answer: (response: ServerResponse, body: string) => void,
): Promise<FakeService> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      answer(response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
