import type { Table } from '../../shared/ports/table';
import { type Exceptions, tableBench } from './table-bench';
import { describeConditions } from './table-suite-conditions';
import { describeIndexes } from './table-suite-indexes';
import { describeItems } from './table-suite-items';
import { describeQueries } from './table-suite-queries';
import { describeRefusals } from './table-suite-refusals';
import { describeTransactions } from './table-suite-transactions';
import { describeUpdates } from './table-suite-updates';

/**
 * What every `Table` does, in memory and in DynamoDB alike. `makeTable` is called once; every test works on
 * partitions of its own, so the table may be a real one. `except`: sentences that are skipped, by name.
 */
export function describeTable(name: string, makeTable: () => Promise<Table>, except: Exceptions = {}): void {
  const bench = tableBench(name, makeTable, except);
  describeItems(bench);
  describeConditions(bench);
  describeUpdates(bench);
  describeRefusals(bench);
  describeTransactions(bench);
  describeQueries(bench);
  describeIndexes(bench);
}
