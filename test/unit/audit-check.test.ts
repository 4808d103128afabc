import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { entryKey, headKey } from '../../shared/stores/audit-rows';
import { auditStore } from '../../shared/stores/audit-store';
import { type AuditBench, tamper } from '../support/audit-bench';
import { bodiesOf, CONTRACT, edited, STEP, wholeLog } from '../support/whole-log';

const MINUTE = 60_000;

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
