import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, type PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { DataTable } from './data-table';
import { allow, deny, leadingKeys, readTable } from './permissions';

/** Ways to remove or replace many items at once, or by a statement: nobody needs them. */
const BULK_WRITES = [
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];
export const AUDIT_WRITES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  ...BULK_WRITES,
];
/** The only row that is ever changed. */
const HEAD = 'HEAD#';
/** What the sealer puts, and the sequencer never does. */
const SEALED = ['CHECKPOINT#'];

export interface AuditTableProps {
  /** Settings as validated. */
  readonly settings: Settings;
}

/**
 * The audit log's table. Only the sequencer may put entries and the sealer checkpoints, only the head row may be
 * updated, nothing may be deleted; this binds every principal of the account, people too, since it is the table's own policy. IAM
 * cannot demand that a put does not overwrite: that is the writer's condition.
 */
export class AuditTable extends Construct {
  /** The table. */
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings }: AuditTableProps) {
    super(scope, id);
    this.table = new DataTable(this, 'Audit', { settings }).table;
  }

  /** What the sequencer's own role says. */
  writerStatements(): readonly PolicyStatement[] {
    const entries = [this.table.tableArn];
    return [
      readTable(this.table),
      allow(['dynamodb:PutItem'], entries),
      allow(['dynamodb:UpdateItem'], entries, leadingKeys(HEAD)),
      deny(['dynamodb:DeleteItem', ...BULK_WRITES], entries),
      deny(['dynamodb:UpdateItem'], entries, outside([HEAD])),
      deny(['dynamodb:PutItem'], entries, within(SEALED)),
    ];
  }

  /** What the sealer's own role says. */
  sealerStatements(): readonly PolicyStatement[] {
    const rows = [this.table.tableArn];
    return [
      readTable(this.table),
      allow(['dynamodb:PutItem'], rows, leadingKeys(...SEALED)),
      deny(['dynamodb:UpdateItem', 'dynamodb:DeleteItem', ...BULK_WRITES], rows),
      deny(['dynamodb:PutItem'], rows, outside(SEALED)),
    ];
  }

  /** Closes the table for everyone but these roles. */
  reserveFor({ sequencer, sealer }: { readonly sequencer: Role; readonly sealer: Role }): void {
    // The policy stands on the table itself, so `*` is the table; its ARN would be a circle.
    const table = ['*'];
    const statements = [
      deny(AUDIT_WRITES, table, {
        ArnNotEquals: { 'aws:PrincipalArn': [sequencer.roleArn, sealer.roleArn] },
      }),
      deny(['dynamodb:DeleteItem', ...BULK_WRITES], table),
      deny(['dynamodb:UpdateItem'], table, outside([HEAD])),
    ];
    for (const statement of statements) {
      statement.addPrincipals(new AnyPrincipal());
      this.table.addToResourcePolicy(statement);
    }
  }
}

const patterns = (prefixes: readonly string[]) => ({
  'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`),
});
const outside = (prefixes: readonly string[]) => ({ 'ForAnyValue:StringNotLike': patterns(prefixes) });
const within = (prefixes: readonly string[]) => ({ 'ForAnyValue:StringLike': patterns(prefixes) });
