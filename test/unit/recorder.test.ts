import { record } from '../../functions/recorder/recorder';
import { contractNews } from '../../shared/contracts/contract-news';
import { logicBench } from '../support/logic-bench';
import { moved } from '../support/stores-bench';

const news = (status: string, rev: number) => ({
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

describe('a message about a contract', () => {
  const body = (detail: unknown) => JSON.stringify({ detail: { detail } });
  test('is read with what it lacks made plain', () => {
    expect(contractNews(body(news('approved', 2)))).toEqual(news('approved', 2));
    expect(contractNews(body({ contractId: 'C1' }))).toEqual({
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
