import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServedRun, serve } from '../../../cli/serve/server';

export interface Served extends ServedRun {
  /** Calls the API as one of the people, without a browser. */
  api(person: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }>;
}
// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers; the console's own types are checked elsewhere
export type Json = any;

/** The simulator's server on a free port, with the demo played and requests waiting. */
export async function serveForTest(): Promise<Served> {
  const cwd = mkdtempSync(join(tmpdir(), 'grace-browser-'));
  const served = await serve({
    cwd,
    port: 0,
    audience: { tell: () => {}, isPending: () => false, show: async () => {} },
    // A test goes through the pages faster than a person does.
    settings: { api: { requestsPerSecond: 1000, burst: 5000 } },
  });
  return {
    ...served,
    async api(person, method, path, body) {
      const response = await fetch(`${served.origin}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await served.issuer.tokenFor(person)}`,
          ...(method === 'GET' ? {} : { 'idempotency-key': crypto.randomUUID() }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    async close() {
      await served.close();
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
