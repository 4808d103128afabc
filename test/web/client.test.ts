import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf } from '../../web/src/api/advice';
import { apiClient } from '../../web/src/api/client';

let server: Server;
let answer: RequestListener = (_request, response) => response.end();
const refused = jest.fn();
let token: string | undefined = 'token-1';

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  token = 'token-1';
  refused.mockClear();
});

const client = () =>
  apiClient({
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: async () => token,
    refused,
  });

/** Answers with JSON. */
const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

const problem = (status: number, code: string) =>
  json(status, {
    type: 'about:blank',
    title: 'No',
    status,
    detail: 'It is so.',
    code,
    correlationId: 'corr-1',
  });

describe('a call of the API', () => {
  test('carries the token, no cookies, and only the filters that are set', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      seen.push(request.url, request.headers.authorization, request.headers.cookie);
      json(200, { data: [1], meta: { correlationId: 'c' } })(request, response);
    };
    const got = await client().get('/api/x', { query: { status: 'denied', cursor: undefined, limit: 5 } });
    expect(got).toEqual({ data: [1], meta: { correlationId: 'c' } });
    expect(seen).toEqual(['/api/x?status=denied&limit=5', 'Bearer token-1', undefined]);
  });

  test('that writes names its intention, so that it can be sent again', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      seen.push(request.method, request.headers['idempotency-key'], request.headers['content-type']);
      json(200, { data: 'done', meta: { correlationId: 'c' } })(request, response);
    };
    expect(await client().write('POST', '/api/x', { body: {}, idempotencyKey: 'key-1' })).toBe('done');
    expect(seen).toEqual(['POST', 'key-1', 'application/json']);
  });

  test('is not made when nobody is signed in', async () => {
    token = undefined;
    answer = () => {
      throw new Error('it was made');
    };
    await expect(client().get('/api/x')).rejects.toMatchObject({ name: 'SignedOutError' });
  });
});

describe('an answer that is no answer', () => {
  test.each([
    ['a page of a proxy', ((_q, response) => response.writeHead(502).end('<html>')) as RequestListener],
    ['JSON that is not of Grace', json(200, { hello: 1 })],
    ['an error that is not of Grace', json(500, { message: 'Internal server error' })],
    ['a connection that breaks', ((request) => request.socket.destroy()) as RequestListener],
  ])('%s is said to be none, with what to do', async (_name, listener) => {
    answer = listener;
    const error: unknown = await client()
      .get('/api/x')
      .catch((reason: unknown) => reason);
    expect(failureOf(error)).toMatchObject({ code: 'NO_ANSWER', title: 'Grace does not answer' });
    expect(failureOf(error).advice).not.toBe('');
  });

  test('that has somewhere else to go is not followed: the token must not go there', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    await expect(client().get('/api/x')).rejects.toMatchObject({ name: 'NoAnswerError' });
  });
});

describe('a problem', () => {
  test('is shown with its code, what to do, and what to quote', async () => {
    answer = problem(409, 'CLOSED');
    const error: unknown = await client()
      .get('/api/x')
      .catch((reason: unknown) => reason);
    expect(failureOf(error)).toMatchObject({ code: 'CLOSED', detail: 'It is so.', correlationId: 'corr-1' });
    expect(failureOf(error).advice).toContain('Somebody was faster');
    expect(refused).not.toHaveBeenCalled();
  });

  test('with the token ends the session', async () => {
    answer = problem(401, 'TOKEN_EXPIRED');
    await expect(client().get('/api/x')).rejects.toMatchObject({ name: 'ProblemError' });
    expect(refused).toHaveBeenCalledTimes(1);
  });

  test('with a sign-in too old for one command leaves the session', async () => {
    answer = problem(401, 'REAUTHENTICATE');
    await expect(client().get('/api/x')).rejects.toMatchObject({ name: 'ProblemError' });
    expect(refused).not.toHaveBeenCalled();
  });
});
