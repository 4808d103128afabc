import * as z from 'zod'; import { taskHandler } from '../shared/runtime/handler'; import { powertoolsLogger } from '../shared/runtime/logger'; import { emfMetrics } from '../shared/runtime/metrics'; import { readEnv } from '../shared/runtime/environment';
const env = readEnv(z.object({ STATE_TABLE: z.string() }));
const wrap = (run: (i: { contractId: string }) => Promise<unknown>) => taskHandler({ name: 'x', input: z.strictObject({ contractId: z.string() }), logger: powertoolsLogger({ service: 'x' }), metrics: emfMetrics(), run });
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
const db = DynamoDBDocumentClient.from(new DynamoDBClient({})); const read = async () => { await db.send(new GetCommand({ TableName: env.STATE_TABLE, Key: {} })); await db.send(new PutCommand({ TableName: '', Item: {} })); await db.send(new QueryCommand({ TableName: '' })); await db.send(new UpdateCommand({ TableName: '', Key: {} })); await db.send(new TransactWriteCommand({ TransactItems: [] })); };
export const handler = wrap(async () => read());
