import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readGatewayEvent } from '../../shared/contracts/api/gateway-event';
import { parseSettings } from '../../shared/contracts/settings';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { observers } from '../../shared/runtime/observers';
import { streamingHandler } from '../../shared/runtime/streaming-handler';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { openStream } from './notices-stream';

const env = functionEnvironment('stateTable', 'auditTable', 'settings');
const client = new DynamoDBClient(repeatableOptions());
const watched = observers('notices-stream');
const deps = {
  log: auditStore(createDynamoTable({ client, tableName: env.auditTable }), {
    clock: systemClock,
    random: Math.random,
  }),
  contracts: contractStore(createDynamoTable({ client, tableName: env.stateTable })),
  clock: systemClock,
  random: Math.random,
  logger: watched.logger,
  origins: parseSettings(env.settings).api.origins,
};

export const handler = streamingHandler({
  ...watched,
  // Machines have no stream: nobody of them waits for an approval.
  run: async (event, { requestId }) =>
    openStream(readGatewayEvent(event, []), { ...deps, correlationId: requestId }),
});
