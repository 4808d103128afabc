import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { closer } from '../../shared/stores/closer';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { measurementStore } from '../../shared/stores/evidence-rows';
import { ledger } from '../../shared/stores/ledger';
import { close } from './close';

const env = functionEnvironment('stateTable');
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const deps = {
  closer: closer({
    contracts: contractStore(table),
    ledger: ledger(table),
    measurements: measurementStore(table),
    clock: systemClock,
  }),
};

export const handler = taskHandler({
  ...observers('close'),
  input: z.object({
    contractId: z.string().check(z.minLength(1)),
    expected: z.enum(['resolved', 'not_resolved']),
  }),
  run: (input) => close(input, deps),
});
