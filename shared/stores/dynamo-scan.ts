import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { TableScan } from '../ports/audit-check';
import type { Item } from '../ports/table';
import { fromAttributeValues, toAttributeValues } from './attribute-value';
import { storeFault } from './dynamo-faults';
import { cursorOf, readCursor } from './page-cursor';

/** A page is at most 1 MB, strongly consistent in itself: 256 read units. */
export function dynamoScan({
  client,
  tableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): TableScan {
  return {
    async page(after) {
      const command = new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(after === undefined
          ? {}
          : { ExclusiveStartKey: toAttributeValues(readCursor(after, ['pk', 'sk'])) }),
      });
      const { Items = [], LastEvaluatedKey } = await client.send(command).catch((error: unknown) => {
        throw storeFault(error);
      });
      const items = Items.map((item) => fromAttributeValues(item) as Item);
      const { pk, sk } = LastEvaluatedKey ?? {};
      return pk?.S === undefined || sk?.S === undefined
        ? { items }
        : { items, next: cursorOf({ pk: pk.S, sk: sk.S }) };
    },
  };
}
