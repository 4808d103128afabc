import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, type EventSourceMappingOptions, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { UNAUDITED_PREFIXES } from '../../shared/contracts/audited-items';
import { FUNCTIONS } from '../../shared/names';
import type { AuditTable } from './audit-table';
import type { Evidence } from './evidence';
import { GraceFunction } from './grace-function';
import type { Guardrails } from './guardrails';
import { allow } from './permissions';
import type { Platform } from './platform';
import type { StateStore } from './state-store';
import { DeadLetterQueue } from './work-queue';

export interface StreamsProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The state table, whose stream is read. */
  readonly state: StateStore;
  /** The audit log. */
  readonly audit: AuditTable;
  /** Where whole records are kept that could not be logged in the time that the stream has them. */
  readonly evidence: Evidence;
  /** The bus that events go out on. */
  readonly bus: EventBus;
  /** Denials of those that write to the audit table, which are others than everyone's. */
  readonly guardrails: Guardrails;
}

/** The two readers that a stream takes: events out to the mesh, and entries into the audit log. */
export class Streams extends Construct {
  /** Publishes changes as events. */
  readonly publisher: GraceFunction;
  /** Appends changes to the audit log; the only one that may. */
  readonly sequencer: GraceFunction;
  /** Where the addresses of changes go that could not be published. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: StreamsProps) {
    super(scope, id);
    const { platform, state, audit, bus, evidence, guardrails } = props;
    const publish = allow(['events:PutEvents'], [bus.eventBusArn]);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters').queue;
    this.publisher = new GraceFunction(this, FUNCTIONS.meshPublisher, {
      platform,
      statements: [publish, allow(['sqs:SendMessage'], [this.deadLetters.queueArn])],
    });
    this.sequencer = new GraceFunction(this, FUNCTIONS.auditSequencer, {
      platform: { ...platform, guardrails: guardrails.auditWriters },
      statements: [
        publish,
        ...audit.writerStatements(),
        ...evidence.keep(FAILED_RECORDS),
        // Reconciliation: the item whose record has not come.
        allow(['dynamodb:GetItem'], [state.table.tableArn]),
      ],
    });

    // A record that can never be published must not hold up those behind it for long: it is tried alone and
    // becomes a dead letter.
    this.read('Publish', this.publisher, state, {
      batchSize: 100,
      parallelizationFactor: 4,
      retryAttempts: 50,
      maxRecordAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
    // An entry is never given up while the stream has its record. One batch is one transaction of the log,
    // and a second reader at once would only be in its way.
    this.read('Sequence', this.sequencer, state, {
      batchSize: 49,
      maxBatchingWindow: Duration.seconds(1),
      parallelizationFactor: 1,
      retryAttempts: UNLIMITED,
      maxRecordAge: Duration.hours(23),
      onFailure: { bind: () => ({ destination: evidence.bucket.bucketArn }) },
    });
  }

  private read(
    id: string,
    reader: GraceFunction,
    state: StateStore,
    options: EventSourceMappingOptions,
  ): void {
    reader.grant(
      allow(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        [state.streamArn],
      ),
      allow(['dynamodb:ListStreams'], [`${state.table.tableArn}/stream/*`]),
    );
    new EventSourceMapping(this, id, {
      ...options,
      target: reader.lambda,
      eventSourceArn: state.streamArn,
      // From the table's first change on.
      startingPosition: StartingPosition.TRIM_HORIZON,
      bisectBatchOnError: true,
      filters: [{ pattern: JSON.stringify(AUDITED_ONLY) }],
    });
  }
}

/** Lambda's way to say "as often as the record's age allows". */
const UNLIMITED = -1;
/** Where Lambda puts records that it gives up, in a bucket of ours. */
const FAILED_RECORDS = 'aws/lambda/';

/** All but the counters, windows and leases; both readers pass over those that come through all the same. */
const AUDITED_ONLY = {
  dynamodb: { Keys: { pk: { S: [{ 'anything-but': { prefix: [...UNAUDITED_PREFIXES] } }] } } },
};
