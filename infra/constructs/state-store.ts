import { ProjectionType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { INDEXES } from '../../shared/names';
import { DataTable, text } from './data-table';

export interface StateStoreProps {
  /** Settings as validated. */
  readonly settings: Settings;
}

/** The state table. Its stream is the outbox of every change; its indexes are sparse and hold keys only. */
export class StateStore extends Construct {
  /** The table. */
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings }: StateStoreProps) {
    super(scope, id);
    this.table = new DataTable(this, 'State', { settings, stream: true, expires: true }).table;
    for (const { name, pk, sk } of Object.values(INDEXES)) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: text(pk),
        sortKey: text(sk),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
  }

  /** The ARN of the table's change stream. */
  get streamArn(): string {
    if (this.table.tableStreamArn === undefined) throw new Error('the state table has no stream');
    return this.table.tableStreamArn;
  }
}
