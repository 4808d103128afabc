import type { TableScan } from '../ports/audit-check';
import type { Item } from '../ports/table';

/** Reads a memory table page by page, by position: items that are put meanwhile may be missed or come twice. */
export function memoryScan(table: { items(): readonly Item[] }, pageSize = 200): TableScan {
  return {
    async page(after) {
      const from = after === undefined ? 0 : Number(after);
      const all = table.items();
      const items = all.slice(from, from + pageSize);
      return from + pageSize < all.length ? { items, next: String(from + pageSize) } : { items };
    },
  };
}
