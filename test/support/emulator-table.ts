import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../../shared/names';
import type { Table } from '../../shared/ports/table';
import { createDynamoTable } from '../../shared/stores/dynamo-table';

/** A state table of the test file's own on the emulator at AWS_ENDPOINT_URL, deleted when the file is done. */
export function emulatorTable(purpose: string): () => Promise<Table> {
  // Endpoint, region and credentials come from the environment (test/emulator/environment.ts).
  const client = new DynamoDBClient({});
  const tableName = `grace-${purpose}-${randomUUID()}`;
  beforeAll(async () => {
    const attributes = ['pk', 'sk', ...Object.values(INDEXES).flatMap(({ pk, sk }) => [pk, sk])];
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keySchema({ pk: 'pk', sk: 'sk' }),
        GlobalSecondaryIndexes: Object.values(INDEXES).map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        })),
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: tableName });
  });
  afterAll(async () => {
    await client.send(new DeleteTableCommand({ TableName: tableName }));
    client.destroy();
  });
  return async () => createDynamoTable({ client, tableName });
}

function keySchema({ pk, sk }: { readonly pk: string; readonly sk: string }) {
  return [
    { AttributeName: pk, KeyType: 'HASH' as const },
    { AttributeName: sk, KeyType: 'RANGE' as const },
  ];
}
