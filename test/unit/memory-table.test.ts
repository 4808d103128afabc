import fc from 'fast-check';
import type { ChangeRecord, Item, Write } from '../../shared/ports/table';
import { StoreRequestError } from '../../shared/stores/errors';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { answer, keyOf, randomWrites } from '../support/random-writes';
import { describeTable } from '../support/table-suite';

const key = { pk: 'CONTRACT#1', sk: 'CONTRACT' };
const other = { pk: 'CONTRACT#1', sk: 'PLAN' };

function bench() {
  const clock = {
    time: 1_700_000_000_000,
    now() {
      return clock.time;
    },
  };
  const records: ChangeRecord[] = [];
  const table = createMemoryTable({ clock, onChange: (record) => records.push(record) });
  return { clock, records, table };
}

describeTable('the table in memory', async () => bench().table);

describe('change records of the table in memory', () => {
  it('carry keys, both images, an id and the time', async () => {
    const { table, records, clock } = bench();
    await table.write([{ kind: 'put', item: { ...key, n: 1 } }]);
    clock.time += 1;
    await table.write([{ kind: 'update', key, update: { add: [['n', 1]] } }]);
    await table.write([{ kind: 'delete', key }]);
    const after = { ...key, n: 2 };
    expect(records).toEqual([
      {
        eventId: 'change-1',
        keys: key,
        before: undefined,
        after: { ...key, n: 1 },
        expired: false,
        at: clock.time - 1,
      },
      { eventId: 'change-2', keys: key, before: { ...key, n: 1 }, after, expired: false, at: clock.time },
      { eventId: 'change-3', keys: key, before: after, after: undefined, expired: false, at: clock.time },
    ]);
  });

  it('are not made when nothing changes', async () => {
    const { table, records } = bench();
    await table.write([{ kind: 'put', item: { ...key, s: new Set(['x', 'y']), m: { a: 1, b: [] } } }]);
    records.length = 0;
    await table.write([{ kind: 'put', item: { m: { b: [], a: 1 }, s: new Set(['y', 'x']), ...key } }]);
    await table.write([{ kind: 'update', key, update: { set: [[['m', 'a'], 1]], include: [['s', 'x']] } }]);
    await table.write([{ kind: 'delete', key: other }]);
    await table.write([{ kind: 'update', key: other, update: { remove: [['a']] } }]);
    await table.write([{ kind: 'check', key, condition: { op: 'exists', path: ['s'] } }]);
    await table.write([{ kind: 'put', item: { ...key, n: 1 }, condition: { op: 'absent', path: ['pk'] } }]);
    expect(records).toEqual([]);
  });

  it('are one for each changed item of a transaction, and none for a failed or repeated one', async () => {
    const { table, records } = bench();
    const writes: readonly Write[] = [
      { kind: 'put', item: { ...key } },
      { kind: 'delete', key: { ...key, sk: 'GONE' } },
      { kind: 'put', item: { ...other } },
    ];
    await table.write(writes, 'token');
    await table.write(writes, 'token');
    await table.write([
      { kind: 'put', item: { ...key, n: 1 } },
      { kind: 'check', key: other, condition: { op: 'absent', path: ['pk'] } },
    ]);
    expect(records.map(({ keys }) => keys)).toEqual([key, other]);
  });

  it('cannot be used to change the table', async () => {
    const { table, records } = bench();
    await table.write([{ kind: 'put', item: { ...key, m: { a: 1 } } }]);
    (records[0]?.after?.m as { a: number }).a = 2;
    expect(await table.get(key)).toEqual({ ...key, m: { a: 1 } });
  });

  it('build the table anew when they are played back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomWrites, { maxLength: 20 }), async (calls) => {
        const { table, records } = bench();
        for (const writes of calls) await answer(table, writes);
        const replayed = new Map<string, Item>();
        for (const { keys, before, after } of records) {
          expect(replayed.get(JSON.stringify(keys))).toEqual(before);
          if (after === undefined) replayed.delete(JSON.stringify(keys));
          else replayed.set(JSON.stringify(keys), after);
        }
        expect(new Set(table.items())).toEqual(new Set(replayed.values()));
      }),
    );
  });
});

describe('the table in memory', () => {
  it('does all or nothing, whatever is written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomWrites, { maxLength: 12 }), randomWrites, async (calls, last) => {
        const { table } = bench();
        for (const writes of calls) await answer(table, writes);
        const before = table.items();
        const result = await answer(table, last);
        if (result === 'refused' || !(result as { ok: boolean }).ok)
          return expect(table.items()).toEqual(before);
        const touched = new Set(last.map((write) => JSON.stringify(keyOf(write))));
        const rest = (items: readonly Item[]) =>
          items.filter(({ pk, sk }) => !touched.has(JSON.stringify({ pk, sk })));
        expect(rest(table.items())).toEqual(rest(before));
      }),
    );
  });

  it('forgets a token after ten minutes', async () => {
    const { table, clock } = bench();
    const writes: readonly Write[] = [key, other].map((at) => ({
      kind: 'update',
      key: at,
      update: { add: [['n', 1]] },
    }));
    await table.write(writes, 'token');
    clock.time += 10 * 60_000 - 1;
    await table.write(writes, 'token');
    expect(await table.get(key)).toEqual({ ...key, n: 1 });
    clock.time += 1;
    await table.write(writes, 'token');
    expect(await table.get(key)).toEqual({ ...key, n: 2 });
  });

  it('takes the same writes for the same request, whatever the order inside', async () => {
    const { table } = bench();
    const put = (m: Item['m'], s: string[]): readonly Write[] => [
      { kind: 'put', item: { ...key, m, s: new Set(s) } },
      { kind: 'put', item: { ...other } },
    ];
    await table.write(put({ a: 1, b: undefined, c: 2 }, ['x', 'y']), 'token');
    expect(await table.write(put({ c: 2, a: 1 }, ['y', 'x']), 'token')).toEqual({ ok: true });
    await expect(table.write(put({ c: 2, a: 2 }, ['y', 'x']), 'token')).rejects.toThrow(
      'IdempotentParameterMismatch',
    );
  });

  it('loads items without records and gives them all back', async () => {
    const { table, records } = bench();
    table.load([{ ...key, openPk: 'OPEN', openSk: '1' }, { ...other }]);
    expect(table.items()).toEqual([{ ...key, openPk: 'OPEN', openSk: '1' }, other]);
    expect((await table.query({ pk: 'OPEN', index: 'open' })).items).toHaveLength(1);
    expect(records).toEqual([]);
  });

  it('removes what has expired, not what expires now, later, or more than five years ago', async () => {
    const { table, records, clock } = bench();
    const now = clock.time / 1000;
    const times = { past: now - 1, now, later: now + 1, mistake: now - 6 * 365 * 86_400, text: 'x' };
    table.load(Object.entries(times).map(([sk, ttl]) => ({ pk: 'P', sk, ttl })));
    expect(table.removeExpired()).toBe(1);
    expect(records).toMatchObject([{ keys: { pk: 'P', sk: 'past' }, expired: true, after: undefined }]);
    expect(table.items().map(({ sk }) => sk)).toEqual(['now', 'later', 'mistake', 'text']);
  });

  it('refuses what a map of JavaScript cannot hold safely, and types that DynamoDB has not', async () => {
    const { table } = bench();
    const wrong: readonly unknown[] = [
      JSON.parse('{"__proto__":1}'),
      { a: new Date() },
      { a: 1n },
      { a: () => 1 },
      { a: '\uD800' },
    ];
    for (const item of wrong) {
      await expect(table.write([{ kind: 'put', item: { ...key, m: item as Item } }])).rejects.toThrow(
        StoreRequestError,
      );
    }
  });
});
