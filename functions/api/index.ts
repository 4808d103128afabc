import { readFile } from 'node:fs/promises';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { readGatewayEvent } from '../../shared/contracts/api/gateway-event';
import { sealPrefix } from '../../shared/contracts/log-origin';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { API_DOCUMENTS_ASSET } from '../../shared/names';
import type { ApiDocuments } from '../../shared/ports/api';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { gatewayHandler } from '../../shared/runtime/handler';
import { ulids } from '../../shared/runtime/ids';
import { observers } from '../../shared/runtime/observers';
import { apiStores } from '../../shared/stores/api-stores';
import { deploymentDirectory } from '../../shared/stores/aws/deployment-directory';
import { eventBridgeIntake } from '../../shared/stores/aws/error-intake';
import { s3Evidence, s3Options } from '../../shared/stores/aws/evidence';
import { executorCapabilities } from '../../shared/stores/aws/executor-capabilities';
import { lambdaDecider } from '../../shared/stores/aws/lambda-decider';
import { sealBucket } from '../../shared/stores/aws/seal-bucket';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { tokenBuckets } from '../../shared/stores/rate-limiter';
import { api } from './api';

const env = functionEnvironment(
  'stateTable',
  'auditTable',
  'busName',
  'evidenceBucket',
  'sealBucket',
  'decideFunction',
  'executors',
  'userPoolId',
  'tokenIssuer',
  'settings',
  'account',
  'region',
);
const settings = parseSettings(env.settings);
const options = repeatableOptions();
const dynamo = new DynamoDBClient(options);
const lambda = new LambdaClient(options);
const s3 = new S3Client({ ...options, ...s3Options() });
const { logger, ...others } = observers('api');

let documents: Promise<ApiDocuments> | undefined;
const deps = {
  ...apiStores({
    state: createDynamoTable({ client: dynamo, tableName: env.stateTable }),
    audit: createDynamoTable({ client: dynamo, tableName: env.auditTable, indexes: {} }),
    sealed: (epoch) => sealBucket({ client: s3, bucket: env.sealBucket, prefix: sealPrefix(epoch) }),
    clock: systemClock,
    random: Math.random,
  }),
  evidence: s3Evidence({ client: s3, bucket: env.evidenceBucket }),
  directory: deploymentDirectory({
    named: { ...settings.approvals, ...settings.signIn },
    client: new CognitoIdentityProviderClient(options),
    userPoolId: env.userPoolId,
    issuer: env.tokenIssuer,
  }),
  decider: lambdaDecider({ client: lambda, functionName: env.decideFunction }),
  errors: eventBridgeIntake({ client: new EventBridgeClient(options), busName: env.busName }),
  capabilities: executorCapabilities({ lambda, iam: new IAMClient(options), executors: env.executors }),
  limiter: tokenBuckets(
    { burst: settings.api.burst, perSecond: settings.api.requestsPerSecond },
    systemClock,
  ),
  clock: systemClock,
  ids: ulids(),
  logger,
  settings,
  account: env.account,
  region: env.region,
  policies: bundledPolicies(import.meta.url),
  documents: () => {
    documents ??= readFile(new URL(`./${API_DOCUMENTS_ASSET}`, import.meta.url), 'utf8').then(
      (text) => JSON.parse(text) as ApiDocuments,
    );
    return documents;
  },
};

export const handler = gatewayHandler({
  logger,
  ...others,
  read: (event) => readGatewayEvent(event, settings.api.machines),
  run: (request) => api(request, deps),
});
