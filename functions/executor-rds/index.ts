import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import { parseSettings } from '../../shared/contracts/settings';
import { PerformRequest } from '../../shared/executors/answer';
import { oneShotOptions, repeatableOptions } from '../../shared/executors/aws/client-options';
import { rdsActions } from '../../shared/executors/aws/rds-instance';
import { CALL_MS } from '../../shared/executors/call-time';
import { perform } from '../../shared/executors/perform';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { ledger } from '../../shared/stores/ledger';
import { reservations } from '../../shared/stores/reservations';

const env = functionEnvironment('stateTable', 'settings', 'executors');
const settings = parseSettings(env.settings);
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const { executorTimeout, concurrentActions } = settings.limits;
const deps = {
  actions: rdsActions({ client: new RDSClient(oneShotOptions()) }),
  contracts: contractStore(table),
  ledger: ledger(table),
  reservations: reservations(table),
  control: controlStore(table),
  clock: systemClock,
  callMs: CALL_MS,
  actor: 'executor-rds',
  poolSize: concurrentActions,
  executors: env.executors,
  random: Math.random,
};

export const handler = taskHandler({
  ...observers('executor-rds'),
  input: PerformRequest,
  // The platform's own word on the time left is not to be had everywhere; the setting is what infra sets.
  run: (input) => perform({ ...input, deadline: systemClock.now() + executorTimeout * 1000 }, deps),
});
