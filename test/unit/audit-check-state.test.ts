import { FINDING_KINDS } from '../../shared/contracts/audit-findings';
import type { Item } from '../../shared/ports/table';
import { memoryScan } from '../../shared/stores/memory-scan';
import { CONTRACT, STEP, wholeLog } from '../support/whole-log';

const MINUTE = 60_000;

describe('what was done to the state table is found when it is seen twice', () => {
  it('an item that was edited, one that is gone, and one that was set back', async () => {
    const bench = await wholeLog();
    const kept = await bench.state.get(STEP);
    await bench.change(STEP, { n: 'newest' });
    await bench.stream();
    // By hand, and their records are lost.
    bench.state.load([{ ...((await bench.state.get(CONTRACT)) as Item), status: 'resolved' }]);
    bench.state.load([{ ...(kept as Item), n: 'older and other' }]);
    await bench.state.write([{ kind: 'delete', key: { pk: CONTRACT.pk, sk: 'PLAN' } }]);
    await bench.stream(() => true);
    expect((await bench.check(true)).opened.filter(({ kind }) => kind !== 'ORPHAN')).toEqual([]);
    await bench.stream();
    const { opened } = await bench.check(true);
    const found = opened.map(({ kind, sk }) => [kind, sk]).sort();
    expect(found).toEqual([
      ['IMAGE_DIFFERS', 'CONTRACT'],
      ['LOG_AHEAD', STEP.sk],
    ]);
  });

  it('an item that names what does not exist', async () => {
    const bench = await wholeLog();
    await bench.change({ pk: 'CONTRACT#other', sk: 'OUTCOME' });
    await bench.stream();
    const { opened } = await bench.check(true);
    expect(opened).toEqual([
      expect.objectContaining({
        kind: 'ORPHAN',
        pk: 'CONTRACT#other',
        sk: 'OUTCOME',
        detail: 'its contract is not there: CONTRACT#other CONTRACT',
      }),
    ]);
  });

  it('an item that the log says is there and that is gone, but not one whose removal was logged', async () => {
    const bench = await wholeLog();
    const other = { pk: CONTRACT.pk, sk: 'STEP#01#forward' };
    for (const key of [STEP, other]) await bench.change(key, { n: 'last' });
    await bench.stream();
    // Both by hand; of the first the record is lost as well.
    await bench.state.write([{ kind: 'delete', key: STEP }]);
    await bench.stream(() => true);
    await bench.state.write([{ kind: 'delete', key: other }]);
    await bench.stream();
    expect((await bench.check()).opened).toEqual([]);
    const { opened } = await bench.check();
    expect(opened.map(({ kind, sk }) => [kind, sk])).toEqual([['ITEM_GONE', STEP.sk]]);
  });

  it('an item that stands as it stood many changes ago is one that was set back, and has its old entry', async () => {
    const bench = await wholeLog();
    const key = { pk: CONTRACT.pk, sk: 'STEP#02#forward' };
    await bench.change(key);
    const first = (await bench.state.get(key)) as Item;
    for (let n = 0; n < 12; n += 1) await bench.change(key, { n });
    await bench.stream();
    await bench.check();
    await bench.stream();
    // By hand, and its record is lost.
    bench.state.load([first]);
    await bench.check(true);
    expect((await bench.check(true)).opened).toEqual([]);
  });

  it('by a reading of the whole table that goes on where the last call stopped, and begins again after a day', async () => {
    const bench = await wholeLog();
    for (let n = 0; n < 60; n += 1) await bench.change({ pk: CONTRACT.pk, sk: `STEP#${n + 10}#forward` });
    await bench.stream();
    await bench.check();
    await bench.stream();
    const pages: number[] = [];
    const scan = memoryScan(bench.state, 5);
    const check = async () => {
      let read = 0;
      const page: typeof scan.page = async (after) => {
        read += 1;
        return scan.page(after);
      };
      await bench.check(false, { scan: { page } });
      pages.push(read);
    };
    bench.pass(24 * 60 * MINUTE);
    for (let n = 0; n < 4; n += 1) await check();
    expect(pages.slice(0, 2)).toEqual([8, expect.any(Number)]);
    expect(pages[1]).toBeGreaterThan(0);
    expect(pages.slice(2)).toEqual([0, 0]);
  });

  it('an edit whose record only takes its time is no finding', async () => {
    const bench = await wholeLog();
    const item = (await bench.state.get(CONTRACT)) as Item;
    await bench.state.write([{ kind: 'put', item: { ...item, status: 'resolved' } }]);
    await bench.check(true);
    await bench.stream();
    expect((await bench.check(true)).opened).toEqual([]);
    // The hand itself is: the sequencer says so.
    expect(bench.published).toEqual(['CHANGE_NOT_NEW']);
  });
});

describe('freshness', () => {
  it('a check that had no time to look closes nothing', async () => {
    const bench = await wholeLog();
    bench.mute.add('relay');
    for (let n = 0; n < 3; n += 1) {
      bench.pass(15 * MINUTE);
      await bench.check();
      await bench.stream();
    }
    expect(await bench.open()).toContain('SILENT_SUBSYSTEM');
    bench.mute.clear();
    await bench.change(STEP);
    await bench.stream();
    await bench.canaries.answer('relay', { rev: 3, at: bench.checking.clock.now() });
    expect(await bench.check(false, { until: 0 })).toMatchObject({ done: false, closed: 0 });
    expect(await bench.open()).toContain('SILENT_SUBSYSTEM');
    expect((await bench.check()).closed).toBeGreaterThan(0);
  });

  it('a log without checkpoints is said to be without, until it is sealed', async () => {
    const bench = await wholeLog();
    const sealer = { seal: async () => undefined };
    await bench.change(STEP);
    await bench.stream();
    bench.pass(6 * MINUTE);
    const { opened } = await bench.check(false, { sealer });
    expect(opened.map(({ kind }) => kind)).toEqual(['STALE_CHECKPOINT']);
    await bench.stream();
    await bench.seal();
    expect((await bench.check()).closed).toBe(1);
  });

  it('a part that was given work and does nothing is named', async () => {
    const bench = await wholeLog();
    const change = (rev: number, event: string, actor: string) => ({
      id: `${rev}`,
      event,
      actor,
      reason: 'TEST',
      correlationId: 'c',
      at: bench.checking.clock.now(),
    });
    const key = { pk: 'CONTRACT#silent', sk: 'CONTRACT' };
    const plan = { pk: key.pk, sk: 'PLAN' };
    await bench.change(plan);
    await bench.state.write([
      { kind: 'put', item: { ...key, rev: 1, change: change(1, 'agentic.action_planned', 'sentinel') } },
    ]);
    await bench.stream();
    bench.pass(11 * MINUTE);
    const { opened } = await bench.check();
    expect(opened.filter(({ kind }) => kind === 'SILENT_SUBSYSTEM').map(({ pk }) => pk)).toEqual([
      'execution',
    ]);
    await bench.state.write([
      { kind: 'put', item: { ...key, rev: 2, change: change(2, 'contract.admitted', 'admit') } },
    ]);
    await bench.stream();
    await bench.check();
    expect(await bench.open()).not.toContain('SILENT_SUBSYSTEM');
  });
});

it('every code that passes by itself is one that the check can see pass', () => {
  const passing = Object.entries(FINDING_KINDS).flatMap(([kind, { passing }]) => (passing ? [kind] : []));
  expect(passing).toEqual(['UNSEQUENCED', 'STALE_LOG', 'STALE_CHECKPOINT', 'SILENT_SUBSYSTEM']);
});
