import type { Key, Write } from '../../shared/ports/table';
import type { TableBench } from './table-bench';

export function describeRefusals(bench: TableBench): void {
  const { it, table, pk, key, put, update, refused } = bench;
  describe(`${bench.name}: refusals`, () => {
    const wrong: readonly (readonly [string, (at: Key) => readonly Write[]])[] = [
      ['no writes', () => []],
      ['an empty set', (at) => [{ kind: 'put', item: { ...at, s: new Set<string>() } }]],
      [
        'an empty set inside',
        (at) => [{ kind: 'update', key: at, update: { set: [[['m'], { s: new Set<string>() }]] } }],
      ],
      ['an empty sort key', ({ pk: p }) => [{ kind: 'put', item: { pk: p, sk: '' } }]],
      ['an empty partition key', () => [{ kind: 'delete', key: { pk: '', sk: 'A' } }]],
      ['a sort key of 1,025 bytes', ({ pk: p }) => [{ kind: 'put', item: { pk: p, sk: 'x'.repeat(1025) } }]],
      ['an empty key of an index', (at) => [{ kind: 'put', item: { ...at, openPk: '', openSk: 'x' } }]],
      ['a number as key of an index', (at) => [{ kind: 'put', item: { ...at, listPk: 'x', listSk: 7 } }]],
      ['an item over 400 KB', (at) => [{ kind: 'put', item: { ...at, text: 'x'.repeat(400 * 1024) } }]],
      ['a number that is none', (at) => [{ kind: 'put', item: { ...at, n: Number.NaN } }]],
      ['an integer that a double does not hold', (at) => [{ kind: 'put', item: { ...at, n: 2 ** 53 } }]],
      ['an update of the key', (at) => [{ kind: 'update', key: at, update: { set: [[['sk'], 'x']] } }]],
      ['an update without actions', (at) => [{ kind: 'update', key: at, update: {} }]],
      [
        'overlapping paths',
        (at) => [{ kind: 'update', key: at, update: { set: [[['a'], {}]], remove: [['a', 'b']] } }],
      ],
      [
        'an order of booleans',
        (at) => [{ kind: 'check', key: at, condition: { op: '<', path: ['a'], value: true } }],
      ],
      [
        'in of nothing',
        (at) => [{ kind: 'check', key: at, condition: { op: 'in', path: ['a'], values: [] } }],
      ],
      ['and of nothing', (at) => [{ kind: 'check', key: at, condition: { op: 'and', of: [] } }]],
      [
        'two writes on one item',
        (at) => [
          { kind: 'put', item: { ...at } },
          { kind: 'delete', key: at },
        ],
      ],
      [
        '101 writes',
        ({ pk: p }) => Array.from({ length: 101 }, (_, i) => ({ kind: 'put', item: { pk: p, sk: `${i}` } })),
      ],
    ];
    for (const [what, writes] of wrong) {
      it(`refuses ${what}`, async () => {
        await refused(table().write(writes(key())));
        expect((await table().query({ pk: pk() })).items).toEqual([]);
      });
    }

    it('refuses an update that makes an item too large, and keeps it as it was', async () => {
      await put({ a: 'x'.repeat(300 * 1024) });
      await refused(update({ update: { set: [[['b'], 'x'.repeat(101 * 1024)]] } }));
      expect(Object.keys((await table().get(key())) ?? {}).sort()).toEqual(['a', 'pk', 'sk']);
    });
  });
}
