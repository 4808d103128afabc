import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { TTL_ATTRIBUTE } from '../../shared/names';
import { dataRemoval } from './platform';

export interface DataTableProps {
  /** Settings as validated: decide on deletion protection and point-in-time recovery. */
  readonly settings: Settings;
  /** Whether changes go out as a stream of old and new images. Default false. */
  readonly stream?: boolean;
  /** Whether items that name a time of expiry are removed after it. Default false. */
  readonly expires?: boolean;
}

/** A table with `pk` and `sk`, paid by request, encrypted, recoverable, protected against deletion. */
export class DataTable extends Construct {
  /** The table. */
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, stream = false, expires = false }: DataTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: !settings.ephemeral },
      deletionProtection: !settings.ephemeral,
      removalPolicy: dataRemoval(settings),
      ...(expires && { timeToLiveAttribute: TTL_ATTRIBUTE }),
      ...(stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    });
  }
}

/** A key attribute that holds text. */
export const text = (name: string) => ({ name, type: AttributeType.STRING });
