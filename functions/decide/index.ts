import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { decide } from './decide';

const env = functionEnvironment('stateTable');
const client = new DynamoDBClient(repeatableOptions());
const deps = {
  contracts: contractStore(createDynamoTable({ client, tableName: env.stateTable })),
  clock: systemClock,
};

export const handler = taskHandler({
  ...observers('decide'),
  input: z.strictObject({
    contractId: z.string().min(1).max(64),
    decision: z.enum(['approve', 'deny']),
    principal: z.string().min(1).max(256),
    planHash: z.string().regex(/^[0-9a-f]{64}$/),
    reason: z.string().min(1).max(1024),
  }),
  run: (input) => decide(input, deps),
});
