import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { parseSettings } from '../../shared/contracts/settings';
import { WebhookCommand } from '../../shared/contracts/webhook-command';
import { repeatableOptions } from '../../shared/executors/aws/client-options';
import { httpsSender } from '../../shared/outbound/https-sender';
import { systemResolver } from '../../shared/outbound/system-resolver';
import { systemClock } from '../../shared/runtime/clock';
import { functionEnvironment } from '../../shared/runtime/function-environment';
import { queueHandler, taskHandler } from '../../shared/runtime/handler';
import { ulids } from '../../shared/runtime/ids';
import { observers } from '../../shared/runtime/observers';
import { ssmSecrets } from '../../shared/stores/aws/parameters';
import { messageDelay, sqsDeadLetters } from '../../shared/stores/aws/webhook-queue';
import { canaryStore } from '../../shared/stores/canary-store';
import { deliveryStore } from '../../shared/stores/delivery-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { command, takeMessage } from './webhook-sender';

const env = functionEnvironment('stateTable', 'settings', 'webhookQueueUrl', 'webhookDeadLettersUrl');
const { webhooks, consoleUrl } = parseSettings(env.settings);
const watched = observers('webhook-sender');
const sqs = new SQSClient(repeatableOptions());
const state = createDynamoTable({
  client: new DynamoDBClient(repeatableOptions()),
  tableName: env.stateTable,
});
const comeAgain = messageDelay({ client: sqs, queueUrl: env.webhookQueueUrl });
const deps = {
  webhooks,
  consoleUrl,
  outbound: httpsSender({ resolve: systemResolver }),
  secrets: ssmSecrets({ client: new SSMClient(repeatableOptions()), clock: systemClock }),
  deliveries: deliveryStore(state),
  canaries: canaryStore(state),
  deadLetters: sqsDeadLetters({ client: sqs, queueUrl: env.webhookDeadLettersUrl }),
  clock: systemClock,
  ids: ulids(),
  random: Math.random,
  logger: watched.logger,
  metrics: watched.metrics,
};

/** One message at a time: a fault is thrown, and is one of the alarm's. */
const fromQueue = queueHandler({
  ...watched,
  async run(records) {
    const kept: string[] = [];
    for (const record of records) {
      const { againInMs } = await takeMessage(record, deps);
      if (againInMs === undefined) continue;
      // Kept in the queue, hidden until the next attempt is due.
      await comeAgain(record.receiptHandle, againInMs);
      kept.push(record.messageId);
    }
    return kept;
  },
});
const fromPerson = taskHandler({ ...watched, input: WebhookCommand, run: (input) => command(input, deps) });

export const handler = (event: unknown, context: Context): Promise<unknown> =>
  typeof event === 'object' && event !== null && 'Records' in event
    ? fromQueue(event, context)
    : fromPerson(event, context);
