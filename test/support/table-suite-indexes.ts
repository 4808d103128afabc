import { sks, type TableBench } from './table-bench';

export function describeIndexes(bench: TableBench): void {
  const { it, table, pk, key, put, update, everyPage } = bench;
  describe(`${bench.name}: indexes`, () => {
    it('gives keys only, of the items that have both attributes, in the order of the index', async () => {
      const shard = `OPEN#${pk()}`;
      await put({ openPk: shard, openSk: '2', a: 1, listPk: `LIST#${pk()}`, listSk: '9' }, 'A');
      await put({ openPk: shard, openSk: '1', a: 1 }, 'B');
      await put({ openPk: shard, a: 1 }, 'C');
      await put({ listPk: `LIST#${pk()}`, listSk: '8' }, 'D');
      expect((await table().query({ pk: shard, index: 'open' })).items).toEqual([
        { ...key('B'), openPk: shard, openSk: '1' },
        { ...key('A'), openPk: shard, openSk: '2' },
      ]);
      const list = await table().query({ pk: `LIST#${pk()}`, index: 'list', newestFirst: true });
      expect(sks(list.items)).toEqual(['A', 'D']);
    });

    it('follows changes of its keys', async () => {
      const shard = `OPEN#${pk()}`;
      await put({ openPk: shard, openSk: '1' }, 'A');
      await put({ openPk: shard, openSk: '2' }, 'B');
      await update({ update: { set: [[['openSk'], '3']] } }, 'A');
      expect(sks((await table().query({ pk: shard, index: 'open' })).items)).toEqual(['B', 'A']);
      await update({ update: { remove: [['openPk'], ['openSk']] } }, 'A');
      await table().write([{ kind: 'delete', key: key('B') }]);
      expect((await table().query({ pk: shard, index: 'open' })).items).toEqual([]);
    });

    it('pages through equal sort keys without gap or repetition', async () => {
      const shard = `OPEN#${pk()}`;
      const all = ['A', 'B', 'C', 'D', 'E'];
      for (const sk of all) await put({ openPk: shard, openSk: 'same' }, sk);
      for (const newestFirst of [false, true]) {
        const found = await everyPage({ pk: shard, index: 'open', limit: 2, newestFirst });
        expect(sks(found).sort()).toEqual(all);
      }
    });

    it('takes ranges on its own sort key', async () => {
      const shard = `LIST#${pk()}`;
      for (const n of [1, 2, 3]) await put({ listPk: shard, listSk: `2024-0${n}` }, `S${n}`);
      expect(sks((await table().query({ pk: shard, index: 'list', skFrom: '2024-02' })).items)).toEqual([
        'S2',
        'S3',
      ]);
      expect(sks((await table().query({ pk: shard, index: 'list', skPrefix: '2024-01' })).items)).toEqual([
        'S1',
      ]);
    });
  });
}
