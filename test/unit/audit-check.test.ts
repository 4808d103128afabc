import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { FINDING_KINDS } from '../../shared/contracts/audit-findings';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { LATE_AFTER_MS, LOST_AFTER_MS } from '../../shared/domain/log-gap';
import type { Item } from '../../shared/ports/table';
import { entryKey, headKey } from '../../shared/stores/audit-rows';
import { auditStore } from '../../shared/stores/audit-store';
import { memoryScan } from '../../shared/stores/memory-scan';
import { type AuditBench, auditBench, tamper } from '../support/audit-bench';
import { allOf } from '../support/audit-scenario';

const MINUTE = 60_000;
const ID = '01K2Z8WQX3M5N7P9R1T3V5W7Y9';
const CONTRACT = { pk: `CONTRACT#${ID}`, sk: 'CONTRACT' };
const STEP = { pk: CONTRACT.pk, sk: 'STEP#00#forward' };

/** A whole log: items that need each other, changes, checked once and sealed. */
async function wholeLog(changes = 20): Promise<AuditBench> {
  const bench = auditBench();
  await bench.change({ pk: 'MISSION#01K2Z8WQX3M5N7P9R1T3V5W7ZZ', sk: 'MISSION' });
  await bench.change({ pk: CONTRACT.pk, sk: 'PLAN' });
  await bench.change(CONTRACT, { contractId: ID });
  for (let n = 0; n < changes; n += 1) await bench.change(STEP, { n });
  await bench.stream();
  for (let n = 0; n < 2; n += 1) {
    await bench.check();
    await bench.stream();
    await bench.seal();
  }
  return bench;
}

const edited = (row: Item): Item => ({
  ...row,
  body: String(row['body']).replace('GATE_PASSED', 'GATE_FAILED'),
});
const bodiesOf = async ({ log }: AuditBench) =>
  (await allOf(log.entries(0))).map(({ bytes }) => readAuditBody(bytes));

describe('a whole log', () => {
  it('has no findings, check after check, and full', async () => {
    const bench = await wholeLog();
    for (const full of [false, true, false]) {
      bench.pass(15 * MINUTE);
      expect(await bench.check(full)).toMatchObject({ opened: [], known: 0, done: true, filledIn: [] });
      await bench.stream();
      await bench.seal();
    }
    expect(await bench.open()).toEqual([]);
    expect(bench.published).toEqual([]);
  });

  it('is looked at from where the last check stopped: the cost follows what is new', async () => {
    const bench = await wholeLog(600);
    bench.pass(15 * MINUTE);
    await bench.change(STEP, { n: 601 });
    await bench.stream();
    const read: number[] = [];
    const log: typeof bench.log = {
      ...bench.log,
      entries: async function* (from, to) {
        for await (const entry of bench.log.entries(from, to)) {
          read.push(entry.seq);
          yield entry;
        }
      },
    };
    const { entries } = await bench.check(false, { log });
    expect(entries).toBe(1);
    // Once for what is new, once where it was sealed since, once to tell how long it has waited for a checkpoint.
    expect(read.length).toBeLessThanOrEqual(6);
  });

  it('is read in slices when much is new, and only the last one is held against the head', async () => {
    const bench = await wholeLog(2);
    for (let n = 0; n < 2100; n += 1) {
      await bench.change(STEP, { n });
      if (n % 49 === 0) await bench.stream();
    }
    await bench.stream();
    await bench.seal();
    const { opened, entries } = await bench.check();
    expect(opened).toEqual([]);
    expect(entries).toBe(2100);
  });

  it('is counted by hour and part, each entry but the canary’s once, however often and however many check', async () => {
    const bench = await wholeLog(5);
    bench.pass(15 * MINUTE);
    await bench.change(STEP);
    await bench.stream();
    const outputs = await Promise.all([bench.check(), bench.check(), bench.check()]);
    expect(outputs.filter(({ done }) => done).length).toBeGreaterThanOrEqual(1);
    await bench.stream();
    await bench.check(true);
    const hours = await bench.checking.progress.summaries('2026-01-05T00', '2026-01-06T00');
    const counted = hours.flatMap(({ activity }) => Object.values(activity)).reduce((a, b) => a + b, 0);
    const bodies = await bodiesOf(bench);
    expect(counted).toBe(bodies.filter(({ item }) => !item.pk.startsWith('CANARY#')).length);
  });

  it('is read whole in as many calls as there is time for, and each goes on where the last one stopped', async () => {
    const bench = await wholeLog(30);
    let calls = 0;
    const { now, sleep } = bench.checking.clock;
    const clock = { sleep, now: () => now() + calls++ };
    const first = await bench.check(true, { clock, until: now() + 5 });
    expect(first.done).toBe(false);
    let last = first;
    for (let n = 0; n < 20 && !last.done; n += 1) last = await bench.check(false);
    expect(last.done).toBe(true);
    expect((await bench.checking.progress.get()).rescan).toBeUndefined();
  });
});

describe('what was done to the log is found, named and said once', () => {
  const without = (bench: AuditBench, seqs: readonly number[]) => ({
    ...bench.log,
    entries: async function* (from: number, to?: number) {
      for await (const entry of bench.log.entries(from, to)) if (!seqs.includes(entry.seq)) yield entry;
    },
  });

  it('an edited entry: the chain, and the sealed copy', async () => {
    const bench = await wholeLog();
    await tamper(bench.audit, entryKey('grace', 7), edited);
    await bench.check(true);
    expect(await bench.open()).toEqual(['FORK_REFUSED', 'SEAL_DIFFERS', 'WRONG_LINK']);
    const kinds = (await bench.findings.list(9)).map(({ finding }) => [finding.kind, finding.seq]);
    expect(kinds.sort()).toEqual([
      ['FORK_REFUSED', 7],
      ['SEAL_DIFFERS', 7],
      ['WRONG_LINK', 7],
    ]);
    expect(await bench.check(true)).toMatchObject({ opened: [], known: 2 });
  });

  it('an entry that was deleted, and the reading goes on behind it', async () => {
    const bench = await wholeLog();
    const { opened, entries } = await bench.check(true, { log: without(bench, [4, 9]) });
    const chain = opened.filter(({ kind }) => !kind.startsWith('REV'));
    expect(chain.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['SEQ_GAP', 4],
      ['SEQ_GAP', 9],
    ]);
    expect(entries).toBeGreaterThan(20);
  });

  it('entries that were cut off, and a head that was set back behind what was read', async () => {
    const bench = await wholeLog();
    const size = (await bench.log.head()).size;
    const cut = await bench.check(true, { log: without(bench, [size - 2, size - 1]) });
    expect(cut.opened.map(({ kind, seq }) => [kind, seq])).toContainEqual(['TRUNCATED', size - 2]);
    const log = { ...bench.log, head: async () => ({ ...(await bench.log.head()), size: 5 }) };
    const { opened } = await bench.check(false, { log });
    expect(opened.map(({ kind, seq }) => [kind, seq])).toContainEqual(['TRUNCATED', 5]);
  });

  it('a head that names another last entry', async () => {
    const bench = await wholeLog();
    await tamper(bench.audit, headKey('grace'), (row) => ({
      ...row,
      link: String(row['link']).replace(/^./, 'B'),
    }));
    const { opened } = await bench.check(true);
    expect(opened.map(({ kind }) => kind)).toContain('HEAD_MISMATCH');
  });

  it('a change whose predecessor was never logged', async () => {
    const bench = await wholeLog(3);
    await bench.change(STEP, { n: 'lost' });
    bench.records.length = 0;
    await bench.change(STEP, { n: 'there' });
    await bench.stream();
    const rev = Number((await bench.state.get(STEP))?.['rev']);
    const { opened } = await bench.check();
    const gaps = opened.filter(({ kind }) => kind === 'REV_GAP');
    expect(gaps).toEqual([expect.objectContaining({ ...STEP, rev, detail: `rev ${rev - 1} has no entry` })]);
    // Made by hand, with any rev: what is wrong with it is said by the sequencer.
    await bench.state.write([{ kind: 'put', item: { pk: CONTRACT.pk, sk: 'HAND', rev: 7 } }]);
    await bench.stream();
    expect((await bench.check()).opened).toEqual([]);
  });

  it('times that go back, and times that cannot be', async () => {
    const bench = await wholeLog();
    // As somebody with the table writes them, chained and all: three entries of a clock that jumps.
    const jumps = [0, 24 * 60, -24 * 60];
    const log = auditStore(bench.audit, { clock: bench.checking.clock, random: () => 0 });
    for (const minutes of jumps) {
      bench.pass(minutes * MINUTE);
      await bench.change(STEP, { minutes });
      await log.append(bench.records.splice(0).map(attributeRecord), bench.checking.clock.now());
      await tamper(bench.audit, headKey('grace'), (row) => ({ ...row, sequencedAt: 0 }));
    }
    const { opened } = await bench.check();
    const size = (await log.head()).size;
    const times = opened.filter(({ kind }) => kind.startsWith('TIME'));
    expect(times.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['TIME_IMPLAUSIBLE', size - 2],
      ['TIME_REVERSED', size - 1],
    ]);
    // The latest time counts, not the last one.
    await bench.change(STEP);
    await log.append(bench.records.splice(0).map(attributeRecord), bench.checking.clock.now());
    expect((await bench.check()).opened.map(({ kind, seq }) => [kind, seq])).toContainEqual([
      'TIME_REVERSED',
      size,
    ]);
  });
});

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
    await bench.change(CONTRACT, { openPk: 'OPEN#0', openSk: ID });
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

describe('what is sealed', () => {
  it('is compared once it is, without a full check: an entry that was edited after it had been read', async () => {
    const bench = await wholeLog();
    await bench.change(STEP);
    await bench.stream();
    bench.pass(15 * MINUTE);
    await bench.check(false, { sealer: { seal: async () => undefined } });
    const read = (await bench.checking.progress.get()).seq;
    await bench.seal();
    await tamper(bench.audit, entryKey('grace', read - 1), edited);
    const { opened, entries } = await bench.check();
    expect(entries).toBe(0);
    expect(opened.map(({ kind, seq }) => [kind, seq])).toContainEqual(['SEAL_DIFFERS', read - 1]);
  });

  it('is compared with the link of the entry as well as with its bytes', async () => {
    const bench = await wholeLog(3);
    const { size } = await bench.log.head();
    await tamper(bench.audit, entryKey('grace', size - 1), (row) => ({
      ...row,
      link: String(row['link']).replace(/^./, (first) => (first === 'B' ? 'C' : 'B')),
    }));
    const { opened } = await bench.check(true);
    expect(opened.map(({ kind, seq }) => [kind, seq])).toContainEqual(['SEAL_DIFFERS', size - 1]);
  });

  it('and was spoilt differs, entry by entry; what is gone is missing, once', async () => {
    const of = async (change: (bytes: Uint8Array | undefined) => Uint8Array | undefined) => {
      const bench = await wholeLog(3);
      const read = async (name: string) => {
        const bytes = await bench.sealed.read(name);
        return name.includes('entries') ? change(bytes) : bytes;
      };
      const { opened, sealed } = await bench.check(true, { sealed: () => ({ ...bench.sealed, read }) });
      return { sealed, kinds: opened.map(({ kind }) => kind) };
    };
    const spoilt = await of((bytes) => bytes?.subarray(0, bytes.length - 3));
    expect(spoilt.kinds).toEqual(Array(spoilt.sealed).fill('SEAL_DIFFERS'));
    expect((await of(() => undefined)).kinds).toEqual(['SEAL_MISSING']);
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
