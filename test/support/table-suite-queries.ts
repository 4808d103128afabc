import type { QueryInput, Write } from '../../shared/ports/table';
import { sks, type TableBench } from './table-bench';

export function describeQueries(bench: TableBench): void {
  const { it, table, pk, key, put, refused, everyPage } = bench;
  describe(`${bench.name}: queries`, () => {
    const names = ['A', 'STEP#01', 'STEP#02', 'STEP#10', 'STEP$', 'a', 'é', '\uFFFD', '\u{1F600}'];
    beforeEach(async () => {
      await table().write(
        [...names].reverse().map((sk, n): Write => ({ kind: 'put', item: { ...key(sk), n } })),
      );
    });

    it('gives a partition in the order of UTF-8 bytes, with whole items', async () => {
      const { items } = await table().query({ pk: pk() });
      expect(sks(items)).toEqual(names);
      expect(items[0]).toEqual({ ...key('A'), n: names.length - 1 });
    });

    const ranges: readonly (readonly [string, Omit<QueryInput, 'pk'>, readonly string[]])[] = [
      ['newest first', { newestFirst: true, limit: 2 }, ['\u{1F600}', '\uFFFD']],
      ['by prefix', { skPrefix: 'STEP#' }, ['STEP#01', 'STEP#02', 'STEP#10']],
      [
        'by prefix, newest first',
        { skPrefix: 'STEP#', newestFirst: true },
        ['STEP#10', 'STEP#02', 'STEP#01'],
      ],
      ['from, inclusive', { skFrom: 'a' }, ['a', 'é', '\uFFFD', '\u{1F600}']],
      ['to, inclusive', { skTo: 'STEP#02' }, ['A', 'STEP#01', 'STEP#02']],
      ['between', { skFrom: 'B', skTo: 'STEP#02' }, ['STEP#01', 'STEP#02']],
      ['between, newest first', { skFrom: 'B', skTo: 'STEP#02', newestFirst: true }, ['STEP#02', 'STEP#01']],
      ['prefix and from', { skPrefix: 'STEP#', skFrom: 'STEP#02' }, ['STEP#02', 'STEP#10']],
      ['prefix and to', { skPrefix: 'STEP#', skTo: 'STEP#02' }, ['STEP#01', 'STEP#02']],
      [
        'prefix and bounds outside it',
        { skPrefix: 'STEP#', skFrom: 'A', skTo: 'z' },
        ['STEP#01', 'STEP#02', 'STEP#10'],
      ],
      ['nothing in between', { skFrom: 'C', skTo: 'D' }, []],
      ['bounds the wrong way round', { skFrom: 'b', skTo: 'a' }, []],
    ];
    for (const [what, query, expected] of ranges) {
      it(`finds ${what}`, async () => {
        expect(sks((await table().query({ pk: pk(), ...query })).items)).toEqual(expected);
      });
    }

    it('goes on from page to page without gap or repetition, both ways', async () => {
      for (const limit of [1, 2, 4, names.length]) {
        expect(sks(await everyPage({ limit }))).toEqual(names);
        expect(sks(await everyPage({ limit, newestFirst: true }))).toEqual([...names].reverse());
        expect(sks(await everyPage({ limit, skPrefix: 'STEP#' }))).toEqual(names.slice(1, 4));
      }
    });

    it('goes on after an item that has been deleted meanwhile', async () => {
      const first = await table().query({ pk: pk(), limit: 2 });
      await table().write([{ kind: 'delete', key: key('STEP#01') }]);
      const { items } = await table().query({ pk: pk(), limit: 1, after: first.next ?? '' });
      expect(sks(items)).toEqual(['STEP#02']);
    });

    it('ends a page at 1 MB and goes on', async () => {
      const big = 'x'.repeat(300 * 1024);
      for (let i = 0; i < 5; i++) await put({ big }, `BIG#${i}`);
      const page = await table().query({ pk: pk(), skPrefix: 'BIG#' });
      expect(page.items.length).toBeLessThan(5);
      expect(sks(await everyPage({ skPrefix: 'BIG#' }))).toEqual([0, 1, 2, 3, 4].map((i) => `BIG#${i}`));
    });

    it('refuses a limit of 0 and a foreign cursor', async () => {
      await refused(table().query({ pk: pk(), limit: 0 }));
      await refused(table().query({ pk: pk(), after: 'bm8' }));
    });
  });
}
