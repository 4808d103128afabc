import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { SONG_EVENTS } from '../../shared/contracts/song-notice';
import { parameterOf, WEBHOOK_EVENTS } from '../../shared/contracts/webhook';
import { FUNCTIONS } from '../../shared/names';
import { GraceFunction } from './grace-function';
import type { Mesh } from './mesh';
import { allow, leadingKeys, readTable } from './permissions';
import type { Platform } from './platform';
import { WorkQueue } from './work-queue';

/** SQS allows no more. Each webhook of an event has attempts of its own, and all are receipts of one message. */
const MOST_RECEIPTS = 1000;
/** Receivers that are slow hold up other events' news, and not the account's other functions. */
const SENDERS_AT_ONCE = 5;

export interface NoticesProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** The audit log, which the stream tells of. */
  readonly auditTable: Table;
  /** The mesh whose events webhooks are told of. */
  readonly mesh: Mesh;
}

/** Live notices: the stream that people listen to, and the webhooks that are told. */
export class Notices extends Construct {
  /** Behind `GET /api/approvals/stream`. Reads, and changes nothing. */
  readonly stream: GraceFunction;
  /** The queue of events, its dead letters, and the sender. */
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { platform, stateTable, auditTable, mesh }: NoticesProps) {
    super(scope, id);
    this.stream = new GraceFunction(this, FUNCTIONS.noticesStream, {
      platform,
      statements: [
        allow(['dynamodb:GetItem'], [stateTable.tableArn], leadingKeys('CONTRACT#')),
        readTable(auditTable),
      ],
    });
    const sender = new GraceFunction(this, FUNCTIONS.webhookSender, {
      platform,
      statements: [
        allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [stateTable.tableArn], leadingKeys('DELIVERY#')),
        allow(['dynamodb:GetItem'], [stateTable.tableArn], leadingKeys('CANARY#audit')),
        allow(['dynamodb:UpdateItem'], [stateTable.tableArn], leadingKeys('CANARY#people')),
        ...this.secrets(platform),
      ],
    });
    this.work = new WorkQueue(this, 'Webhooks', {
      consumer: sender,
      batchSize: 1,
      maxReceiveCount: MOST_RECEIPTS,
      maxConcurrency: SENDERS_AT_ONCE,
    });
    sender.grant(allow(['sqs:SendMessage'], [this.work.deadLetters.queueArn]));
    // The canary comes also where there is nobody to tell: that the sender is there is known before it is needed.
    const told = platform.settings.webhooks.length > 0 ? WEBHOOK_EVENTS : [];
    mesh.sendOwnTo('WebhooksOut', { types: [...told, ...SONG_EVENTS], queue: this.work.queue });
  }

  /** Only the parameters that the settings name. Their values are the account's own key's to decrypt (aws/ssm). */
  private secrets({ settings }: Platform) {
    const arns = settings.webhooks.map((webhook) =>
      Stack.of(this).formatArn({
        service: 'ssm',
        resource: 'parameter',
        resourceName: parameterOf(webhook).slice(1),
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    );
    return arns.length === 0 ? [] : [allow(['ssm:GetParameter'], [...new Set(arns)])];
  }
}
