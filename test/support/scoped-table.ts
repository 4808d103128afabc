import { INDEXES } from '../../shared/names';
import type { Item, Key, Table, Update, Write } from '../../shared/ports/table';

/** Attributes that are keys of the table or of an index: a test's own world begins with its prefix. */
const PLACES: ReadonlySet<string> = new Set(['pk', ...Object.values(INDEXES).map(({ pk }) => pk)]);

/** A part of a table that looks like a table of its own, so that tests can share one real table. */
export function scopedTable(table: Table, prefix: string): Table {
  const put = <T extends object>(item: T): T => mapped(item, (text) => `${prefix}${text}`);
  const take = <T extends object>(item: T): T => mapped(item, (text) => text.slice(prefix.length));
  const key = ({ pk, sk }: Key): Key => ({ pk: `${prefix}${pk}`, sk });
  const update = (change: Update): Update => ({
    ...change,
    ...(change.set === undefined
      ? {}
      : {
          set: change.set.map(([path, value]) =>
            path.length === 1 && PLACES.has(path[0]) ? [path, `${prefix}${value}`] : [path, value],
          ),
        }),
  });
  const scoped = (write: Write): Write => {
    if (write.kind === 'put') return { ...write, item: put(write.item) };
    if (write.kind === 'update') return { ...write, key: key(write.key), update: update(write.update) };
    return { ...write, key: key(write.key) };
  };
  return {
    async get(at) {
      const item = await table.get(key(at));
      return item && take(item);
    },
    async query(input) {
      const page = await table.query({ ...input, pk: `${prefix}${input.pk}` });
      return { ...page, items: page.items.map(take) };
    },
    async write(writes, token) {
      const result = await table.write(writes.map(scoped), token && `${prefix}${token}`);
      if (result.ok) return result;
      return {
        ok: false,
        failed: result.failed.map(({ index, item }) => ({ index, item: item && take(item) })),
      };
    },
  };
}

function mapped<T extends object>(item: T, change: (text: string) => string): T {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      PLACES.has(name) && typeof value === 'string' ? change(value) : value,
    ]),
  ) as T & Item;
}
