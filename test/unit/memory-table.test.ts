import { createMemoryTable } from '../../shared/stores/memory-table';
import { describeTable } from '../support/table-suite';

describeTable('the table in memory', async () => createMemoryTable({ clock: { now: () => 0 } }));
