import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { IdentityProof } from '../../shared/contracts/identity-proof';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { stsCallers } from '../../shared/stores/aws/callers';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { decideAs } from './decide';

const env = functionEnvironment('stateTable', 'region');
const client = new DynamoDBClient(repeatableOptions());
const deps = {
  contracts: contractStore(createDynamoTable({ client, tableName: env.stateTable })),
  // The SDK's own variable for emulators; STS is asked where everything else is.
  callers: stsCallers({ region: env.region, endpoint: process.env.AWS_ENDPOINT_URL }),
  clock: systemClock,
};

export const handler = taskHandler({
  ...observers('decide'),
  input: z.strictObject({
    contractId: z.string().min(1).max(64),
    decision: z.enum(['approve', 'deny']),
    planHash: z.string().regex(/^[0-9a-f]{64}$/),
    reason: z.string().min(1).max(1024),
    proof: IdentityProof,
  }),
  run: (input) => decideAs(input, deps),
});
