import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { awsTelemetry, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { ssmChangeCalendars } from '../../shared/stores/aws/change-calendars';
import { canaryStore } from '../../shared/stores/canary-store';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { bundledPolicies } from '../../shared/stores/policies-asset';
import { reservations } from '../../shared/stores/reservations';
import { admit } from './admit';

const env = functionEnvironment('stateTable', 'settings', 'executors');
const settings = parseSettings(env.settings);
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const watched = observers('admit');
const deps = {
  contracts: contractStore(table),
  canaries: canaryStore(table),
  reservations: reservations(table),
  control: controlStore(table),
  telemetry: awsTelemetry(cloudwatchClients(repeatableOptions())),
  clock: systemClock,
  executors: env.executors,
  policies: cedarPolicies(bundledPolicies(import.meta.url)),
  calendars: ssmChangeCalendars({
    // Two attempts end well before the function does: no answer is an answer too.
    client: new SSMClient({ ...repeatableOptions(), maxAttempts: 2 }),
    names: settings.policy.changeCalendars,
    onFault: (error) =>
      watched.logger.error('change calendar not asked', { code: 'CALENDAR_UNKNOWN', error: String(error) }),
  }),
};

export const handler = taskHandler({
  ...watched,
  input: z.object({ contractId: z.string().check(z.minLength(1)) }),
  run: (input) => admit(input, deps),
});
