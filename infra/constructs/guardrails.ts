import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AUDIT_WRITES } from './audit-table';
import { deny } from './permissions';

/** The tag decides what Grace may touch, so nothing of Grace may set or remove it. */
export const TAG_CHANGES = [
  'autoscaling:CreateOrUpdateTags',
  'autoscaling:DeleteTags',
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'rds:AddTagsToResource',
  'rds:RemoveTagsFromResource',
  'tag:TagResources',
  'tag:UntagResources',
];

export interface GuardrailsProps {
  /** The audit table, which only the sequencer writes. */
  readonly auditTable: Table;
}

/** Denials that roles carry whatever else they are given, now or by a later mistake. */
export class Guardrails extends Construct {
  /** Of every function but the two that write the audit table: no tag changes, no writes to it. */
  readonly everyone: ManagedPolicy;
  /** Of the sequencer and the sealer: no tag changes. */
  readonly auditWriters: ManagedPolicy;

  constructor(scope: Construct, id: string, { auditTable }: GuardrailsProps) {
    super(scope, id);
    this.everyone = new ManagedPolicy(this, 'Everyone', {
      description: 'Grace: no tag changes and no writes to the audit log',
      statements: [deny(TAG_CHANGES, ['*']), deny(AUDIT_WRITES, [auditTable.tableArn])],
    });
    this.auditWriters = new ManagedPolicy(this, 'AuditWriters', {
      description: 'Grace: no tag changes',
      statements: [deny(TAG_CHANGES, ['*'])],
    });
  }
}
