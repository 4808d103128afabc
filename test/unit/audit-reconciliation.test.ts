import { LATE_AFTER_MS, LOST_AFTER_MS } from '../../shared/domain/log-gap';
import type { Item } from '../../shared/ports/table';
import { memoryScan } from '../../shared/stores/memory-scan';
import { bodiesOf, CONTRACT, CONTRACT_ID, STEP, wholeLog } from '../support/whole-log';

const MINUTE = 60_000;

describe('reconciliation', () => {
  it('leaves a record that is on its way alone', async () => {
    const bench = await wholeLog();
    await bench.change(STEP, { n: 'late' });
    bench.pass(LATE_AFTER_MS - MINUTE);
    expect(await bench.check(true)).toMatchObject({ filledIn: [], opened: [] });
  });

  it('fills in the last change of an item, once, and the record that comes after all says nothing new', async () => {
    const bench = await wholeLog();
    await bench.change(STEP, { n: 'late' });
    const late = [...bench.records];
    bench.pass(LATE_AFTER_MS);
    bench.records.length = 0;
    const { filledIn, opened } = await bench.check(true);
    const rev = Number((await bench.state.get(STEP))?.['rev']);
    expect(filledIn).toEqual([{ ...STEP, rev, lost: 0, seq: expect.any(Number) }]);
    expect(opened.map(({ kind }) => kind)).toContain('FILLED_IN');
    const entry = (await bodiesOf(bench)).find(({ seq }) => seq === filledIn[0]?.seq);
    expect(entry).toMatchObject({
      item: STEP,
      rev,
      attributed: true,
      actor: 'arn:aws:sts::123456789012:assumed-role/grace-executor/grace',
      eventId: expect.stringMatching(/^reconciled:/),
    });
    const { size } = await bench.log.head();
    bench.records.push(...late);
    await bench.stream((record) => !late.includes(record));
    expect((await bench.log.head()).size).toBe(size);
    await bench.stream();
    expect((await bench.check(true)).filledIn).toEqual([]);
  });

  it('says that several are missing, waits as long as the stream may still have them, then records them as lost', async () => {
    const bench = await wholeLog();
    const before = Number((await bench.state.get(STEP))?.['rev']);
    for (let n = 0; n < 3; n += 1) await bench.change(STEP, { lost: n });
    const late = bench.records.slice(0, 1);
    bench.records.length = 0;
    bench.pass(LATE_AFTER_MS);
    expect(await bench.check(true)).toMatchObject({
      filledIn: [],
      opened: [expect.objectContaining({ kind: 'UNSEQUENCED' })],
    });
    await bench.stream();
    bench.pass(LOST_AFTER_MS);
    const { filledIn, opened } = await bench.check(true);
    expect(filledIn).toEqual([{ ...STEP, rev: before + 3, lost: 2, seq: expect.any(Number) }]);
    expect(opened.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['RECORDED_LOST', 'FILLED_IN']));
    const bodies = (await bodiesOf(bench)).filter(({ item }) => item.sk === STEP.sk);
    expect(bodies.slice(-3).map(({ rev, event, fault }) => [rev, event, fault])).toEqual([
      [before + 1, 'item.lost', 'LOST'],
      [before + 2, 'item.lost', 'LOST'],
      [before + 3, 'agentic.action_executing', undefined],
    ]);
    expect(bench.published).toEqual(['LOST', 'LOST']);
    // Next time the item is as logged, and what passed is closed; what was lost stays.
    await bench.stream();
    await bench.seal();
    await bench.check(true);
    expect(await bench.open()).toEqual(['FILLED_IN', 'RECORDED_LOST']);
    // One of them turns up: it is logged beside its place, and everybody can see that it was late.
    bench.records.push(...late);
    await bench.stream((record) => !late.includes(record));
    expect((await bodiesOf(bench)).at(-1)).toMatchObject({
      rev: before + 1,
      fault: 'LATE',
      attributed: false,
    });
  });

  it('tells once what was filled in: a full check does not open again what a person has closed', async () => {
    const bench = await wholeLog();
    await bench.change(STEP, { n: 'late' });
    bench.records.length = 0;
    bench.pass(LATE_AFTER_MS);
    await bench.check(true);
    await bench.stream();
    const [filled] = (await bench.findings.list(9)).filter(({ finding }) => finding.kind === 'FILLED_IN');
    await bench.findings.close(filled?.findingId ?? '', { actor: 'ana', reason: 'looked', at: 1 });
    await bench.stream();
    await bench.check(true);
    expect(await bench.open()).not.toContain('FILLED_IN');
  });

  it('looks at every open contract, whatever else the log tells of', async () => {
    const bench = await wholeLog();
    await bench.change(CONTRACT, { openPk: 'OPEN#0', openSk: CONTRACT_ID });
    await bench.stream();
    await bench.check();
    bench.pass(MINUTE);
    await bench.change(CONTRACT, { n: 'lost' });
    bench.records.length = 0;
    await bench.stream();
    await bench.check();
    bench.pass(LATE_AFTER_MS);
    await bench.stream();
    expect((await bench.check()).filledIn).toEqual([expect.objectContaining({ ...CONTRACT, lost: 0 })]);
  });

  it('asks the sequencer for as many as it takes at once, and for the others the next time', async () => {
    const bench = await wholeLog();
    const keys = Array.from({ length: 130 }, (_, n) => ({ pk: CONTRACT.pk, sk: `STEP#${n + 10}#forward` }));
    for (const key of keys) await bench.change(key);
    bench.records.length = 0;
    bench.pass(LATE_AFTER_MS);
    const asked: number[] = [];
    const sequencer = {
      fillIn: async (of: readonly { pk: string; sk: string }[]) => {
        asked.push(of.length);
        return bench.checking.sequencer.fillIn(of);
      },
    };
    let filled = 0;
    for (let n = 0; n < 3; n += 1) {
      filled += (await bench.check(true, { sequencer, scan: memoryScan(bench.state, 500) })).filledIn.length;
      await bench.stream();
    }
    expect(Math.max(...asked)).toBe(100);
    expect(filled).toBe(130);
  });

  it('records very many lost revs by several calls, and the change itself after the last of them', async () => {
    const bench = await wholeLog(3);
    const item = (await bench.state.get(STEP)) as Item;
    const from = Number(item['rev']);
    const change = { ...(item['change'] as object), at: bench.checking.clock.now() };
    bench.state.load([{ ...item, rev: from + 450, change } as Item]);
    bench.pass(LOST_AFTER_MS);
    const filledIn = (await bench.check(true)).filledIn.map(({ rev, lost }) => [rev - from, lost]);
    expect(filledIn).toEqual([
      [400, 400],
      [450, 49],
    ]);
    const revs = (await bodiesOf(bench)).flatMap(({ item: of, rev }) => (of.sk === STEP.sk ? [rev] : []));
    expect(revs).toEqual(revs.map((_, n) => n + 1));
    // What was filled in while the new entries were read is read by the next check.
    await bench.stream();
    await bench.check();
    const told = (await bench.findings.list(20)).map(({ finding }) => [finding.kind, finding.rev]);
    expect(told).toContainEqual(['RECORDED_LOST', from + 450]);
    expect(told).toContainEqual(['FILLED_IN', from + 450]);
  });

  it('says that a change is missing until it is there, also when the item changes again meanwhile', async () => {
    const bench = await wholeLog();
    for (let n = 0; n < 2; n += 1) await bench.change(STEP, { lost: n });
    bench.records.length = 0;
    bench.pass(LATE_AFTER_MS);
    await bench.check(true);
    expect(await bench.open()).toEqual(['UNSEQUENCED']);
    await bench.stream();
    // Its newest change is on its way, and what was missing is no less missing.
    await bench.change(STEP, { n: 'new' });
    bench.records.length = 0;
    await bench.check();
    expect(await bench.open()).toEqual(['UNSEQUENCED']);
  });

  it('loses nothing while a consumer is stopped, says that it is behind, and is quiet when it has caught up', async () => {
    const bench = await wholeLog();
    for (let n = 0; n < 40; n += 1) {
      await bench.change(n % 2 === 0 ? STEP : CONTRACT, { n });
      bench.pass(MINUTE);
    }
    bench.pass(20 * MINUTE);
    await bench.check(true);
    expect(await bench.open()).toEqual(['STALE_LOG', 'UNSEQUENCED', 'UNSEQUENCED']);
    bench.pass(15 * MINUTE);
    await bench.check();
    // The canary of the check before has not come back.
    expect(await bench.open()).toContain('SILENT_SUBSYSTEM');
    await bench.stream();
    await bench.check(true);
    await bench.stream();
    await bench.seal();
    const bodies = await bodiesOf(bench);
    for (const key of [STEP, CONTRACT]) {
      const revs = bodies
        .filter(({ item }) => item.sk === key.sk && item.pk === key.pk)
        .map(({ rev }) => rev);
      expect(revs).toEqual(revs.map((_, n) => n + 1));
      expect(revs.length).toBe(Number((await bench.state.get(key))?.['rev']));
    }
    bench.pass(15 * MINUTE);
    await bench.check(true);
    expect(await bench.open()).toEqual([]);
  });
});
