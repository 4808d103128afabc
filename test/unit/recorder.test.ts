import { record } from '../../functions/recorder/recorder';
import { contractNews } from '../../shared/contracts/contract-news';
import { buildRebootPlan, START } from '../support/builders/plan';
import { logicBench } from '../support/logic-bench';
import { moved } from '../support/stores-bench';

const news = (status: string, rev: number, event = 'contract.verifying', at = START) => ({
  event,
  at,
  contractId: 'C1',
  missionId: 'mission-of-C1',
  status,
  rev,
});

describe('the recorder', () => {
  test('notes how a contract of a mission stands', async () => {
    const bench = logicBench();
    await bench.planned();
    const deps = { ...bench, playbooks: bench.playbooks };
    expect(await record(news('approved', 2), deps)).toBe('noted');
    expect(await bench.missions.get('mission-of-C1')).toMatchObject({
      contracts: { C1: { status: 'approved', rev: 2 } },
    });
  });

  test('counts an end once, however often it is told', async () => {
    const counted: string[] = [];
    const bench = logicBench();
    moved(await bench.ended(await bench.approved(), 'stale', 'RECOVERED'));
    const metrics = { ...bench.metrics, count: (name: string) => void counted.push(name) };
    const deps = { ...bench, metrics };
    expect(await record(news('stale', 3), deps)).toBe('counted');
    expect(await record(news('stale', 3), deps)).toBe('counted');
    expect(counted).toEqual(['grace_contracts_ended_total']);
    expect(await bench.playbooks.statistics('scale-out')).toMatchObject({ notTaken: 1 });
    expect((await bench.missions.get('mission-of-C1'))?.status).toBe('ended');
  });

  test('waits for the outcome of an end, and passes over a word that is no status', async () => {
    const bench = logicBench();
    await bench.planned();
    await expect(record(news('resolved', 9), bench)).rejects.toThrow('without an outcome');
    expect(await record(news('vote', 10), bench)).toBe('no_news');
    expect(await record(news('', 10), bench)).toBe('no_news');
  });
});

describe('a request for approval', () => {
  async function asked(tell: readonly ReturnType<typeof news>[]) {
    const bench = logicBench();
    await bench.awaiting(buildRebootPlan());
    const measured: unknown[] = [];
    const metrics = {
      count: (...given: unknown[]) => void measured.push(given),
      record: (...given: unknown[]) => void measured.push(given),
    };
    for (const one of tell) await record(one, { ...bench, metrics });
    return measured;
  }
  const requested = news('awaiting_approval', 2, 'approval.requested');
  const REQUESTED = ['grace_approvals_requested_total', { tier: '2' }];
  const answered = (outcome: string, seconds: number) => [
    'grace_approval_latency_seconds',
    seconds,
    'Seconds',
    { outcome },
  ];

  test('is counted by its tier, once, and its answer by the seconds that it took', async () => {
    const granted = news('approved', 4, 'approval.granted', START + 90_500);
    expect(await asked([requested, requested, granted, granted])).toEqual([
      REQUESTED,
      answered('granted', 90.5),
    ]);
  });

  test('is counted anew for a fresh plan, and not when it is escalated, replanned or called off', async () => {
    const told = [
      'approval.escalated',
      'approval.replan_requested',
      'approval.requested',
      'approval.cancelled',
    ];
    const tell = told.map((event, n) => news('awaiting_approval', 3 + n, event));
    expect(await asked([requested, ...tell])).toEqual([REQUESTED, REQUESTED]);
  });

  test('that is answered on a clock that is behind took no time', async () => {
    expect(await asked([news('approved', 3, 'approval.granted', START - 5)])).toEqual([
      answered('granted', 0),
    ]);
  });

  test.each([
    ['approval.rejected', 'denied', 'rejected'],
    ['approval.expired', 'expired', 'expired'],
  ] as const)('that ends by %s is measured beside its end', async (event, status, outcome) => {
    const bench = logicBench();
    moved(await bench.ended(await bench.awaiting(buildRebootPlan({ expiresAt: START })), status, 'SAID_SO'));
    const measured: unknown[] = [];
    const metrics = { ...bench.metrics, record: (...given: unknown[]) => void measured.push(given) };
    expect(await record(news(status, 3, event, START + 3_600_000), { ...bench, metrics })).toBe('counted');
    expect(measured).toEqual([answered(outcome, 3600)]);
  });

  test('that cannot be read is told of again, and measured then', async () => {
    const bench = logicBench();
    await bench.awaiting(buildRebootPlan());
    const counted: string[] = [];
    const metrics = { ...bench.metrics, count: (name: string) => void counted.push(name) };
    const broken = { get: () => Promise.reject(new Error('no table')) };
    await expect(record(requested, { ...bench, metrics, contracts: broken })).rejects.toThrow('no table');
    await record(requested, { ...bench, metrics });
    expect(counted).toEqual(['grace_approvals_requested_total']);
  });
});

describe('a message about a contract', () => {
  const body = (detail: unknown, more: object = {}) => JSON.stringify({ detail: { ...more, detail } });
  test('is read with what it lacks made plain', () => {
    const { event, at, ...detail } = news('approved', 2, 'approval.granted');
    const envelope = { type: event, time: new Date(at).toISOString(), correlationId: 'C1' };
    expect(contractNews(body(detail, envelope))).toEqual(news('approved', 2, 'approval.granted'));
    expect(contractNews(body({ contractId: 'C1' }))).toEqual({
      event: '',
      at: 0,
      contractId: 'C1',
      missionId: '',
      status: '',
      rev: 0,
    });
  });
  test('that is none of ours goes to the dead-letter queue', () => {
    for (const bad of ['', '{}', body({}), body({ contractId: 7 }), body({ contractId: 'x'.repeat(65) })])
      expect(() => contractNews(bad)).toThrow();
  });
});
