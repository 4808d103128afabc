import * as z from 'zod/mini';
import type { CheckpointWriter } from '../ports/sealing';
import type { Item, Key, Table } from '../ports/table';
import { AuditLogBrokenError } from './audit-errors';
import { absent } from './when';

const DIGITS = 12;
const Row = z.object({ size: z.int().check(z.positive()), note: z.string() });

/**
 * `CHECKPOINT#<log>` of the first epoch, `CHECKPOINT#<log>#<epoch>` of a later one, by size: rows of the audit table that are only
 * ever put, each once.
 */
export const checkpointKey = (log: string, size: number, epoch = 1): Key => ({
  pk: epoch === 1 ? `CHECKPOINT#${log}` : `CHECKPOINT#${log}#${epoch}`,
  sk: String(size).padStart(DIGITS, '0'),
});

export function checkpointStore(
  table: Table,
  { log = 'grace', epoch = 1 }: { readonly log?: string; readonly epoch?: number } = {},
): CheckpointWriter {
  return {
    async list(limit) {
      const { pk } = checkpointKey(log, 0, epoch);
      const { items } = await table.query({ pk, newestFirst: true, limit });
      return items.map(readRow);
    },
    async get(size) {
      const row = await table.get(checkpointKey(log, size, epoch));
      return row === undefined ? undefined : readRow(row);
    },
    async put({ size, note }) {
      const item = { ...checkpointKey(log, size, epoch), size, note };
      return (await table.write([{ kind: 'put', item, condition: absent('pk') }])).ok;
    },
  };
}

function readRow(row: Item) {
  const read = Row.safeParse(row);
  if (!read.success || checkpointKey('', read.data.size).sk !== row.sk)
    throw new AuditLogBrokenError(`${row.pk} ${row.sk}: not a row of ours`, { cause: read.error });
  return { size: read.data.size, note: read.data.note };
}
