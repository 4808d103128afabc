import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { IdentityProof } from '../../shared/contracts/identity-proof';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { stsCallers } from '../../shared/stores/aws/callers';
import { callers } from '../../shared/stores/callers';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { decideAs } from './decide';

const env = functionEnvironment('stateTable', 'region');
const client = new DynamoDBClient(repeatableOptions());
const deps = {
  contracts: contractStore(createDynamoTable({ client, tableName: env.stateTable })),
  // The SDK's own variable for emulators; STS is asked where everything else is.
  callers: callers({ signed: stsCallers({ region: env.region, endpoint: process.env.AWS_ENDPOINT_URL }) }),
  clock: systemClock,
};

export const handler = taskHandler({
  ...observers('decide'),
  input: z.strictObject({
    contractId: z.string().check(z.minLength(1), z.maxLength(64)),
    decision: z.enum(['approve', 'deny']),
    planHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    reason: z.string().check(z.minLength(1), z.maxLength(1024)),
    proof: IdentityProof,
  }),
  run: (input) => decideAs(input, deps),
});
