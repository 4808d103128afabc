import type { Table } from '../../shared/ports/table';
import { scopedTable } from './scoped-table';
import { type Fresh, storesBench } from './stores-bench';
import { describeEnds } from './stores-suite-ends';
import { describeEvents } from './stores-suite-events';
import { describeGate } from './stores-suite-gate';
import { describeLocks } from './stores-suite-locks';
import { describePeople } from './stores-suite-people';
import { describePlaybooks } from './stores-suite-playbooks';
import { describeQuarantine } from './stores-suite-quarantine';
import { describeViews } from './stores-suite-views';
import { describeVotes } from './stores-suite-votes';

/**
 * What the stores promise, in memory and in DynamoDB alike. `makeTable` is called once; every test has a part
 * of the table for itself.
 */
export function describeStores(name: string, makeTable: () => Promise<Table>): void {
  let made: Table;
  let tests = 0;
  beforeAll(async () => {
    made = await makeTable();
  });
  const fresh: Fresh = () => {
    tests += 1;
    const table = scopedTable(made, `${tests}-${Math.random().toString(36).slice(2)}/`);
    return { bench: storesBench(table), table };
  };
  describe(name, () => {
    describeGate(fresh);
    describeVotes(fresh);
    describePeople(fresh);
    describeEnds(fresh);
    describeLocks(fresh);
    describeEvents(fresh);
    describeQuarantine(fresh);
    describeViews(fresh);
    describePlaybooks(fresh);
  });
}
