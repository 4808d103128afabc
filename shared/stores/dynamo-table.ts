import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { sha256Hex } from '../domain/digest';
import { INDEXES } from '../names';
import type { Page, QueryInput, Table, Write } from '../ports/table';
import { assertKey, storableItem } from './attribute-rules';
import { fromAttributeValues, toAttributeValues, toKeyValues } from './attribute-value';
import { failedConditions, storeFault } from './dynamo-faults';
import { StoreRequestError } from './errors';
import { conditionExpression, keyExpression, placeholders, updateExpression } from './expression';
import { keyRange } from './key-range';
import { cursorOf, readCursor } from './page-cursor';
import { assertWrites } from './write-rules';

/** A ClientRequestToken has at most 36 characters. */
const TOKEN_LENGTH = 36;
const TABLE_KEYS = { pk: 'pk', sk: 'sk' } as const;

export interface DynamoTableOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** The indexes of the table, when they are not those of the state table; `{}` = none. */
  readonly indexes?: { readonly [index in NonNullable<QueryInput['index']>]?: Index };
}

interface Index {
  readonly name: string;
  readonly pk: string;
  readonly sk: string;
}

/**
 * The table in DynamoDB. Reads of the table itself are strongly consistent. Throws `StoreUnavailableError`
 * (throttled, in conflict, no answer: the write may or may not have happened) and `StoreRequestError` (our
 * bug), both with the SDK's error as `cause`. How often the SDK repeats a call is the client's setting.
 */
export function createDynamoTable({ client, tableName, indexes = INDEXES }: DynamoTableOptions): Table {
  const TableName = tableName;
  return {
    get: async (key) => {
      assertKey(key);
      const command = new GetItemCommand({ TableName, Key: toKeyValues(key), ConsistentRead: true });
      const { Item } = await client.send(command).catch(rethrow);
      return Item && fromAttributeValues(Item);
    },

    query: async (input) => {
      assertKey({ pk: input.pk, sk: '-' });
      const index = input.index && indexes[input.index];
      if (input.index !== undefined && index === undefined) {
        throw new StoreRequestError(`table ${tableName} has no index ${input.index}`);
      }
      const range = keyRange(input);
      const names = index ?? TABLE_KEYS;
      const cursorNames = index === undefined ? ['pk', 'sk'] : [index.pk, index.sk, 'pk', 'sk'];
      const after = input.after === undefined ? undefined : readCursor(input.after, cursorNames);
      if (range === undefined) return { items: [] };
      const to = placeholders();
      const command = new QueryCommand({
        TableName,
        ...(index !== undefined && { IndexName: index.name }),
        KeyConditionExpression: keyExpression(input, range, { names, to }),
        ...to.parameters(),
        ConsistentRead: index === undefined,
        ScanIndexForward: input.newestFirst !== true,
        ...(input.limit !== undefined && { Limit: input.limit }),
        ...(after !== undefined && { ExclusiveStartKey: toAttributeValues(after) }),
      });
      const { Items = [], LastEvaluatedKey } = await client.send(command).catch(rethrow);
      return page(Items, LastEvaluatedKey);
    },

    write: async (writes, token) => {
      assertWrites(writes);
      const [only] = writes;
      try {
        if (writes.length === 1 && only !== undefined && only.kind !== 'check') {
          await writeOne(client, TableName, only);
        } else {
          const command = new TransactWriteItemsCommand({
            TransactItems: writes.map((write) => transactItem(write, TableName)),
            // Of a single check the token would make a repeated check true, whatever stands there by then.
            ...(token !== undefined &&
              writes.length > 1 && { ClientRequestToken: sha256Hex(token).slice(0, TOKEN_LENGTH) }),
          });
          await client.send(command);
        }
      } catch (error) {
        return failedConditions(error);
      }
      return { ok: true };
    },
  };
}

async function writeOne(
  client: DynamoDBClient,
  TableName: string,
  write: Exclude<Write, { kind: 'check' }>,
): Promise<void> {
  switch (write.kind) {
    case 'put':
      await client.send(new PutItemCommand(putOf(write, TableName)));
      return;
    case 'update':
      await client.send(new UpdateItemCommand(updateOf(write, TableName)));
      return;
    case 'delete':
      await client.send(new DeleteItemCommand(keyedOf(write, TableName)));
  }
}

function transactItem(write: Write, TableName: string): TransactWriteItem {
  switch (write.kind) {
    case 'put':
      return { Put: putOf(write, TableName) };
    case 'update':
      return { Update: updateOf(write, TableName) };
    case 'delete':
      return { Delete: keyedOf(write, TableName) };
    case 'check':
      return { ConditionCheck: checkOf(write, TableName) };
  }
}

function putOf({ item, condition }: Extract<Write, { kind: 'put' }>, TableName: string) {
  return { TableName, Item: toAttributeValues(storableItem(item)), ...conditionOf(condition) };
}

function updateOf({ key, update, condition }: Extract<Write, { kind: 'update' }>, TableName: string) {
  const to = placeholders();
  const UpdateExpression = updateExpression(update, to);
  return { TableName, Key: toKeyValues(key), UpdateExpression, ...conditionOf(condition, to) };
}

function keyedOf({ key, condition }: Extract<Write, { kind: 'delete' }>, TableName: string) {
  return { TableName, Key: toKeyValues(key), ...conditionOf(condition) };
}

function checkOf({ key, condition }: Extract<Write, { kind: 'check' }>, TableName: string) {
  const to = placeholders();
  const ConditionExpression = conditionExpression(condition, to);
  return { TableName, Key: toKeyValues(key), ConditionExpression, ...ALL_OLD, ...to.parameters() };
}

const ALL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

/** The condition and the placeholders of the whole request. */
function conditionOf(condition: Write['condition'], to = placeholders()) {
  if (condition === undefined) return to.parameters();
  const ConditionExpression = conditionExpression(condition, to);
  return { ConditionExpression, ...ALL_OLD, ...to.parameters() };
}

function page(
  values: readonly Record<string, AttributeValue>[],
  last: Record<string, AttributeValue> | undefined,
): Page {
  const items = values.map(fromAttributeValues);
  if (last === undefined || Object.keys(last).length === 0) return { items };
  return {
    items,
    next: cursorOf(Object.fromEntries(Object.entries(last).map(([name, { S = '' }]) => [name, S]))),
  };
}

function rethrow(error: unknown): never {
  throw storeFault(error);
}
