import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { GraceFunction } from './grace-function';
import { allow } from './permissions';
import { DEAD_LETTER_RETENTION } from './platform';

/** A queue that things end in which nothing could deal with; a person looks, and sends them back. */
export class DeadLetterQueue extends Construct {
  /** The queue. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
  }
}

export interface WorkQueueProps {
  /** The function that works through the queue. */
  readonly consumer: GraceFunction;
  /** Times that a message is tried before it is a dead letter. Default 5. */
  readonly maxReceiveCount?: number;
  /** Most messages of one call. Default 10. */
  readonly batchSize?: number;
  /** Seconds to wait for more messages, which are then counted together. Default 0. */
  readonly batchingSeconds?: number;
  /** Most calls at once. Default: as the account allows. */
  readonly maxConcurrency?: number;
}

/** A queue, its dead letters, and the function that works through it, one message failing for itself. */
export class WorkQueue extends Construct {
  /** What the events are sent to. */
  readonly queue: Queue;
  /** Messages that were tried too often. */
  readonly deadLetters: Queue;
  /** The function that works through the queue. */
  readonly consumer: GraceFunction;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { consumer, maxReceiveCount = 5, batchSize = 10, batchingSeconds = 0, maxConcurrency } = props;
    this.consumer = consumer;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters').queue;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // Six times the function's timeout, as Lambda asks, and the time that a batch gathers.
      visibilityTimeout: Duration.seconds(6 * consumer.timeoutSeconds + batchingSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    consumer.grant(
      allow(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
        [this.queue.queueArn],
      ),
    );
    new EventSourceMapping(this, 'Mapping', {
      target: consumer.lambda,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      ...(batchingSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchingSeconds) }),
      ...(maxConcurrency !== undefined && { maxConcurrency }),
    });
  }
}
