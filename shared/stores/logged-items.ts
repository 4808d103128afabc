import type { LoggedChange, LoggedItems } from '../ports/audit-check';
import type { Item, Table } from '../ports/table';
import { itemRowsPrefix, readItemRow, revOfItemRow } from './audit-rows';

/** The audit table's ITEM rows: uniqueness and index in one (`audit-rows.ts`). One Query each. */
export function loggedItems(table: Pick<Table, 'query'>): LoggedItems {
  return {
    async newest(key, limit) {
      const { pk, skPrefix } = itemRowsPrefix(key);
      const { items } = await table.query({ pk, skPrefix, newestFirst: true, limit });
      return items.map(changeOf);
    },
    async at(key, rev) {
      const { pk, skPrefix } = itemRowsPrefix(key, rev);
      return (await table.query({ pk, skPrefix })).items.map(changeOf);
    },
  };
}

const changeOf = (row: Item): LoggedChange => ({ rev: revOfItemRow(row), ...readItemRow(row) });
