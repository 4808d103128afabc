import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { emulatorToken } from '../backend/emulator-token';
import { stackOutputs } from '../backend/stack-outputs';
import { deployedApi } from '../emulator/deployed-api';
import { consoleFiles } from './console-files';
import { createDevIssuer } from './dev-issuer';
import type { DevPerson } from './dev-people';
import { HOST, listening, NO_CONSOLE, NOTHING, readBytes, send, urlOf } from './http';

export interface ServedEmulator {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  /** Where its API answers. */
  readonly api: string;
  close(): void;
}

/** What the console sends; nothing else of a request goes on to the emulator. */
const FORWARDED = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'last-event-id',
  'x-correlation-id',
];
/** Of one connection only, or no longer so once `fetch` has read the body. */
const NOT_ANSWERED = new Set(['connection', 'content-encoding', 'content-length', 'transfer-encoding']);
/** As long as API Gateway waits for a function. */
const TIMEOUT_MS = 29_000;

/**
 * The console for a stack on an emulator: its files, `/api/` handed on to the deployed API, and the development issuer
 * in front, whose access tokens are those of the stack's own user pool, since emulators have no page to sign in at.
 *
 * @throws NothingThereError when there is no such stack; UsageError when the port is taken
 */
export async function serveEmulator(options: {
  readonly endpoint: string;
  readonly stack: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Who may be chosen: people of the user pool. */
  readonly people: readonly DevPerson[];
}): Promise<ServedEmulator> {
  const { endpoint, stack, people } = options;
  const { url: api, pool } = deployedApi(endpoint, (await stackOutputs(stack, endpoint)).output);
  // The port first: the issuer's name has it in it.
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async (_, response) =>
    send(response, { status: 503, headers: { 'retry-after': '1' }, body: 'starting\n' });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else send(response, { status: 502, headers: {}, body: 'the emulator does not answer\n' });
    });
  });
  const origin = `http://${HOST}:${await listening(server, options.port)}`;
  const issuer = await createDevIssuer({
    issuer: `${origin}/issuer`,
    people,
    now: Date.now,
    accessToken: (name) => emulatorToken(pool, name),
  });
  const consoleFile = consoleFiles({
    issuer: issuer.issuer,
    clientId: issuer.clientId,
    scopes: ['openid'],
    signInOrigins: [],
    deployment: stack,
    place: 'emulator',
  });
  answer = async (request, response) => {
    const url = urlOf(request, origin);
    if (url === undefined) return send(response, { status: 400, headers: {}, body: 'no such path\n' });
    const body = await readBytes(request);
    if (url.pathname.startsWith('/api/'))
      return send(response, await handedOn(request, `${api}${url.pathname}${url.search}`, body));
    const file = request.method === 'GET' ? consoleFile(url.pathname) : undefined;
    if (file !== undefined) return send(response, { status: 200, ...file });
    const signIn = await issuer.answer({ method: request.method ?? 'GET', url, body: body.toString('utf8') });
    send(response, signIn ?? (url.pathname === '/' ? NO_CONSOLE : NOTHING));
  };
  return {
    origin,
    api,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function handedOn({ method = 'GET', headers }: IncomingMessage, to: string, body: Buffer) {
  const kept = FORWARDED.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
  const answer = await fetch(to, {
    method,
    headers: kept,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
  return {
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => !NOT_ANSWERED.has(name))),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
