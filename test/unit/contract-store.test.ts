import { createMemoryTable } from '../../shared/stores/memory-table';
import { START } from '../support/builders/plan';
import { describeStores } from '../support/stores-suite';

describeStores('the stores on the table in memory', async () =>
  createMemoryTable({ clock: { now: () => START } }),
);
