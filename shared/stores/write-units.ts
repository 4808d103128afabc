import { INDEXES } from '../names';
import type { Item } from '../ports/table';
import { itemSize } from './item-size';
import { INDEX_NAMES, type IndexName, indexPlace, type Stored } from './memory-items';

const UNIT_BYTES = 1024;

/** One write as it was done or refused. */
export interface Consumption {
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
  readonly transactional: boolean;
  /** False when a condition failed: the item is charged, the indexes are not. */
  readonly done: boolean;
}

/**
 * Write units of one write: the larger of the item before and after in steps of 1 KB, at least 1, twice in a
 * transaction (a check counts like a write of the item as it stands), and for each index that the change
 * touches 1 for an entry put or taken away and 2 for one that moves, of 1 KB steps each. Index entries are
 * written after the transaction, not in it, so they are not doubled. ("DynamoDB read and write operations",
 * "Using global secondary indexes: write capacity", "Transactions: capacity management".)
 */
export function writeUnits({ before, after, transactional, done }: Consumption): number {
  const bytes = Math.max(before?.size ?? 0, after?.size ?? 0);
  let units = unitsOf(bytes) * (transactional ? 2 : 1);
  if (!done || before?.item === after?.item) return units;
  for (const index of INDEX_NAMES) {
    const [was, is] = [indexPlace(before?.item, index), indexPlace(after?.item, index)];
    if (was?.pk === is?.pk && was?.sk === is?.sk) continue;
    if (was !== undefined) units += unitsOf(entrySize(before?.item, index));
    if (is !== undefined) units += unitsOf(entrySize(after?.item, index));
  }
  return units;
}

function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / UNIT_BYTES));
}

function entrySize(item: Item | undefined, index: IndexName): number {
  if (item === undefined) return 0;
  const { pk, sk } = INDEXES[index];
  return itemSize({ pk: item.pk, sk: item.sk, [pk]: item[pk], [sk]: item[sk] });
}
