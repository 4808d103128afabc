import { INDEXES } from '../names';
import type { Item, Key } from '../ports/table';
import { StoreRequestError } from './errors';
import { type SortedList, sortedList } from './sorted-list';
import { compareText } from './text-order';

/** An item as it stands in memory: never changed in place. */
export interface Stored {
  readonly item: Item;
  /** Bytes by DynamoDB's rules. */
  readonly size: number;
}

/** Where an item stands in a partition of the table (`order` = `sk`) or of an index. */
export interface Entry {
  readonly order: string;
  readonly key: Key;
}

export type IndexName = keyof typeof INDEXES;
export const INDEX_NAMES = Object.keys(INDEXES) as readonly IndexName[];

/** Items by key, each partition in order, and the two keys-only indexes. */
export interface MemoryItems {
  get(key: Key): Stored | undefined;
  /** Puts `after` in the place of what stands at `key`, or takes it away. */
  replace(key: Key, after: Stored | undefined): void;
  /** The partition of the table or of an index; `undefined` when it is empty. */
  partition(pk: string, index?: IndexName): SortedList<Entry> | undefined;
  all(): IterableIterator<Stored>;
}

interface Partition {
  readonly items: Map<string, Stored>;
  readonly order: SortedList<Entry>;
}

/** Entries of an index with the same order are told apart by the key of the item. */
export function compareEntries(a: Entry, b: Entry): number {
  return compareText(a.order, b.order) || compareText(a.key.pk, b.key.pk) || compareText(a.key.sk, b.key.sk);
}

/**
 * Where an index holds the item; `undefined` = not there, as one of the two attributes is absent.
 * @throws StoreRequestError when one of them is empty or no text
 */
export function indexPlace(item: Item | undefined, index: IndexName): { pk: string; sk: string } | undefined {
  const names = INDEXES[index];
  const [pk, sk] = [item?.[names.pk], item?.[names.sk]];
  for (const [name, value] of [
    [names.pk, pk],
    [names.sk, sk],
  ] as const) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new StoreRequestError(`${name} is a key of index ${names.name}: a text, not empty`);
    }
  }
  return pk === undefined || sk === undefined ? undefined : { pk: pk as string, sk: sk as string };
}

export function memoryItems(): MemoryItems {
  const partitions = new Map<string, Partition>();
  const indexes = { open: new Map(), list: new Map() } as Record<IndexName, Map<string, SortedList<Entry>>>;

  function reindex(key: Key, before: Item | undefined, after: Item | undefined): void {
    for (const name of INDEX_NAMES) {
      const [was, is] = [indexPlace(before, name), indexPlace(after, name)];
      if (was?.pk === is?.pk && was?.sk === is?.sk) continue;
      const lists = indexes[name];
      if (was !== undefined) {
        const list = lists.get(was.pk);
        list?.remove({ order: was.sk, key });
        if (list?.length === 0) lists.delete(was.pk);
      }
      if (is !== undefined) {
        const list = lists.get(is.pk) ?? sortedList(compareEntries);
        lists.set(is.pk, list);
        list.add({ order: is.sk, key });
      }
    }
  }

  return {
    get: ({ pk, sk }) => partitions.get(pk)?.items.get(sk),
    replace: ({ pk, sk }, after) => {
      const key = { pk, sk };
      let partition = partitions.get(pk);
      const before = partition?.items.get(sk);
      reindex(key, before?.item, after?.item);
      if (after === undefined) {
        partition?.items.delete(sk);
        partition?.order.remove({ order: sk, key });
        if (partition?.items.size === 0) partitions.delete(pk);
        return;
      }
      if (partition === undefined) {
        partition = { items: new Map(), order: sortedList(compareEntries) };
        partitions.set(pk, partition);
      }
      partition.items.set(sk, after);
      if (before === undefined) partition.order.add({ order: sk, key });
    },
    partition: (pk, index) => (index === undefined ? partitions.get(pk)?.order : indexes[index].get(pk)),
    *all() {
      for (const partition of partitions.values()) yield* partition.items.values();
    },
  };
}
