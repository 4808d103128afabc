import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { INDEXES } from '../../shared/names';

type Conditions = Record<string, Record<string, unknown>>;

/** An Allow. Resources are ARNs; `*` is only for what `anyResource` lists. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Conditions,
): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });
}

/** A Deny, which no Allow outweighs. */
export function deny(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Conditions,
): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });
}

/** Only keys that begin with one of these. The `Null` keeps a request without keys from passing an empty comparison. */
export function leadingKeys(...prefixes: readonly string[]): Conditions {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/** Reads single items and partitions of a table (not its indexes, and never a scan). */
export function readTable(table: Table): PolicyStatement {
  return allow(['dynamodb:GetItem', 'dynamodb:Query'], [table.tableArn]);
}

/**
 * Reads and changes the state table. Items are never deleted, but for the `WAITING#` leases that say that a
 * contract waits for approval. A transaction needs the permissions of its parts.
 */
export function writeState(table: Table): readonly PolicyStatement[] {
  return [
    allow(
      [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:ConditionCheckItem',
      ],
      [table.tableArn],
    ),
    allow(['dynamodb:DeleteItem'], [table.tableArn], leadingKeys('WAITING#')),
  ];
}

/** Reads one index: the worklist of contracts that have not ended, or what can be listed. */
export function readIndex(table: Table, index: keyof typeof INDEXES): PolicyStatement {
  return allow(['dynamodb:Query'], [`${table.tableArn}/index/${INDEXES[index].name}`]);
}

/**
 * Looks at alarms and metrics. None of these can be limited to a resource: GetMetricData takes none, and
 * the two others leave composite alarms out unless they are granted on `*`.
 */
export function lookAtTelemetry(): PolicyStatement {
  return allow(
    ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory', 'cloudwatch:GetMetricData'],
    ['*'],
  );
}

/** Asks change calendars whether they are open; nothing without calendars. */
export function askCalendars(scope: IConstruct, calendars: readonly string[]): readonly PolicyStatement[] {
  if (calendars.length === 0) return [];
  const arns = calendars.map((calendar) =>
    calendar.startsWith('arn:')
      ? calendar
      : Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName: calendar }),
  );
  return [allow(['ssm:GetCalendarState'], arns)];
}

/** Looks at live targets of all kinds; changes nothing. */
export function lookAtTargets(scope: IConstruct): readonly PolicyStatement[] {
  return [
    allow(
      ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeInstances', 'ec2:DescribeInstanceStatus'],
      ['*'],
    ),
    allow(['rds:DescribeDBInstances'], [databaseArns(scope)]),
  ];
}

/** All database instances of this account and region. */
export function databaseArns(scope: IConstruct): string {
  return Stack.of(scope).formatArn({
    service: 'rds',
    resource: 'db',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Uses the key that a state machine's history is encrypted with, for that state machine only. */
export function useHistoryKey(key: IKey, stateMachineArn: string): PolicyStatement {
  return allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], {
    StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': stateMachineArn },
  });
}
