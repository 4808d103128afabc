import {
  HEARTBEAT_MS,
  LOOK_EVERY_MS,
  MOST_BEHIND,
  STREAM_LIFE_MS,
} from '../../functions/notices-stream/notices';
import { openStream } from '../../functions/notices-stream/notices-stream';
import { Notice } from '../../shared/contracts/notice';
import { START } from '../support/builders/plan';
import {
  framesUntil,
  heard,
  noticesIn,
  person,
  streamBench,
  streamRequest,
  why,
} from '../support/stream-bench';

const ANA = person('ana', 'approver');
const VIEWER = person('vera', 'viewer');
const named = (frames: readonly string[]) => frames.map((frame) => heard(frame).name);

describe('a stream of notices', () => {
  test('begins with when to come again and `ready`, at the end of the log', async () => {
    const bench = streamBench();
    await bench.awaiting();
    await bench.sequence();
    const { size } = await bench.log.head();
    const frames = await framesUntil(bench.open({ person: VIEWER }), ({ length }) => length === 2);
    expect(heard(frames[0] as string).retry).toBeGreaterThanOrEqual(500);
    expect(heard(frames[1] as string)).toEqual({
      id: size - 1,
      name: 'ready',
      data: {
        position: size - 1,
        last: size - 1,
        endsAt: new Date(START + STREAM_LIFE_MS).toISOString(),
      },
    });
  });

  test('of an empty log is at -1, so that the first entry is not lost to who comes again', async () => {
    const bench = streamBench();
    const [, ready] = await framesUntil(bench.open({ person: VIEWER }), ({ length }) => length === 2);
    expect(heard(ready as string).id).toBe(-1);
    await bench.planned();
    await bench.sequence();
    const again = await framesUntil(
      bench.open({ person: VIEWER, after: -1 }),
      (frames) => noticesIn(frames).length === 2,
    );
    expect(noticesIn(again).map(({ event }) => event)).toContain('agentic.action_planned');
  });

  test('tells what is written while it is open, by the number of its audit entry', async () => {
    const bench = streamBench();
    await bench.sequence();
    bench.whileSleeping(async () => {
      await bench.awaiting();
      await bench.sequence();
    });
    const frames = await framesUntil(bench.open({ person: ANA }), (so) =>
      noticesIn(so).some(({ event }) => event === 'approval.requested'),
    );
    const asked = noticesIn(frames).at(-1) as Extract<Notice, { kind: 'contract' }>;
    expect(Notice.parse(asked)).toEqual(asked);
    expect(heard(frames.at(-1) as string).id).toBe(asked.seq);
    expect(asked).toMatchObject({
      status: 'awaiting_approval',
      rev: 2,
      request: { you: 'may_decide', approvals: 0, denials: 0 },
    });
  });

  test('says nothing of names, reasons, targets and tokens', async () => {
    const bench = streamBench();
    const contract = await bench.awaiting();
    await bench.contracts.vote(
      contract,
      { subject: 'ben', decision: 'approve', planHash: contract.planHash },
      undefined,
      why('the words of ben', START, 'ben'),
    );
    await bench.sequence();
    const frames = await framesUntil(
      bench.open({ person: person('root', 'administrator'), after: -1 }),
      (so) => noticesIn(so).some((notice) => notice.kind === 'contract' && notice.rev === 3),
    );
    const text = frames.join('');
    expect(text).toContain('"approvals":1');
    for (const secret of ['ben', 'words', 'mallory', 'i-0', 'token']) expect(text).not.toContain(secret);
  });

  test('lives through silence by heartbeats, which move a client on past what it is not shown', async () => {
    const bench = streamBench();
    await bench.sequence();
    bench.whileSleeping(async () => {
      for (let n = 0; n < 3; n += 1) await bench.note(n);
      await bench.sequence();
    });
    const frames = await framesUntil(bench.open({ person: VIEWER }), ({ length }) => length === 4);
    const beats = frames.slice(2).map(heard);
    expect(beats).toEqual([{ id: 2 }, { id: 2 }]);
    expect(bench.clock.now() - START).toBe(2 * HEARTBEAT_MS);
  });

  test('looks at most twice a second, at moments of chance', async () => {
    let looks = 0;
    for (const chance of [0, 0.5, 0.999]) {
      const bench = streamBench({ random: () => chance });
      await bench.sequence();
      const head = () => {
        looks += 1;
        return bench.log.head();
      };
      const log = { ...bench.log, head };
      const stream = openStream(streamRequest(VIEWER), { ...bench.deps, log }).frames;
      looks = 0;
      for await (const _ of stream) if (bench.clock.now() >= START + 2 * HEARTBEAT_MS) break;
      expect(looks).toBeLessThanOrEqual((2 * HEARTBEAT_MS) / LOOK_EVERY_MS + 4);
      expect(looks).toBeGreaterThan(HEARTBEAT_MS / LOOK_EVERY_MS - 4);
    }
  });

  test('ends with `bye` long before the platform would end it', async () => {
    const bench = streamBench();
    const whole = await framesUntil(bench.open({ person: VIEWER }), () => false);
    expect(heard(whole.at(-1) as string)).toMatchObject({ name: 'bye', data: { reason: 'TIME_OVER' } });
    expect(bench.clock.now()).toBeGreaterThanOrEqual(START + STREAM_LIFE_MS);
    expect(STREAM_LIFE_MS).toBeLessThan(15 * 60_000);
  });

  test('stops looking when its client has gone', async () => {
    const bench = streamBench();
    const gone = new AbortController();
    const stream = bench.open({ person: VIEWER }, gone.signal);
    await framesUntil(stream, ({ length }) => length === 2);
    bench.whileSleeping(() => gone.abort());
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(bench.clock.now() - START).toBeLessThanOrEqual(2 * LOOK_EVERY_MS);
  });

  test('is told to load anew where it cannot go on: another log, or too far behind', async () => {
    const bench = streamBench();
    await bench.awaiting();
    await bench.sequence();
    const ahead = await framesUntil(
      bench.open({ person: VIEWER, after: 9_999 }),
      ({ length }) => length === 3,
    );
    expect(named(ahead)).toEqual([undefined, 'reset', 'ready']);
    expect(heard(ahead[1] as string).data).toEqual({ reason: 'UNKNOWN_POSITION' });

    const { head } = bench.log;
    const grown = { ...bench.log, head: async () => ({ ...(await head()), size: MOST_BEHIND + 2 }) };
    const behind = await framesUntil(
      openStream(streamRequest(VIEWER, { lastEventId: '0' }), { ...bench.deps, log: grown }).frames[
        Symbol.asyncIterator
      ]() as AsyncGenerator<string>,
      ({ length }) => length === 3,
    );
    expect(heard(behind[1] as string)).toEqual({
      id: MOST_BEHIND + 1,
      name: 'reset',
      data: { reason: 'TOO_FAR_BEHIND' },
    });
  });

  test('goes on past a contract that was made by hand, and says so to the operator', async () => {
    const bench = streamBench();
    await bench.planned();
    await bench.sequence();
    const broken = { get: async () => (await import('../../shared/contracts/contract')).Contract.parse({}) };
    const frames = await framesUntil(
      openStream(streamRequest(VIEWER, { lastEventId: '-1' }), { ...bench.deps, contracts: broken }).frames[
        Symbol.asyncIterator
      ]() as AsyncGenerator<string>,
      (so) => so.some((frame) => heard(frame).id !== undefined && heard(frame).name === undefined),
    );
    expect(noticesIn(frames).map(({ kind }) => kind)).toEqual(['mission']);
    expect(bench.logs).toEqual([expect.objectContaining({ code: 'NOTICE_UNREADABLE' })]);
  });

  test('breaks off on a fault of the store, which is not the end of the news', async () => {
    const bench = streamBench();
    await bench.planned();
    await bench.sequence();
    const down = {
      get: async () => {
        throw new Error('the table does not answer');
      },
    };
    const { frames } = openStream(streamRequest(VIEWER, { lastEventId: '-1' }), {
      ...bench.deps,
      contracts: down,
    });
    await expect(framesUntil(frames as AsyncGenerator<string>, () => false)).rejects.toThrow(
      'does not answer',
    );
  });
});

describe('a request for the stream', () => {
  const { deps } = streamBench();
  const bodyOf = async (frames: AsyncIterable<string>) => {
    const [body] = await framesUntil(frames as AsyncGenerator<string>, () => false);
    return JSON.parse(body as string);
  };

  test.each(['', ' 1', '1.5', '-2', '01', '1e3', '9'.repeat(16), 'abc', '1\nevent: x', '\u0661'])(
    'with %j as its last event id is refused',
    async (lastEventId) => {
      const { statusCode, headers, frames } = openStream(streamRequest(VIEWER, { lastEventId }), deps);
      expect(statusCode).toBe(400);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(await bodyOf(frames)).toMatchObject({ code: 'INVALID_HEADER', correlationId: 'c-1' });
    },
  );

  test('has its last event id in the header, else in the query', async () => {
    const inQuery = { ...streamRequest(VIEWER), query: { lastEventId: ['x'] } };
    expect(openStream(inQuery, deps).statusCode).toBe(400);
    expect(openStream({ ...inQuery, headers: { 'last-event-id': '0' } }, deps).statusCode).toBe(200);
  });

  test('of nobody is answered with what is wrong with the token, of somebody without a role with 403', async () => {
    const caller = { kind: 'nobody', code: 'TOKEN_EXPIRED' } as const;
    const unknown = openStream(streamRequest(VIEWER, { caller }), deps);
    expect(unknown.statusCode).toBe(401);
    expect(await bodyOf(unknown.frames)).toMatchObject({ code: 'TOKEN_EXPIRED' });
    expect(openStream(streamRequest(person('nobody')), deps).statusCode).toBe(403);
  });

  test('is answered as an event stream that nothing on the way may keep, readable by the console’s pages', () => {
    const from = (origin: string) =>
      openStream({ ...streamRequest(VIEWER, { lastEventId: '0' }), headers: { origin } }, deps);
    expect(from('https://console.acme.com')).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'access-control-allow-origin': 'https://console.acme.com',
      },
    });
    expect(from('https://evil.com').headers).not.toHaveProperty('access-control-allow-origin');
  });
});
