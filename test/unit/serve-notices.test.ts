import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiRequest } from '../../cli/serve/http';
import { streamNotices } from '../../cli/serve/notices';
import type { SimulatedPorts } from '../../cli/simulator/ports';
import { parseSettings } from '../../shared/contracts/settings';
import { heard, noticesIn, person, streamBench } from '../support/stream-bench';

/** The stream behind a real server; whoever looks at the log again does it at the next turn. */
async function withServer(use: (bench: ServerBench) => Promise<void>): Promise<void> {
  const bench = streamBench();
  let looks = 0;
  const clock = {
    now: Date.now,
    sleep: () =>
      new Promise<void>((resolve) => {
        looks += 1;
        setImmediate(resolve);
      }),
  };
  const ports = {
    state: bench.table,
    audit: bench.auditTable,
    clock,
    random: () => 0.5,
    logger: bench.deps.logger,
    ids: { next: () => 'c-1' },
    settings: parseSettings({}),
  } as unknown as SimulatedPorts;
  const running: Promise<void>[] = [];
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const asked = apiRequest(incoming, url, Buffer.alloc(0));
    const caller = { kind: 'person' as const, person: person('ola', 'operator'), token: 't' };
    running.push(streamNotices({ ...asked, caller }, response, ports));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = async (headers: Record<string, string> = {}, path = '/api/approvals/stream') => {
    const outgoing = send({ port, host: '127.0.0.1', path, headers });
    outgoing.on('error', () => undefined);
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    incoming.setEncoding('utf8');
    return incoming;
  };
  try {
    await use({ ...bench, connect, running, looks: () => looks });
  } finally {
    server.closeAllConnections();
    server.close();
    await Promise.allSettled(running);
  }
}
interface ServerBench extends ReturnType<typeof streamBench> {
  readonly connect: (headers?: Record<string, string>, path?: string) => Promise<IncomingMessage>;
  readonly running: readonly Promise<void>[];
  readonly looks: () => number;
}

/** Reads on from where it stood, until it has heard enough or the answer ends. */
async function blocks(
  incoming: IncomingMessage,
  enough: (so: readonly string[]) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  let rest = '';
  while (!enough(found)) {
    const part = incoming.read() as string | null;
    if (part === null) {
      if (incoming.readableEnded) throw new Error(`the answer ended after ${found.join('')}`);
      await Promise.race([once(incoming, 'readable'), once(incoming, 'end')]);
      continue;
    }
    rest += part;
    for (let end = rest.indexOf('\n\n'); end !== -1 && !enough(found); end = rest.indexOf('\n\n')) {
      found.push(rest.slice(0, end + 2));
      rest = rest.slice(end + 2);
    }
  }
  return found;
}

test('news arrive while the answer is open, and go on after the last id over a new connection', async () => {
  await withServer(async (bench) => {
    const first = await bench.connect();
    expect(first.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await blocks(first, ({ length }) => length === 2);
    await bench.planned();
    await bench.sequence();
    const told = await blocks(first, (so) => noticesIn(so).length === 1);
    const lastEventId = String(heard(told.at(-1) as string).id);
    first.destroy();

    const second = await bench.connect({ 'last-event-id': lastEventId });
    const rest = await blocks(second, (so) => noticesIn(so).length === 1);
    second.destroy();
    const third = await bench.connect({}, `/api/approvals/stream?lastEventId=${lastEventId}`);
    expect(noticesIn(await blocks(third, (so) => noticesIn(so).length === 1))).toEqual(noticesIn(rest));
    third.destroy();
    expect([...noticesIn(told), ...noticesIn(rest)].map(({ kind }) => kind).sort()).toEqual([
      'contract',
      'mission',
    ]);
  });
});

test('a client that goes ends its stream, which then looks no more', async () => {
  await withServer(async (bench) => {
    const incoming = await bench.connect();
    await blocks(incoming, ({ length }) => length === 2);
    incoming.destroy();
    await Promise.all(bench.running);
    const looks = bench.looks();
    for (let n = 0; n < 50; n += 1) await new Promise(setImmediate);
    expect(bench.looks()).toBe(looks);
  });
});

test('a wrong last event id is answered as a problem, at once', async () => {
  await withServer(async (bench) => {
    const incoming = await bench.connect({ 'last-event-id': 'x' });
    expect(incoming.statusCode).toBe(400);
    let body = '';
    for await (const part of incoming) body += part;
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'INVALID_HEADER' });
  });
});
