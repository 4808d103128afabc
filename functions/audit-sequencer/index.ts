import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { type LambdaFunction, streamHandler, taskHandler } from '../../shared/runtime/handler';
import { observers } from '../../shared/runtime/observers';
import { auditStore } from '../../shared/stores/audit-store';
import { eventBridgeMesh } from '../../shared/stores/aws/mesh';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { loggedItems } from '../../shared/stores/logged-items';
import { fromStreamRecord } from '../../shared/stores/stream-record';
import { FillInInput, reconcile, sequence } from './audit-sequencer';

const env = functionEnvironment('auditTable', 'stateTable', 'busName', 'logName');
const watched = observers('audit-sequencer');
const client = new DynamoDBClient(repeatableOptions());
const table = createDynamoTable({ client, tableName: env.auditTable, indexes: {} });
const deps = {
  log: auditStore(table, { clock: systemClock, random: Math.random }),
  logName: env.logName,
  mesh: eventBridgeMesh({ client: new EventBridgeClient(repeatableOptions()), busName: env.busName }),
  clock: systemClock,
  logger: watched.logger,
  metrics: watched.metrics,
  state: createDynamoTable({ client, tableName: env.stateTable }),
  logged: loggedItems(table),
};

const ofStream = streamHandler({
  ...watched,
  read: fromStreamRecord,
  async run(changes) {
    await sequence(changes, deps);
  },
});
const onRequest = taskHandler({ ...watched, input: FillInInput, run: (input) => reconcile(input, deps) });

/** A batch of the stream, or a request of the audit check. */
export const handler: LambdaFunction<unknown> = (event, context) =>
  typeof event === 'object' && event !== null && 'fillIn' in event
    ? onRequest(event, context)
    : ofStream(event, context);
