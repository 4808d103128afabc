import type { TableBench } from './table-bench';

export function describeUpdates(bench: TableBench): void {
  const { it, table, key, put, update, check, refused } = bench;
  describe(`${bench.name}: updates`, () => {
    it('makes an item that is not there', async () => {
      await update({ update: { set: [[['a'], 1]] } });
      expect(await table().get(key())).toEqual({ ...key(), a: 1 });
      await update({ update: { add: [['n', 2]], include: [['s', 'x']] } }, 'B');
      expect(await table().get(key('B'))).toEqual({ ...key('B'), n: 2, s: new Set(['x']) });
    });

    it('makes no item by taking away', async () => {
      await update({ update: { remove: [['a']] } });
      expect(await table().get(key())).toBeUndefined();
    });

    it('sets, removes, adds, includes and excludes in one update, and keeps the rest', async () => {
      await put({
        a: 1,
        b: 2,
        n: 5,
        s: new Set(['x']),
        t: new Set(['x', 'y']),
        rest: 'r',
        m: { k: 1, l: 2 },
      });
      await update({
        update: {
          set: [
            [['a'], 'new'],
            [['m', 'k'], { deep: [1] }],
          ],
          remove: [['b'], ['m', 'l'], ['never']],
          add: [['n', -7]],
          include: [
            ['s', 'y'],
            ['s', 'z'],
            ['s', 'x'],
          ],
          exclude: [['t', 'y']],
        },
      });
      expect(await table().get(key())).toEqual({
        ...key(),
        a: 'new',
        n: -2,
        s: new Set(['x', 'y', 'z']),
        t: new Set(['x']),
        rest: 'r',
        m: { k: { deep: [1] } },
      });
    });

    it('takes an emptied set away, and minds no absent member or set', async () => {
      await put({ s: new Set(['x', 'y']) });
      await update({
        update: {
          exclude: [
            ['s', 'x'],
            ['s', 'y'],
            ['s', 'z'],
          ],
        },
      });
      expect(await table().get(key())).toEqual(key());
      await update({ update: { exclude: [['s', 'x']] } });
      expect(await table().get(key())).toEqual(key());
      expect((await check({ op: 'absent', path: ['s'] })).ok).toBe(true);
    });

    it('adds in decimal', async () => {
      await put({ n: 0.1 });
      await update({ update: { add: [['n', 0.2]] } });
      expect(await table().get(key())).toEqual({ ...key(), n: 0.3 });
    });

    it('leaves an empty map when its last name is removed', async () => {
      await put({ m: { k: 1 } });
      await update({ update: { remove: [['m', 'k']] } });
      expect(await table().get(key())).toEqual({ ...key(), m: {} });
    });

    it('refuses a path into a map that is not there', async () => {
      await put({ text: 'x' });
      await refused(update({ update: { set: [[['m', 'k'], 1]] } }));
      await refused(update({ update: { set: [[['text', 'k'], 1]] } }));
      await refused(update({ update: { set: [[['m', 'k'], 1]] } }, 'B'));
      expect(await table().get(key())).toEqual({ ...key(), text: 'x' });
      expect(await table().get(key('B'))).toBeUndefined();
    });

    it('refuses to remove from a map that is not there', async () => {
      await put({ text: 'x' });
      await refused(update({ update: { remove: [['m', 'k']] } }));
    });

    it('refuses sums and members for what is no number or set', async () => {
      await put({ text: 'x', n: 1, nothing: null });
      await refused(update({ update: { add: [['text', 1]] } }));
      await refused(update({ update: { add: [['nothing', 1]] } }));
      await refused(update({ update: { include: [['n', 'x']] } }));
      await refused(update({ update: { exclude: [['text', 'x']] } }));
      expect(await table().get(key())).toEqual({ ...key(), text: 'x', n: 1, nothing: null });
    });

    it('looks at the condition before the update', async () => {
      await put({ text: 'x' });
      const result = await update({
        update: { add: [['text', 1]] },
        condition: { op: 'exists', path: ['gone'] },
      });
      expect(result.ok).toBe(false);
    });
  });
}
