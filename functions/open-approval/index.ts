import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod/mini';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { deploymentDirectory } from '../../shared/stores/aws/deployment-directory';
import { kmsTokenCipher } from '../../shared/stores/aws/token-cipher';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { contractStore } from '../../shared/stores/contract-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { electorates } from '../../shared/stores/electorates';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { tokenStore } from '../../shared/stores/token-store';
import { openApproval } from './open-approval';

const env = functionEnvironment(
  'stateTable',
  'tokensTable',
  'tokenKeyId',
  'settings',
  'userPoolId',
  'tokenIssuer',
);
const settings = parseSettings(env.settings);
const client = new DynamoDBClient(repeatableOptions());
const table = createDynamoTable({ client, tableName: env.stateTable });
const deps = {
  contracts: contractStore(table),
  tokens: tokenStore(createDynamoTable({ client, tableName: env.tokensTable })),
  cipher: kmsTokenCipher({ client: new KMSClient(repeatableOptions()), keyId: env.tokenKeyId }),
  clock: systemClock,
  electorates: electorates({
    directory: deploymentDirectory({
      named: { ...settings.approvals, ...settings.signIn },
      client: new CognitoIdentityProviderClient(repeatableOptions()),
      userPoolId: env.userPoolId,
      issuer: env.tokenIssuer,
    }),
    policies: cedarPolicies(bundledPolicies(import.meta.url)),
    delegations: delegationStore(table),
    escalation: settings.approvals.escalation,
  }),
};

export const handler = taskHandler({
  ...observers('open-approval'),
  input: z.object({
    contractId: z.string().check(z.minLength(1)),
    taskToken: z.string().check(z.minLength(1), z.maxLength(2048)),
  }),
  run: (input) => openApproval(input, deps),
});
