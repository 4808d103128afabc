import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsResources } from '../../shared/executors/aws/resources';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { s3Evidence, s3Options } from '../../shared/stores/aws/evidence';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { snapshotStore } from '../../shared/stores/evidence-rows';
import { snapshot } from './snapshot';

const env = functionEnvironment('stateTable', 'evidenceBucket', 'executors');
const options = repeatableOptions();
const table = createDynamoTable({ client: new DynamoDBClient(options), tableName: env.stateTable });
const deps = {
  contracts: contractStore(table),
  snapshots: snapshotStore(table),
  evidence: s3Evidence({ client: new S3Client({ ...options, ...s3Options() }), bucket: env.evidenceBucket }),
  resources: awsResources({
    autoscaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    rds: new RDSClient(options),
  }),
  telemetry: awsTelemetry(cloudwatchClients(options)),
  clock: systemClock,
  executors: env.executors,
};

export const handler = taskHandler({
  ...observers('snapshot'),
  input: z.object({ contractId: z.string().check(z.minLength(1)) }),
  run: (input) => snapshot(input, deps),
});
