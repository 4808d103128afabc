import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { streamHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { auditStore } from '../../shared/stores/audit-store';
import { eventBridgeMesh } from '../../shared/stores/aws/mesh';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { fromStreamRecord } from '../../shared/stores/stream-record';
import { sequence } from './audit-sequencer';

const env = functionEnvironment('auditTable', 'busName');
const watched = observers('audit-sequencer');
const table = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.auditTable,
});
const deps = {
  log: auditStore(table, { clock: systemClock, random: Math.random }),
  mesh: eventBridgeMesh({ client: new EventBridgeClient(repeatableOptions()), busName: env.busName }),
  clock: systemClock,
  logger: watched.logger,
};

export const handler = streamHandler({
  ...watched,
  read: fromStreamRecord,
  async run(changes) {
    await sequence(changes, deps);
  },
});
