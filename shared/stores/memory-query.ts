import { INDEXES } from '../names';
import type { Item, Page, QueryInput } from '../ports/table';
import { assertKey, copyItem } from './attribute-rules';
import { isBefore, isBeyond, keyRange } from './key-range';
import { compareEntries, type Entry, type MemoryItems } from './memory-items';
import { type CursorKey, cursorOf, readCursor } from './page-cursor';

/** A page ends at the latest after items of this many bytes. */
const MAX_PAGE_BYTES = 1024 * 1024;

/**
 * A page of a partition, in time of its own length (and the logarithm of the partition's). As in DynamoDB,
 * a page filled to its limit carries `next` even when nothing follows, and a page ends at 1 MB.
 */
export function queryMemory(items: MemoryItems, query: QueryInput): Page {
  assertKey({ pk: query.pk, sk: '-' });
  const names = query.index === undefined ? ['pk', 'sk'] : cursorNames(query.index);
  const after = query.after === undefined ? undefined : entryOf(readCursor(query.after, names), query);
  const range = keyRange(query);
  const partition = items.partition(query.pk, query.index);
  if (range === undefined || partition === undefined) return { items: [] };

  const step = query.newestFirst ? -1 : 1;
  let position: number;
  if (query.newestFirst) {
    position = partition.firstNot((entry) => !isBeyond(range, entry.order)) - 1;
    if (after) position = Math.min(position, partition.firstNot((e) => compareEntries(e, after) < 0) - 1);
  } else {
    position = partition.firstNot((entry) => isBefore(range, entry.order));
    if (after)
      position = Math.max(
        position,
        partition.firstNot((e) => compareEntries(e, after) <= 0),
      );
  }

  const page: Item[] = [];
  let bytes = 0;
  for (; position >= 0 && position < partition.length; position += step) {
    const { key, order } = partition.at(position);
    if (query.newestFirst ? isBefore(range, order) : isBeyond(range, order)) break;
    const stored = items.get(key);
    if (stored === undefined) throw new Error(`an index of the table in memory is broken at ${key.pk}`);
    const item = query.index === undefined ? copyItem(stored.item) : pick(stored.item, names);
    page.push(item);
    bytes += query.index === undefined ? stored.size : 0;
    if (page.length === query.limit || bytes >= MAX_PAGE_BYTES) {
      return { items: page, next: cursorOf(pick(item, names) as unknown as CursorKey) };
    }
  }
  return { items: page };
}

function cursorNames(index: 'open' | 'list'): readonly string[] {
  return [INDEXES[index].pk, INDEXES[index].sk, 'pk', 'sk'];
}

function entryOf(cursor: CursorKey, query: QueryInput): Entry {
  const sk = query.index === undefined ? 'sk' : INDEXES[query.index].sk;
  return { order: cursor[sk] as string, key: { pk: cursor.pk as string, sk: cursor.sk as string } };
}

function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.map((name) => [name, item[name]])) as unknown as Item;
}
