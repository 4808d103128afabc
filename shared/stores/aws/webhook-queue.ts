import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../../ports/outbound';

/** SQS hides a message for 12 hours at most after it was received. */
const MOST_SECONDS = 43_200;

/** Lets a message that was received come again after so long, and not before. Rounded up: never before it is due. */
export function messageDelay({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}) {
  return async (receiptHandle: string, ms: number): Promise<void> => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(MOST_SECONDS, Math.ceil(ms / 1000)),
      }),
    );
  };
}

/** The dead-letter queue, which an alarm looks at. */
export function sqsDeadLetters({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): DeadLetters {
  return {
    async bury(letter) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
    },
  };
}
