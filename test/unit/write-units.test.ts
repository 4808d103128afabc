import type { Item, Write } from '../../shared/ports/table';
import { itemSize } from '../../shared/stores/item-size';
import { createMemoryTable } from '../../shared/stores/memory-table';

const key = { pk: 'CONTRACT#1', sk: 'CONTRACT' };

function bench(...items: readonly Item[]) {
  const consumed: [number, string, string][] = [];
  const table = createMemoryTable({
    clock: { now: () => 0 },
    onConsumed: (units, kind, { pkPrefix }) => consumed.push([units, kind, pkPrefix]),
  });
  table.load(items);
  const units = async (...writes: readonly Write[]) => {
    consumed.length = 0;
    await table.write(writes);
    return consumed.map(([count]) => count);
  };
  return { consumed, units };
}
/** An item of exactly `bytes`. */
const sized = (bytes: number, sk = 'CONTRACT'): Item => {
  const item = { ...key, sk, text: '' };
  return { ...item, text: 'x'.repeat(bytes - itemSize(item)) };
};

describe('the size of an item', () => {
  const cases: readonly (readonly [string, Omit<Item, 'pk' | 'sk'>, number])[] = [
    ['its keys: names and values', {}, 0],
    ['a text in UTF-8', { é: '𝄞x' }, 2 + 5],
    ['a number: a byte for two digits, and one', { n: 12345 }, 1 + 3 + 1],
    ['a number without its zeros', { n: 1_200_000, m: 0.0012 }, 2 + 2 * 2],
    ['zero', { n: 0 }, 1 + 1],
    ['a negative number, one more', { n: -7 }, 1 + 1 + 1 + 1],
    ['null and booleans', { a: null, b: true }, 2 + 2],
    ['a set: its members', { s: new Set(['ab', 'c']) }, 1 + 3],
    ['an empty list and an empty map', { l: [], m: {} }, 2 + 3 + 3],
    ['a list: 3, and 1 for each element', { l: ['ab', 'c'] }, 1 + 3 + 2 + 3],
    ['a map: 3, and 1 for each name', { m: { ab: 'c' } }, 1 + 3 + 1 + 3],
  ];
  it.each(cases)('counts %s', (_what, attributes, bytes) => {
    expect(itemSize({ pk: 'p', sk: 's', ...attributes })).toBe(4 + 2 + bytes);
  });
});

describe('write units', () => {
  it('are one for each started KB', async () => {
    const { units } = bench();
    expect(await units({ kind: 'put', item: sized(1024) })).toEqual([1]);
    expect(await units({ kind: 'put', item: sized(1025) })).toEqual([2]);
  });

  it('are of the larger item, before or after', async () => {
    const { units } = bench(sized(3000));
    expect(await units({ kind: 'put', item: sized(100) })).toEqual([3]);
    expect(await units({ kind: 'delete', key })).toEqual([1]);
    expect(await units({ kind: 'delete', key })).toEqual([1]);
  });

  it('count a write that changes nothing', async () => {
    const { units } = bench(sized(2000));
    expect(await units({ kind: 'update', key, update: { remove: [['gone']] } })).toEqual([2]);
  });

  it('count a write whose condition failed, by the larger of what is and what was to be', async () => {
    const { units } = bench(sized(1500));
    const condition = { op: 'absent', path: ['pk'] } as const;
    expect(await units({ kind: 'delete', key, condition })).toEqual([2]);
    expect(
      await units({ kind: 'put', item: { ...sized(2500), openPk: 'o', openSk: 'o' }, condition }),
    ).toEqual([3]);
  });

  it('are doubled in a transaction, a check as well', async () => {
    const { units, consumed } = bench(sized(1500));
    const check = { kind: 'check', key, condition: { op: 'exists', path: ['pk'] } } as const;
    expect(await units(check, { kind: 'put', item: { pk: 'POOL', sk: 'POOL' } })).toEqual([4, 2]);
    expect(consumed.map(([, kind, prefix]) => [kind, prefix])).toEqual([
      ['transaction', 'CONTRACT'],
      ['transaction', 'POOL'],
    ]);
    expect(await units(check)).toEqual([4]);
  });

  it('count an index entry that is put, moved or taken away, once also in a transaction', async () => {
    const { units } = bench();
    const indexed = { ...key, openPk: 'OPEN#1', openSk: '1', listPk: 'LIST', listSk: '1' };
    expect(await units({ kind: 'put', item: indexed })).toEqual([1 + 2]);
    expect(await units({ kind: 'put', item: { ...indexed, other: 1 } })).toEqual([1]);
    expect(await units({ kind: 'update', key, update: { set: [[['openSk'], '2']] } })).toEqual([1 + 2]);
    const close: Write = { kind: 'update', key, update: { remove: [['openPk'], ['openSk']] } };
    expect(await units(close, { kind: 'put', item: { ...key, sk: 'OUTCOME' } })).toEqual([2 + 1, 2]);
    expect(await units({ kind: 'delete', key })).toEqual([1 + 1]);
  });
});
