import { readFileSync } from 'node:fs';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { type CompiledPlaybooks, readCompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { TargetSchema } from '../../shared/contracts/plan';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsResources } from '../../shared/executors/aws/resources';
import { PLAYBOOKS_ASSET } from '../../shared/names';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { s3Evidence, s3Options } from '../../shared/stores/aws/evidence';
import { sfnExecutions } from '../../shared/stores/aws/step-functions';
import { contractStore } from '../../shared/stores/contract-store';
import { deploymentStore } from '../../shared/stores/deployment-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { errorStore } from '../../shared/stores/error-store';
import { playbookStore } from '../../shared/stores/playbook-store';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { policyStore } from '../../shared/stores/policy-store';
import { bootstrap } from './bootstrap';

const env = functionEnvironment(
  'stateTable',
  'evidenceBucket',
  'stateMachineArn',
  'settings',
  'account',
  'region',
);
const settings = parseSettings(env.settings);
const options = repeatableOptions();
const table = createDynamoTable({ client: new DynamoDBClient(options), tableName: env.stateTable });
// Synth has checked and compiled the playbooks into this file beside the function.
const compiled = JSON.parse(
  readFileSync(new URL(`./${PLAYBOOKS_ASSET}`, import.meta.url), 'utf8'),
) as CompiledPlaybooks;
const deps = {
  compiled,
  playbooks: readCompiledPlaybooks(compiled),
  store: playbookStore(table),
  policies: bundledPolicies(import.meta.url),
  policyStore: policyStore(table),
  errors: errorStore(table),
  contracts: contractStore(table),
  deployment: deploymentStore(table),
  evidence: s3Evidence({ client: new S3Client({ ...options, ...s3Options() }), bucket: env.evidenceBucket }),
  resources: awsResources({
    autoscaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    rds: new RDSClient(options),
  }),
  executions: sfnExecutions({ client: new SFNClient(options), stateMachineArn: env.stateMachineArn }),
  settings,
  account: env.account,
  region: env.region,
  clock: systemClock,
};

export const handler = taskHandler({
  ...observers('bootstrap'),
  input: z.object({ targets: z.array(TargetSchema).max(100).optional() }),
  run: ({ targets }) => bootstrap(targets === undefined ? {} : { targets }, deps),
});
