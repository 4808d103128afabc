import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** What the functions' bundles are compared with: a handler that can read one item, and nothing else. */
export const handler = ({ pk }: { readonly pk: string }) =>
  client.send(new GetItemCommand({ TableName: process.env['STATE_TABLE'], Key: { pk: { S: pk } } }));
