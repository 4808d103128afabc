import type { TableBench } from './table-bench';

export function describeItems(bench: TableBench): void {
  const { it, table, key, put } = bench;
  describe(`${bench.name}: items`, () => {
    it('gives undefined for an item that is not there', async () => {
      expect(await table().get(key())).toBeUndefined();
    });

    it('gives back every type as it was put, without undefined attributes', async () => {
      const item = {
        text: 'žluť 𝄞',
        empty: '',
        number: -1.5e-7,
        zero: 0,
        yes: true,
        nothing: null,
        set: new Set(['b', 'a', '']),
        list: [1, 'x', [], { deep: new Set(['y']) }],
        map: { inner: { 'dotted.name': 1, size: 'reserved word' }, gone: undefined },
        gone: undefined,
      };
      await put(item);
      const { gone: _, ...kept } = item;
      expect(await table().get(key())).toStrictEqual({ ...key(), ...kept, map: { inner: item.map.inner } });
    });

    it('replaces the whole item on put', async () => {
      await put({ a: 1, b: 2 });
      await put({ b: 3 });
      expect(await table().get(key())).toEqual({ ...key(), b: 3 });
    });

    it('hands out copies: changing one changes nothing in the table', async () => {
      const given = { map: { a: 1 }, set: new Set(['x']) };
      await put(given);
      given.map.a = 2;
      given.set.add('y');
      const read = (await table().get(key())) as unknown as typeof given;
      read.map.a = 3;
      read.set.add('z');
      expect(await table().get(key())).toEqual({ ...key(), map: { a: 1 }, set: new Set(['x']) });
    });

    it('deletes an item, and does not mind one that is not there', async () => {
      await put({ a: 1 });
      expect(await table().write([{ kind: 'delete', key: key() }])).toEqual({ ok: true });
      expect(await table().write([{ kind: 'delete', key: key() }])).toEqual({ ok: true });
      expect(await table().get(key())).toBeUndefined();
    });
  });
}
