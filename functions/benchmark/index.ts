import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod/mini';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsResources } from '../../shared/executors/aws/resources';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { errorStore } from '../../shared/stores/error-store';
import { measurementStore } from '../../shared/stores/evidence-rows';
import { benchmark } from './benchmark';

const env = functionEnvironment('stateTable');
const options = repeatableOptions();
const table = createDynamoTable({ client: new DynamoDBClient(options), tableName: env.stateTable });
const deps = {
  contracts: contractStore(table),
  measurements: measurementStore(table),
  resources: awsResources({
    autoscaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    rds: new RDSClient(options),
  }),
  telemetry: awsTelemetry(cloudwatchClients(options)),
  errors: errorStore(table),
  clock: systemClock,
};

export const handler = taskHandler({
  ...observers('benchmark'),
  input: z.object({ contractId: z.string().check(z.minLength(1)) }),
  run: (input) => benchmark(input, deps),
});
