import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FUNCTIONS } from '../../shared/names';
import type { AuditSeal } from './audit-seal';
import type { AuditTable } from './audit-table';
import { ClockWork } from './clock-work';
import { GraceFunction } from './grace-function';
import type { Guardrails } from './guardrails';
import { allow, leadingKeys, readIndex, readTable } from './permissions';
import type { Platform } from './platform';

export interface AuditWatchProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The audit log. */
  readonly audit: AuditTable;
  /** Sealed copies and signing keys. */
  readonly seal: AuditSeal;
  /** The state table, which the log is compared with and findings are kept in. */
  readonly stateTable: Table;
  /** The only one that appends; the check asks it to. */
  readonly sequencer: GraceFunction;
  /** Denials of those that write to the audit table. */
  readonly guardrails: Guardrails;
  /** Where calls of the clock go that were not taken, or failed for good. */
  readonly deadLetters: Queue;
}

/** What looks after the audit log by the clock: sealed each minute, checked each quarter of an hour. */
export class AuditWatch extends Construct {
  /** Writes sealed copies and signs checkpoints; the only one that may. */
  readonly sealer: GraceFunction;
  /** Looks for what is wrong. */
  readonly check: GraceFunction;

  constructor(scope: Construct, id: string, props: AuditWatchProps) {
    super(scope, id);
    const { platform, audit, seal, stateTable, sequencer, guardrails, deadLetters } = props;
    this.sealer = new GraceFunction(this, FUNCTIONS.auditSealer, {
      platform: { ...platform, guardrails: guardrails.auditWriters },
      statements: [...audit.sealerStatements(), ...keep(stateTable, ['FINDING#'])],
    });
    seal.reserveFor(this.sealer);
    this.check = new GraceFunction(this, FUNCTIONS.auditCheck, {
      platform,
      statements: [
        readTable(audit.table),
        allow(['dynamodb:Scan'], [stateTable.tableArn]),
        readIndex(stateTable, 'open'),
        readIndex(stateTable, 'list'),
        ...keep(stateTable, ['FINDING#', 'CANARY#audit', 'CURSOR#', 'SUMMARY#']),
        allow(['lambda:InvokeFunction'], [sequencer.lambda.functionArn, this.sealer.lambda.functionArn]),
      ],
    });
    seal.letRead(this.check);
    // The next turn does what this one missed.
    new ClockWork(this, 'Sealing', { target: this.sealer, every: Duration.minutes(1), deadLetters });
    new ClockWork(this, 'Checking', { target: this.check, every: Duration.minutes(15), deadLetters });
  }
}

/** Reads the table, and writes items of these collections. */
function keep(table: Table, prefixes: readonly string[]) {
  return [
    readTable(table),
    allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [table.tableArn], leadingKeys(...prefixes)),
  ];
}
