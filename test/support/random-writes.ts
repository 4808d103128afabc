import fc from 'fast-check';
import type { Attribute, Condition, Item, Key, Path, Table, Update, Write } from '../../shared/ports/table';
import { StoreRequestError } from '../../shared/stores/errors';

/** Few keys and few names, so that writes meet each other. */
const PARTITIONS = ['P', 'Q'];
const SORTS = ['A', 'B', 'C'];
const NAMES = ['n', 's', 'm', 'text'];

const scalar = fc.constantFrom<string | number | boolean | null>(0, 1, -2.5, 'x', 'y', '', true, false, null);
const stringSet = fc
  .uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 })
  .map((members) => new Set(members));
const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  stringSet,
  fc.array(scalar, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('k', 'l'), fc.oneof(scalar, stringSet)),
);
const path: fc.Arbitrary<Path> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES).map((name): Path => [name]) },
  fc.constantFrom<Path>(['m', 'k'], ['m', 'l'], ['m', 'k', 'deep']),
);

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ op: fc.constantFrom('exists' as const, 'absent' as const), path }),
  fc.record({ op: fc.constantFrom('=' as const, '<>' as const), path, value: scalar }),
  fc.record({
    op: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    path,
    value: fc.constantFrom(0, 1, 'x', 'y'),
  }),
  fc.record({
    op: fc.constant('in' as const),
    path,
    values: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    op: fc.constant('contains' as const),
    path: fc.constant<Path>(['s']),
    value: fc.constantFrom('x', 'z'),
  }),
);
const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('not' as const), of: tie('tree') }),
  ),
})).tree;

/** Every update also sets `touched`, so that it makes the item when that is not there. */
const update: fc.Arbitrary<Update> = fc
  .record({
    touched: fc.nat(3),
    place: fc.option(path),
    value: attribute,
    action: fc.constantFrom('set', 'remove', 'add', 'include', 'exclude'),
    amount: fc.constantFrom(1, -1, 0.1, 0.2),
    members: fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 3 }),
  })
  .map(({ touched, place, value, action, amount, members }): Update => {
    const touch = [['touched'], touched] as const;
    if (place === null) return { set: [touch] };
    const [name] = place;
    if (action === 'set') return { set: [touch, [place, value]] };
    if (action === 'remove') return { set: [touch], remove: [[name]] };
    if (action === 'add') return { set: [touch], add: [[name, amount]] };
    return { set: [touch], [action]: members.map((member) => [name, member]) };
  });

const item = fc.dictionary(fc.constantFrom(...NAMES), attribute, { maxKeys: 4 });

const key: fc.Arbitrary<Key> = fc.record({
  pk: fc.constantFrom(...PARTITIONS),
  sk: fc.constantFrom(...SORTS),
});
const guard = fc.record({ condition }, { requiredKeys: [] });
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    item: fc.tuple(item, key).map(([rest, at]): Item => ({ ...rest, ...at })),
  }),
  fc.record({ kind: fc.constant('update' as const), key, update }),
  fc.record({ kind: fc.constant('delete' as const), key }),
);
const guarded: fc.Arbitrary<Write> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(write, guard).map(([one, by]): Write => ({ ...one, ...by })) },
  fc.record({ kind: fc.constant('check' as const), key, condition }),
);

/** A call of `write`: one write, or a transaction on distinct items. */
export const randomWrites: fc.Arbitrary<readonly Write[]> = fc.oneof(
  { weight: 2, arbitrary: guarded.map((one) => [one]) },
  fc.uniqueArray(guarded, { minLength: 2, maxLength: 4, selector: (one) => JSON.stringify(keyOf(one)) }),
);

/** The same writes on partitions of their own, so that runs do not meet in a table that lasts. */
export function within(prefix: string, writes: readonly Write[]): readonly Write[] {
  const moved = <K extends Key>(at: K): K => ({ ...at, pk: `${prefix}${at.pk}` });
  return writes.map((one) => {
    return one.kind === 'put' ? { ...one, item: moved(one.item) } : { ...one, key: moved(one.key) };
  });
}

export function keyOf(write: Write): Key {
  const { pk, sk } = write.kind === 'put' ? write.item : write.key;
  return { pk, sk };
}

/** What a table made of a call: its answer, or that it refused. Other errors are thrown. */
export async function answer(table: Table, writes: readonly Write[]): Promise<unknown> {
  try {
    return await table.write(writes);
  } catch (error) {
    if (error instanceof StoreRequestError) return 'refused';
    throw error;
  }
}

/** Every item of the partitions that `within(prefix, randomWrites)` writes to. */
export async function itemsOf(table: Table, prefix: string): Promise<readonly Item[]> {
  const pages = await Promise.all(PARTITIONS.map((name) => table.query({ pk: `${prefix}${name}` })));
  return pages.flatMap(({ items }) => items);
}
