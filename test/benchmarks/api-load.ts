import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentiles } from '../../cli/scenario/percentiles';
import { authorized, throughGateway } from '../../cli/serve/api-gateway';
import { type ServedRun, serve } from '../../cli/serve/server';
import type { Figure } from './figure';
import { httpLoad } from './http-load';

const ROUNDS = 400;
const LOAD_SECONDS = 4;
const PEOPLE = 200;
/** One of each class: a single thing, a list, a whole report, the log. */
const CLASSES: Readonly<Record<string, string>> = {
  one: '/api/governance/switch',
  list: '/api/verification/contracts',
  contract: '/api/verification/contracts/{contractId}',
  report: '/api/governance/parliament',
  log: '/api/audit/entries',
};

/** The API on the simulator's server: tables in memory, no network but the loopback. */
export async function apiFigures(): Promise<readonly Figure[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'grace-bench-api-'));
  const audience = { tell: () => {}, isPending: () => false, show: async () => {} };
  // Throttling would be what is measured.
  const settings = { api: { burst: 5000, requestsPerSecond: 1000 } };
  const served = await serve({ cwd, port: 0, audience, settings });
  try {
    return [...(await ownCompute(served)), ...(await throughput(served))];
  } finally {
    await served.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

async function ownCompute({ live, issuer }: ServedRun): Promise<Figure[]> {
  const { ports } = live.run.deployment;
  const unlimited = { ...ports, api: { ...ports.api, limiter: { waitSeconds: () => 0 } } };
  const authorization = `Bearer ${await issuer.tokenFor('carla')}`;
  const request = (path: string) => ({
    method: 'GET',
    path,
    query: {},
    headers: { authorization },
    body: Buffer.alloc(0),
  });
  const ask = (path: string) => throughGateway(request(path), unlimited);
  const first = JSON.parse((await ask(CLASSES['list'] as string)).body) as { data: { contractId: string }[] };
  const figures: Figure[] = [];
  for (const [name, path] of Object.entries(CLASSES)) {
    const times = await timed(() => ask(path.replace('{contractId}', first.data.at(-2)?.contractId ?? '')));
    figures.push({
      name: `api_${name}_p95`,
      value: percentiles(times).p95,
      unit: 'ms',
      goal: { atMost: 100 },
      note: `${path}: p50 ${percentiles(times).p50.toFixed(2)}, max ${percentiles(times).max.toFixed(1)}; authorizer and API, tables in memory, ${ROUNDS} rounds`,
    });
  }
  const times = await timed(() => authorized(request('/api/me'), ports));
  figures.push({
    name: 'api_authorizer_p50',
    value: percentiles(times).p50,
    unit: 'ms',
    note: `p95 ${percentiles(times).p95.toFixed(2)}; ES256, keys at hand; API Gateway keeps the answer for a minute`,
  });
  return figures;
}

/** Milliseconds. */
async function timed(act: () => Promise<unknown>): Promise<number[]> {
  for (let round = 0; round < 50; round += 1) await act();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await act();
    times.push(performance.now() - began);
  }
  return times;
}

async function throughput({ origin, issuer, live }: ServedRun): Promise<Figure[]> {
  const bare = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const reference = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  // One person sends no more than the settings let them; a load is many people.
  const tokens = await Promise.all(
    Array.from({ length: PEOPLE }, (_, n) => issuer.tokenFor('vera', { claims: { sub: `person-${n}` } })),
  );
  const figures: Figure[] = [];
  for (const concurrent of [50, 200]) {
    const base = await httpLoad({ url: reference, concurrent, seconds: LOAD_SECONDS });
    const measured = await httpLoad({
      url: `${origin}/api/governance/switch`,
      concurrent,
      seconds: LOAD_SECONDS,
      headers: (n) => ({ authorization: `Bearer ${tokens[n % tokens.length]}` }),
    });
    figures.push({
      name: `api_requests_at_${concurrent}`,
      value: measured.perSecond,
      unit: 'requests/s',
      goal: { atLeast: 100 },
      reference: { value: base.perSecond, what: 'a bare node:http server, same client' },
      note: `p95 ${percentiles(measured.times).p95.toFixed(0)} ms, ${measured.failed} failed; client and server share one process; ${live.run.kernel.pending()} simulated events pending`,
    });
  }
  bare.close();
  return figures;
}
