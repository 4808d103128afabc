import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throughGateway } from '../../cli/serve/api-gateway';
import { type ServedRun, type ServeOptions, serve } from '../../cli/serve/server';
import type { ApiRequest, ApiResponse } from '../../shared/contracts/api/http';
import type { Route } from '../../shared/contracts/api/route';
import { ROUTES, type RouteName } from '../../shared/contracts/api/routes';
import { apiConformance } from './api-conformance';

export interface Call {
  /** Of the development issuer's people; `null` = without a token. Default: anna. */
  readonly as?: string | null;
  readonly token?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: the document says what it is, and is held against it
  readonly json: any;
  /** `code` of a problem. */
  readonly code: string | undefined;
}

/** The served simulator, called as API Gateway calls: authorizer, then API; every answer held against the document. */
export async function apiBench(options: Partial<ServeOptions> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'grace-api-'));
  const audience = { tell: () => {}, isPending: () => false, show: async () => {} };
  const served: ServedRun = await serve({ cwd, port: 0, audience, ...options });
  const conformance = apiConformance();
  const { ports } = served.live.run.deployment;

  const request = async (name: RouteName, call: Call): Promise<Omit<ApiRequest, 'caller'>> => {
    const route: Route = ROUTES[name];
    const path = route.path.replace(/\{(\w+)\}/g, (_, param: string) =>
      String(call.params?.[param] ?? `no-${param}`),
    );
    const token =
      call.token ?? (call.as === null ? undefined : await served.issuer.tokenFor(call.as ?? 'anna'));
    const query: Record<string, string[]> = {};
    for (const [key, value] of new URLSearchParams(call.query)) query[key] = [...(query[key] ?? []), value];
    const text =
      call.body === undefined ? '' : typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
    return {
      method: route.method,
      path,
      query,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      body: Buffer.from(text),
    };
  };

  /** Fails where the answer is not as documented. */
  const judged = (name: RouteName, response: ApiResponse): Answered => {
    const faults = conformance.faults(name, response);
    if (faults.length > 0)
      throw new Error(`${name} ${response.status}: ${faults.join('; ')}\n${response.body}`);
    const json = JSON.parse(response.body);
    return { status: response.status, headers: response.headers, json, code: json.code };
  };

  return {
    served,
    ports,
    conformance,
    request,
    judged,
    async call(name: RouteName, call: Call = {}): Promise<Answered> {
      return judged(name, await throughGateway(await request(name, call), ports));
    },
    async close(): Promise<void> {
      await served.close();
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
export type ApiBench = Awaited<ReturnType<typeof apiBench>>;
