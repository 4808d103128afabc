import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { reservations } from '../../shared/stores/reservations';
import { settingsDirectory } from '../../shared/stores/settings-directory';
import { admit } from './admit';

const env = functionEnvironment('stateTable', 'settings', 'executors');
const settings = parseSettings(env.settings);
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const deps = {
  contracts: contractStore(table),
  reservations: reservations(table),
  control: controlStore(table),
  telemetry: awsTelemetry(cloudwatchClients(repeatableOptions())),
  clock: systemClock,
  executors: env.executors,
  directory: settingsDirectory(settings.approvals),
};

export const handler = taskHandler({
  ...observers('admit'),
  input: z.object({ contractId: z.string().check(z.minLength(1)) }),
  run: (input) => admit(input, deps),
});
