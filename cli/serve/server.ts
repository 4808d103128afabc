import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { STREAM_PATH } from '../../shared/contracts/api/stream';
import type { SettingsFile } from '../../shared/contracts/settings';
import { subjectOf } from '../../shared/domain/person';
import { callers } from '../../shared/stores/callers';
import { tokenReader } from '../../shared/stores/token-reader';
import { tokenVerifier } from '../../shared/stores/token-verifier';
import { saveRun } from '../backend/saved-run';
import type { Audience } from '../demo/run-demo';
import { DEMO_SETTINGS } from '../demo/setting';
import { authorized, throughGateway } from './api-gateway';
import { consoleFiles } from './console-files';
import { createDevIssuer, type DevIssuer } from './dev-issuer';
import { DEV_PEOPLE } from './dev-people';
import { apiRequest, HOST, listening, NO_CONSOLE, NOTHING, readBytes, send, urlOf } from './http';
import { goLive, type LiveRun } from './live-run';
import { streamNotices } from './notices';

/** Requests that are under way when it ends are given so long. */
const GRACE_MS = 2_000;

export interface ServeOptions {
  /** Where `.grace/` is left when it ends. */
  readonly cwd: string;
  /** 0 = any that is free. */
  readonly port: number;
  readonly audience: Audience;
  /** Incidents begin by themselves, so that something waits for people. Default true. */
  readonly incidents?: boolean;
  /** On top of the demo's. */
  readonly settings?: SettingsFile;
}

/** The simulator behind HTTP: the API, who signs in, and the console's files. */
export interface ServedRun {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly issuer: DevIssuer;
  readonly live: LiveRun;
  /** Ends connections, time and the server, and saves the run. */
  close(): Promise<void>;
}

/** @throws UsageError when the port is taken */
export async function serve(options: ServeOptions): Promise<ServedRun> {
  // The port first: the issuer's name has it in it, and people's names have the issuer's.
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async (_, response) =>
    send(response, { status: 503, headers: { 'retry-after': '1' }, body: 'starting\n' });
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // The API answers for its own faults; this is the server's.
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, headers: {}, body: 'the server failed\n' });
      process.emitWarning(error as Error);
    });
  });
  const origin = `http://${HOST}:${await listening(server, options.port)}`;
  const issuer = await createDevIssuer({ issuer: `${origin}/issuer`, people: DEV_PEOPLE, now: Date.now });
  const reader = tokenReader(
    {
      issuer: issuer.issuer,
      audience: issuer.clientId,
      jwksUri: `${issuer.issuer}/.well-known/jwks.json`,
      rolesClaim: 'groups',
    },
    // The issuer is in this process.
    { clock: { now: Date.now }, getKeys: async () => issuer.keys() },
  );
  const live = await goLive({
    settings: { ...servedSettings(issuer.issuer), ...options.settings },
    tokenReader: reader,
    callers: callers({ signed: { identify: async () => undefined }, tokens: tokenVerifier(reader) }),
    audience: options.audience,
    incidents: options.incidents ?? true,
  });
  const { ports } = live.run.deployment;
  const consoleFile = consoleFiles({
    issuer: issuer.issuer,
    clientId: issuer.clientId,
    scopes: ['openid'],
    signInOrigins: [],
    deployment: ports.settings.deployment,
    place: 'simulator',
  });

  answer = async (request, response) => {
    const url = urlOf(request, origin);
    if (url === undefined) return send(response, { status: 400, headers: {}, body: 'no such path\n' });
    const body = await readBytes(request);
    if (url.pathname === STREAM_PATH && request.method === 'GET') {
      const asked = await authorized(apiRequest(request, url, body), ports);
      return streamNotices(asked, response, ports);
    }
    if (url.pathname.startsWith('/api/')) {
      return send(response, await throughGateway(apiRequest(request, url, body), ports));
    }
    const file = request.method === 'GET' ? consoleFile(url.pathname) : undefined;
    if (file !== undefined) return send(response, { status: 200, ...file });
    const signIn = await issuer.answer({
      method: request.method ?? 'GET',
      url,
      body: body.toString('utf8'),
    });
    send(response, signIn ?? (url.pathname === '/' ? NO_CONSOLE : NOTHING));
  };

  return {
    origin,
    issuer,
    live,
    async close() {
      server.close();
      setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
      server.closeIdleConnections();
      await live.stop();
      saveRun(options.cwd, live.run.saved());
    },
  };
}

/** The demo's deployment, with the development issuer's people in it. */
function servedSettings(issuer: string): SettingsFile {
  const withRole = (role: string) =>
    DEV_PEOPLE.filter(({ roles }) => (roles as readonly string[]).includes(role)).map(({ name }) =>
      subjectOf(issuer, name),
    );
  return {
    ...DEMO_SETTINGS,
    approvals: {
      ...DEMO_SETTINGS.approvals,
      approvers: [...(DEMO_SETTINGS.approvals?.approvers ?? []), ...withRole('approver')],
      administrators: withRole('administrator'),
      emergency: withRole('emergency'),
    },
    signIn: {
      viewers: withRole('viewer'),
      operators: withRole('operator'),
      auditors: withRole('auditor'),
    },
  };
}
