import type { Write } from '../../shared/ports/table';
import type { TableBench } from './table-bench';

export function describeTransactions(bench: TableBench): void {
  const { it, table, pk, key, put, refused, everyPage } = bench;
  describe(`${bench.name}: transactions`, () => {
    it('does all writes when all conditions hold', async () => {
      await put({ n: 1 }, 'UPDATED');
      await put({ n: 1 }, 'DELETED');
      await put({ n: 1 }, 'CHECKED');
      const result = await table().write([
        { kind: 'put', item: { ...key('NEW'), n: 1 }, condition: { op: 'absent', path: ['pk'] } },
        {
          kind: 'update',
          key: key('UPDATED'),
          update: { add: [['n', 1]] },
          condition: { op: '=', path: ['n'], value: 1 },
        },
        { kind: 'delete', key: key('DELETED') },
        { kind: 'check', key: key('CHECKED'), condition: { op: '=', path: ['n'], value: 1 } },
      ]);
      expect(result).toEqual({ ok: true });
      expect((await table().query({ pk: pk() })).items).toEqual([
        { ...key('CHECKED'), n: 1 },
        { ...key('NEW'), n: 1 },
        { ...key('UPDATED'), n: 2 },
      ]);
    });

    it('does nothing when one condition fails, and tells every failed one with its old item', async () => {
      await put({ n: 1 }, 'B');
      const result = await table().write([
        { kind: 'put', item: { ...key('A'), n: 9 } },
        {
          kind: 'update',
          key: key('B'),
          update: { add: [['n', 1]] },
          condition: { op: '=', path: ['n'], value: 2 },
        },
        { kind: 'check', key: key('C'), condition: { op: 'exists', path: ['pk'] } },
        { kind: 'delete', key: key('D'), condition: { op: 'absent', path: ['pk'] } },
      ]);
      expect(result).toEqual({
        ok: false,
        failed: [
          { index: 1, item: { ...key('B'), n: 1 } },
          { index: 2, item: undefined },
        ],
      });
      expect((await table().query({ pk: pk() })).items).toEqual([{ ...key('B'), n: 1 }]);
    });

    it('does nothing when one update is wrong for its item', async () => {
      await put({ text: 'x' }, 'B');
      await refused(
        table().write([
          { kind: 'put', item: { ...key('A') } },
          { kind: 'update', key: key('B'), update: { add: [['text', 1]] } },
        ]),
      );
      expect((await table().query({ pk: pk() })).items).toEqual([{ ...key('B'), text: 'x' }]);
    });

    it('takes 100 writes', async () => {
      const writes = Array.from(
        { length: 100 },
        (_, i): Write => ({ kind: 'put', item: { ...key(String(i).padStart(3, '0')) } }),
      );
      expect(await table().write(writes)).toEqual({ ok: true });
      expect(await everyPage({})).toHaveLength(100);
    });

    const increments = (by: number): readonly Write[] => [
      { kind: 'update', key: key('A'), update: { add: [['n', by]] } },
      { kind: 'update', key: key('B'), update: { add: [['n', by]], include: [['s', 'x']] } },
    ];

    it('does a repeated transaction once, by its token', async () => {
      const token = `close:${pk()}:${'long'.repeat(20)}`;
      expect(await table().write(increments(1), token)).toEqual({ ok: true });
      expect(await table().write(increments(1), token)).toEqual({ ok: true });
      expect(await table().get(key('A'))).toEqual({ ...key('A'), n: 1 });
      await table().write(increments(1), `${token}2`);
      await table().write(increments(1));
      expect(await table().get(key('A'))).toEqual({ ...key('A'), n: 3 });
    });

    it('refuses other writes under the same token', async () => {
      await table().write(increments(1), `token:${pk()}`);
      await refused(table().write(increments(2), `token:${pk()}`));
      expect(await table().get(key('A'))).toEqual({ ...key('A'), n: 1 });
    });

    it('forgets the token of a transaction that failed', async () => {
      const writes: readonly Write[] = [
        { kind: 'check', key: key('A'), condition: { op: 'exists', path: ['pk'] } },
        { kind: 'put', item: { ...key('B') } },
      ];
      expect((await table().write(writes, `token:${pk()}`)).ok).toBe(false);
      await put({});
      expect(await table().write(writes, `token:${pk()}`)).toEqual({ ok: true });
    });

    it('lets one of ten transactions for the same item through', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) =>
          table().write([
            { kind: 'put', item: { ...key('HEAD'), i }, condition: { op: 'absent', path: ['pk'] } },
            { kind: 'put', item: { ...key(`ENTRY#${i}`) } },
          ]),
        ),
      );
      expect(results.filter((result) => result.status === 'fulfilled' && result.value.ok).length).toBe(1);
      expect(await everyPage({ skPrefix: 'ENTRY#' })).toHaveLength(1);
    });
  });
}
