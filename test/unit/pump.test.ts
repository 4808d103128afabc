import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pump } from '../../shared/runtime/pump';

async function served(
  answer: (response: ServerResponse) => void,
  use: (incoming: IncomingMessage) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const sent = httpRequest({ port, host: '127.0.0.1' });
    sent.end();
    const [incoming] = (await once(sent, 'response')) as [IncomingMessage];
    await use(incoming);
    sent.destroy();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Numbered frames; counts how many were asked for. */
function numbered(total: number, size: number) {
  const seen = { asked: 0, ended: false };
  async function* frames() {
    try {
      for (let n = 0; n < total; n += 1) {
        seen.asked += 1;
        yield `${n}:${'x'.repeat(size)}\n`;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, frames: frames() };
}

describe('frames written to a client', () => {
  test('arrive whole and in order at one that reads slowly, and are asked for no faster than it reads', async () => {
    const { seen, frames } = numbered(400, 64 * 1024);
    let end: Promise<unknown> = Promise.resolve();
    await served(
      (response) => {
        end = pump(frames, response).then((how) => response.end() && how);
      },
      async (incoming) => {
        // Nothing is read: what the sockets hold is all that was asked for.
        let before = -1;
        while (seen.asked !== before) {
          before = seen.asked;
          for (let n = 0; n < 200; n += 1) await new Promise(setImmediate);
        }
        expect(seen.asked).toBeLessThan(300);
        let text = '';
        for await (const part of incoming) text += String(part);
        const numbers = text
          .trim()
          .split('\n')
          .map((line) => Number(line.split(':')[0]));
        expect(numbers).toEqual(Array.from({ length: 400 }, (_, n) => n));
      },
    );
    await end;
    expect(seen).toEqual({ asked: 400, ended: true });
  });

  test('stop when the client goes', async () => {
    const { seen, frames } = numbered(10_000, 64 * 1024);
    let end: Promise<unknown> = Promise.resolve();
    await served(
      (response) => {
        end = pump(frames, response);
      },
      async (incoming) => {
        await once(incoming, 'data');
        incoming.destroy();
        expect(await end).toBe('gone');
      },
    );
    expect(seen.ended).toBe(true);
    expect(seen.asked).toBeLessThan(10_000);
  });

  test('stop for a client that takes nothing', async () => {
    const { seen, frames } = numbered(10, 10);
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined });
    expect(await pump(frames, stuck, { drainMs: 5 })).toBe('too_slow');
    expect(seen).toEqual({ asked: 1, ended: true });
  });

  test('fail as the frames do', async () => {
    async function* failing() {
      yield 'a';
      throw new Error('the log is not there');
    }
    const taken = new Writable({ write: (_chunk, _encoding, done) => done() });
    await expect(pump(failing(), taken)).rejects.toThrow('the log is not there');
  });
});
