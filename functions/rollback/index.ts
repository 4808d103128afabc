import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { ledger } from '../../shared/stores/ledger';
import { rollback } from './rollback';

const env = functionEnvironment('stateTable', 'executors');
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const deps = {
  contracts: contractStore(table),
  ledger: ledger(table),
  clock: systemClock,
  executors: env.executors,
};

export const handler = taskHandler({
  ...observers('rollback'),
  input: z.object({ contractId: z.string().check(z.minLength(1)) }),
  run: (input) => rollback(input, deps),
});
