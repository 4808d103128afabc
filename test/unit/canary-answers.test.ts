import fc from 'fast-check';
import { admit } from '../../functions/admit/admit';
import { songNotice } from '../../shared/contracts/song-notice';
import { answerKey, canaryKey, checkCursorKey } from '../../shared/domain/keys';
import { songExecution, songOfExecution } from '../../shared/domain/song';
import { SINGERS } from '../../shared/domain/subsystems';
import type { Item } from '../../shared/ports/table';
import { canaryStore } from '../../shared/stores/canary-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { auditBench } from '../support/audit-bench';
import { logicBench } from '../support/logic-bench';
import { sentinelBench } from '../support/sentinel-bench';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const fail = async (): Promise<never> => {
  throw new Error('nobody asks the switch for a song');
};
const why = (at: number) => ({ actor: 'audit-check', reason: 'CANARY', at });
const message = (rev: unknown, source = 'grace') =>
  JSON.stringify({
    source,
    'detail-type': 'audit.canary',
    detail: {
      id: 'a'.repeat(64),
      type: 'audit.canary',
      version: 1,
      time: '2026-01-05T09:15:00.000Z',
      correlationId: 'canary',
      detail: { rev },
    },
  });

describe('a song that nobody sang', () => {
  it('is answered by nobody, and starts nothing', async () => {
    const it = sentinelBench();
    await it.canaries.sing(why(it.clock.now()));
    expect(await it.take(message(2))).toEqual({ decisions: [], failed: [] });
    expect(await it.canaries.answer('relay', { rev: 2, at: it.clock.now() })).toBeUndefined();
    expect(it.outside.executions.size).toBe(0);
    expect(it.items().map(({ pk }) => pk)).toEqual([canaryKey.pk]);
    // The real one.
    await it.take(message(1));
    expect(await it.table.get(answerKey('intake'))).toMatchObject({ song: 1, rev: 1 });
    expect(it.outside.executions.size).toBe(1);
  });

  it.each([0, -1, 1.5, '1', null, 2 ** 60, undefined])('is not one with rev %p', (rev) => {
    expect(songNotice(message(rev))).toBeUndefined();
  });

  it('is not one that comes from somebody else, nor one that says more', () => {
    expect(songNotice(message(1))).toEqual({ song: 1 });
    expect(songNotice(message(1, 'acme'))).toBeUndefined();
    expect(songNotice(message(1).replace('"rev":1', '"rev":1,"part":"relay"'))).toBeUndefined();
    expect(songNotice(message(1).slice(1))).toBeUndefined();
    expect(songNotice('{"source":"grace"}')).toBeUndefined();
  });

  it('is refused by admit, as one of another table is; a real one does nothing and is observed', async () => {
    const bench = { ...logicBench(), control: { switch: fail, set: fail, setFrom: fail } };
    await bench.canaries.sing(why(1_000_000));
    const of = async (series: number, rev: number) =>
      (await admit({ contractId: songExecution({ series, rev }) }, bench)).next;
    expect(await of(1_000_000, 2)).toBe('refused');
    expect(await of(2_000_000, 1)).toBe('refused');
    expect(await bench.canaries.answered('execution')).toMatchObject({ rev: 0 });
    expect(await of(1_000_000, 1)).toBe('observed');
    expect(await bench.canaries.answered('execution')).toMatchObject({ rev: 1 });
  });

  it('cannot be told from its execution’s name only when it is one: no contract is called like it', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 42), fc.integer({ min: 1, max: 10 ** 9 }), (series, rev) => {
        const name = songExecution({ series, rev });
        expect(songOfExecution(name)).toEqual({ series, rev });
        expect(name).toMatch(/^[a-z0-9-]{1,64}$/);
      }),
    );
    expect(songOfExecution('01K2Z8WQX3M5N7P9R1T3V5W7Y9')).toBeUndefined();
  });
});

describe('songs that come twice and out of order', () => {
  it('start an execution each, once, also when an older one comes again after a newer', async () => {
    const it = sentinelBench();
    for (const rev of [1, 2]) {
      it.clock.set(it.clock.now() + 15 * MINUTE);
      await it.canaries.sing(why(it.clock.now()));
      for (const again of [rev, 1]) await it.take(message(again));
    }
    expect([...it.outside.executions.keys()].map((name) => songOfExecution(name)?.rev)).toEqual([1, 2]);
    expect(await it.canaries.answered('intake')).toMatchObject({ rev: 2 });
  });

  it('are answered each once, never back to an older one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 30 }), async (deliveries) => {
        const changes: unknown[] = [];
        const table = createMemoryTable({
          clock: { now: () => 0 },
          onChange: ({ after }) => void changes.push(after?.['song']),
        });
        const canaries = canaryStore(table);
        for (let n = 1; n <= 8; n += 1) await canaries.sing(why(n));
        changes.length = 0;
        await Promise.all(deliveries.map((rev) => canaries.answer('views', { rev, at: rev })));
        const answered = changes.filter((song): song is number => typeof song === 'number');
        expect(answered).toEqual([...new Set(answered)].sort((a, b) => a - b));
        expect((await canaries.answered('views')).rev).toBe(Math.max(0, ...deliveries));
        expect((await table.get(answerKey('views')))?.['rev'] ?? 0).toBe(answered.length);
      }),
    );
  });
});

describe('what only looks like the canary', () => {
  it('is counted: a hand on its items, and another item’s change that calls itself so', async () => {
    const bench = auditBench();
    await bench.check();
    await bench.stream();
    const answer = (await bench.state.get(answerKey('relay'))) as Item;
    const change = { ...(answer['change'] as object), id: 'by hand' };
    await bench.state.write([{ kind: 'put', item: { ...answer, rev: 50, change } as Item }]);
    await bench.change({ pk: 'MISSION#m', sk: 'MISSION' }, {}, { event: 'audit.canary', actor: 'recorder' });
    await bench.stream();
    bench.pass(15 * MINUTE);
    await bench.check();
    const hours = await bench.checking.progress.summaries('2026-01-05T00', '2026-01-06T00');
    expect(hours.map(({ activity, failures }) => [activity, failures])).toEqual([
      [{ relay: 1, views: 1 }, { relay: 1 }],
    ]);
  });
});

describe('an answer that the log lacks', () => {
  it('is filled in, and is no silence of the part that gave it', async () => {
    const bench = auditBench();
    await bench.check();
    await bench.stream(({ keys }) => keys.pk === answerKey('relay').pk);
    bench.pass(15 * MINUTE);
    bench.mute.add('relay');
    const { filledIn, opened } = await bench.check();
    expect(filledIn).toEqual([expect.objectContaining(answerKey('relay'))]);
    expect(opened.map(({ kind }) => kind)).toContain('FILLED_IN');
    expect(opened.map(({ kind }) => kind)).not.toContain('SILENT_SUBSYSTEM');
  });
});

describe('the clock of a song', () => {
  const silent = async (bench: ReturnType<typeof auditBench>) =>
    (await bench.findings.list(100)).flatMap(({ status, finding }) =>
      status === 'open' && finding.kind === 'SILENT_SUBSYSTEM' ? [finding.pk] : [],
    );
  const turn = async (bench: ReturnType<typeof auditBench>) => {
    bench.pass(15 * MINUTE);
    await bench.stream();
    await bench.check();
    await bench.stream();
  };

  it('begins with the first song, so that an upgrade raises nothing', async () => {
    const bench = auditBench();
    for (const part of SINGERS) bench.mute.add(part);
    await bench.check();
    expect(await bench.open()).toEqual([]);
    await turn(bench);
    // Those whose budget is shorter than a turn; the execution was not asked.
    expect((await silent(bench)).sort()).toEqual(['intake', 'relay']);
  });

  it('begins anew where the last check was of a version whose canary nobody answered', async () => {
    const bench = auditBench();
    await turn(bench);
    await turn(bench);
    const cursor = (await bench.state.get(checkCursorKey)) as Item;
    const song = (await bench.state.get(canaryKey)) as Item;
    const { songs: _songs, ...oldCursor } = cursor;
    const { series: _series, ...oldSong } = song;
    const canary = { rev: Number(song['rev']), at: bench.checking.clock.now() };
    await bench.state.write([{ kind: 'put', item: { ...oldCursor, canary } as Item }]);
    bench.state.load([oldSong as Item]);
    for (const part of SINGERS) await bench.state.write([{ kind: 'delete', key: answerKey(part) }]);
    bench.records.length = 0;
    bench.pass(20 * MINUTE);
    await bench.check();
    expect(await silent(bench)).toEqual([]);
    expect(await bench.state.get(canaryKey)).toMatchObject({
      rev: canary.rev + 1,
      series: expect.any(Number),
    });
    await turn(bench);
    expect(await silent(bench)).toEqual([]);
    expect((await bench.canaries.answered('views')).rev).toBe(canary.rev + 2);
  });

  it('of the log runs for its budget: what was sung a moment ago may be on its way', async () => {
    const bench = auditBench();
    await bench.check();
    bench.pass(9 * MINUTE);
    await bench.check(false, { canaries: { ...bench.canaries, sing: fail } }).catch(() => undefined);
    expect(await silent(bench)).toEqual([]);
    bench.pass(2 * MINUTE);
    await bench.check();
    expect(await silent(bench)).toEqual(['audit']);
  });

  it('of the execution begins when the intake passes the song on, however long that was silent', async () => {
    const bench = auditBench();
    await turn(bench);
    for (const part of ['intake', 'execution'] as const) bench.mute.add(part);
    for (let n = 0; n < 3; n += 1) await turn(bench);
    expect(await silent(bench)).toEqual(['intake']);
    bench.pass(15 * MINUTE);
    // Back, and has this moment started the execution of the last song.
    const rev = Number((await bench.state.get(canaryKey))?.['rev']);
    await bench.canaries.answer('intake', { rev, at: bench.checking.clock.now() });
    bench.mute.delete('intake');
    await bench.stream();
    await bench.check();
    expect(await silent(bench)).toEqual([]);
    await turn(bench);
    expect(await silent(bench)).toEqual(['execution']);
  });

  it('does not run while nobody checks: after a pause of everything nothing is raised that was well before', async () => {
    const bench = auditBench();
    await turn(bench);
    await turn(bench);
    // Sung, and everything is asleep before anybody answered.
    for (const part of SINGERS) bench.mute.add(part);
    await turn(bench);
    bench.pass(8 * HOUR);
    bench.mute.clear();
    await bench.stream();
    await bench.check();
    expect(await silent(bench)).toEqual([]);
    await turn(bench);
    expect(await silent(bench)).toEqual([]);
  });

  it('and a part that was silent before the pause is still named after it', async () => {
    const bench = auditBench();
    await turn(bench);
    bench.mute.add('views');
    for (let n = 0; n < 3; n += 1) await turn(bench);
    expect(await silent(bench)).toEqual(['views']);
    bench.pass(8 * HOUR);
    await bench.check();
    expect(await silent(bench)).toEqual(['views']);
  });
});
