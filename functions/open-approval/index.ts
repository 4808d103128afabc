import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod/mini';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { kmsTokenCipher } from '../../shared/stores/aws/token-cipher';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { tokenStore } from '../../shared/stores/token-store';
import { openApproval } from './open-approval';

const env = functionEnvironment('stateTable', 'tokensTable', 'tokenKeyId', 'settings');
const settings = parseSettings(env.settings);
const client = new DynamoDBClient(repeatableOptions());
const deps = {
  contracts: contractStore(createDynamoTable({ client, tableName: env.stateTable })),
  tokens: tokenStore(createDynamoTable({ client, tableName: env.tokensTable })),
  cipher: kmsTokenCipher({ client: new KMSClient(repeatableOptions()), keyId: env.tokenKeyId }),
  clock: systemClock,
  approvers: settings.approvals.approvers,
};

export const handler = taskHandler({
  ...observers('open-approval'),
  input: z.object({
    contractId: z.string().check(z.minLength(1)),
    taskToken: z.string().check(z.minLength(1), z.maxLength(2048)),
  }),
  run: (input) => openApproval(input, deps),
});
