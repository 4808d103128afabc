import {
  HEARTBEAT_MS,
  LOOK_EVERY_MS,
  MOST_BEHIND,
  STREAM_LIFE_MS,
} from '../../functions/notices-stream/notices';
import { openStream } from '../../functions/notices-stream/notices-stream';
import { Notice } from '../../shared/contracts/notice';
import type { Item } from '../../shared/ports/table';
import { findingIdOf, findingStore } from '../../shared/stores/finding-store';
import { buildRebootPlan, START } from '../support/builders/plan';
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

describe('who is told what', () => {
  const told = async (who: ReturnType<typeof person>) => {
    const bench = streamBench();
    await bench.awaiting(buildRebootPlan());
    await bench.control.set(true, why('STOP'));
    await bench.quarantine.put(
      {
        id: 'a'.repeat(40),
        code: 'TOO_DEEP',
        message: 'too deep',
        excerpt: '[[[',
        receivedAt: START,
        findings: [],
      },
      why('TOO_DEEP'),
    );
    await bench.closings.close(1, undefined, why('a key may be known'));
    await bench.note(1);
    await bench.sequence();
    const { size } = await bench.log.head();
    const frames = await framesUntil(bench.open({ person: who, after: -1 }), (so) =>
      so.some((frame) => heard(frame).id === size - 1 && heard(frame).name !== 'ready'),
    );
    return noticesIn(frames).map((notice) =>
      notice.kind === 'contract' ? `contract ${notice.request?.you ?? 'seen'}` : notice.kind,
    );
  };

  test.each<[string, ReturnType<typeof person>, readonly string[]]>([
    [
      'a viewer: that contracts move, not their requests',
      VIEWER,
      ['mission', 'contract seen', 'contract seen', 'control'],
    ],
    [
      'an approver who is asked: the contract with its request',
      ANA,
      ['contract may_decide', 'contract may_decide', 'control'],
    ],
    [
      'an approver who is excluded: that it is there',
      person('mallory', 'approver'),
      ['contract excluded', 'contract excluded', 'control'],
    ],
    ['an approver whom it does not name: nothing of it', person('zoe', 'approver'), ['control']],
    ['one who was asked and is no approver any more: nothing of it', person('ana'), []],
    [
      'an operator: contracts and quarantine',
      person('ola', 'operator'),
      ['mission', 'contract seen', 'contract seen', 'control', 'quarantine'],
    ],
    [
      'an auditor: everything',
      person('aud', 'auditor'),
      ['mission', 'contract observer', 'contract observer', 'control', 'quarantine', 'epoch'],
    ],
    [
      'an administrator: everything',
      person('root', 'administrator'),
      ['mission', 'contract observer', 'contract observer', 'control', 'quarantine', 'epoch'],
    ],
    [
      'somebody for emergencies: what an emergency is about',
      person('eva', 'emergency'),
      ['mission', 'contract observer', 'contract observer', 'control'],
    ],
  ])('%s', async (_title, who, expected) => {
    expect((await told(who)).sort()).toEqual([...expected].sort());
  });
});

test('of an epoch that was closed an auditor hears which one, and where the next begins; not who did it', async () => {
  const bench = streamBench();
  await bench.note(1);
  await bench.closings.close(1, undefined, { ...why('a key may be known'), actor: 'mallory' });
  await bench.sequence();
  const frames = await framesUntil(bench.open({ person: person('aud', 'auditor'), after: -1 }), (so) =>
    so.some((frame) => heard(frame).name === 'epoch'),
  );
  expect(noticesIn(frames)).toEqual([
    { kind: 'epoch', seq: 1, at: expect.any(String), event: 'audit.epoch_closed', epoch: 1 },
  ]);
  expect((await bench.log.head()).base).toBe(1);
  expect(frames.join('')).not.toMatch(/mallory|known/);
});

describe('what goes on beside contracts', () => {
  const EVERYBODY = [
    VIEWER,
    ANA,
    person('ben', 'approver'),
    person('zoe', 'approver'),
    person('ola', 'operator'),
    person('aud', 'auditor'),
    person('root', 'administrator'),
    person('eva', 'emergency'),
  ];
  /** Who is told of the changes that `act` makes, and how often; in what words of `say`. */
  async function toldOf(
    act: (bench: ReturnType<typeof streamBench>) => Promise<unknown>,
    say: (notice: Notice) => string | undefined,
  ): Promise<Record<string, string[]>> {
    const bench = streamBench();
    await act(bench);
    await bench.note(9);
    await bench.sequence();
    const { size } = await bench.log.head();
    const told: Record<string, string[]> = {};
    for (const who of EVERYBODY) {
      const frames = await framesUntil(bench.open({ person: who, after: -1 }), (so) =>
        so.some((frame) => heard(frame).id === size - 1 && heard(frame).name !== 'ready'),
      );
      const words = noticesIn(frames).flatMap((notice) => say(notice) ?? []);
      if (words.length > 0) told[who.subject] = words;
    }
    return told;
  }

  test('a delegation is news for both of its people, whatever their part, and for who oversees', async () => {
    const told = await toldOf(
      async ({ delegations }) => {
        await delegations.give(
          { delegator: 'ana', delegate: 'ben', until: START + 1 },
          why('away', START, 'ana'),
        );
        await delegations.revoke('ana', why('back', START, 'ana'));
      },
      (notice) => (notice.kind === 'delegation' ? `${notice.event} ${notice.you}` : undefined),
    );
    const both = (you: string) => [`approval.delegated ${you}`, `approval.delegation_revoked ${you}`];
    expect(told).toEqual({
      ana: both('delegator'),
      ben: both('delegate'),
      aud: both('observer'),
      root: both('observer'),
    });
  });

  test('names nobody, and gives nobody’s reason', async () => {
    const bench = streamBench();
    const { delegations } = bench;
    await delegations.give(
      { delegator: 'ana', delegate: 'ben', until: START + 1 },
      why('ill at home', START, 'ana'),
    );
    await bench.sequence();
    const frames = await framesUntil(bench.open({ person: person('aud', 'auditor'), after: -1 }), (so) =>
      so.some((frame) => heard(frame).name === 'delegation'),
    );
    expect(frames.join('')).not.toMatch(/ana|ben|ill at home/);
  });

  test('a review is news for those who may look at it, and for whom the glass is', async () => {
    const told = await toldOf(
      async ({ approvals, reviews, awaiting }) => {
        const contract = await awaiting(buildRebootPlan());
        await approvals.breakGlass(contract, contract.planHash, why('down', START, 'eva'));
        await reviews.close('C1', why('it was right', START, 'ana'));
      },
      (notice) => (notice.kind === 'review' ? `${notice.event} ${notice.contractId}` : undefined),
    );
    const both = ['approval.review_opened C1', 'approval.review_closed C1'];
    expect(told).toEqual({ ana: both, ben: both, zoe: both, aud: both, root: both, eva: both });
  });

  test('a finding about the log is news for those who keep it, when it is found and when it is closed', async () => {
    const finding = { kind: 'SEQ_GAP', pk: '', sk: '', seq: 3, detail: 'entry 3 is missing' } as const;
    const told = await toldOf(
      async ({ table }) => {
        const findings = findingStore(table);
        await findings.open(finding, why('SEQ_GAP'));
        await findings.close(findingIdOf(finding), why('understood', START, 'root'));
      },
      (notice) =>
        notice.kind === 'finding'
          ? `${notice.event} ${notice.findingId === findingIdOf(finding)}`
          : undefined,
    );
    const both = ['audit.anomaly_detected true', 'audit.finding_closed true'];
    expect(told).toEqual({ aud: both, root: both });
  });

  test('of a delegation whose entry does not say to whom, the delegator and who oversees hear', async () => {
    const told = await toldOf(
      async ({ table }) => {
        const change = {
          id: 'x',
          event: 'approval.delegated',
          actor: 'ana',
          reason: 'x',
          correlationId: 'x',
          at: 1,
        };
        await table.write([
          {
            kind: 'put',
            item: { pk: 'DELEGATION#ana', sk: 'DELEGATION', rev: 1, change } as unknown as Item,
          },
        ]);
      },
      (notice) => (notice.kind === 'delegation' ? notice.you : undefined),
    );
    expect(told).toEqual({ ana: ['delegator'], aud: ['observer'], root: ['observer'] });
  });
});
