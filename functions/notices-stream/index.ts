import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readStreamEvent } from '../../shared/contracts/stream-event';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { observers } from '../../shared/runtime/observers';
import { streamingHandler } from '../../shared/runtime/streaming-handler';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { openStream } from './notices-stream';

const env = functionEnvironment('stateTable', 'auditTable');
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
};

export const handler = streamingHandler({
  ...watched,
  run: async (event) => openStream(readStreamEvent(event), deps),
});
