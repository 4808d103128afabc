import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { Condition, Write } from '../../shared/ports/table';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { StoreRequestError, StoreUnavailableError } from '../../shared/stores/errors';

const client = mockClient(DynamoDBClient);
const table = createDynamoTable({ client: client as unknown as DynamoDBClient, tableName: 'state' });
const key = { pk: 'CONTRACT#1', sk: 'CONTRACT' };
const Key = { pk: { S: key.pk }, sk: { S: key.sk } };
const other = { pk: 'CONTRACT#1', sk: 'PLAN' };
const condition: Condition = { op: '=', path: ['status'], value: 'planned' };

/** The input of the only call made. */
const sent = () => client.calls()[0]?.args[0].input as unknown as Record<string, unknown>;

beforeEach(() => client.reset());

describe('requests of the table in DynamoDB', () => {
  it('alias every name and value of conditions, and ask for the old item', async () => {
    await table.write([
      {
        kind: 'put',
        item: { ...key, s: new Set(['x']), gone: undefined },
        condition: {
          op: 'and',
          of: [
            { op: 'or', of: [condition, { op: 'absent', path: ['votes', 'a.b'] }] },
            { op: 'not', of: { op: 'contains', path: ['excluded'], value: 'x' } },
            { op: 'in', path: ['status'], values: ['a', 1] },
            { op: 'size<', path: ['holders'], value: 6 },
            { op: '<>', path: ['flag'], value: true },
            { op: 'exists', path: ['pk'] },
          ],
        },
      },
    ]);
    expect(client.commandCalls(PutItemCommand)).toHaveLength(1);
    expect(sent()).toEqual({
      TableName: 'state',
      Item: { ...Key, s: { SS: ['x'] } },
      ConditionExpression:
        '(#0 = :0 OR attribute_not_exists(#1.#2)) AND NOT contains(#3, :1) AND #0 IN (:2, :3)' +
        ' AND size(#4) < :4 AND #5 <> :5 AND attribute_exists(#6)',
      ExpressionAttributeNames: {
        '#0': 'status',
        '#1': 'votes',
        '#2': 'a.b',
        '#3': 'excluded',
        '#4': 'holders',
        '#5': 'flag',
        '#6': 'pk',
      },
      ExpressionAttributeValues: {
        ':0': { S: 'planned' },
        ':1': { S: 'x' },
        ':2': { S: 'a' },
        ':3': { N: '1' },
        ':4': { N: '6' },
        ':5': { BOOL: true },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('have no redundant parentheses, which DynamoDB refuses', async () => {
    const one = (of: Condition): Condition => ({ op: 'and', of: [of] });
    const both: Condition = { op: 'and', of: [condition, condition] };
    const text = async (tested: Condition) => {
      client.reset();
      await table.write([{ kind: 'delete', key, condition: tested }]);
      return sent().ConditionExpression;
    };
    expect(await text(one(one(condition)))).toBe('#0 = :0');
    expect(await text({ op: 'not', of: { op: 'not', of: one(condition) } })).toBe('NOT NOT #0 = :0');
    expect(await text({ op: 'not', of: one(both) })).toBe('NOT (#0 = :0 AND #0 = :1)');
    expect(await text({ op: 'or', of: [one(both), condition] })).toBe('(#0 = :0 AND #0 = :1) OR #0 = :2');
  });

  it('share placeholders between update and condition, and put members of one set together', async () => {
    await table.write([
      {
        kind: 'update',
        key,
        update: {
          set: [
            [['status'], 'approved'],
            [['votes', 'ann'], { at: 1 }],
          ],
          remove: [['callback', 'due']],
          add: [['rev', 1]],
          include: [
            ['holders', 'a'],
            ['holders', 'b'],
            ['holders', 'a'],
          ],
          exclude: [['waiting', 'a']],
        },
        condition,
      },
    ]);
    expect(client.commandCalls(UpdateItemCommand)).toHaveLength(1);
    expect(sent()).toMatchObject({
      Key,
      UpdateExpression: 'SET #0 = :0, #1.#2 = :1 REMOVE #3.#4 ADD #5 :2, #6 :3 DELETE #7 :4',
      ConditionExpression: '#0 = :5',
      ExpressionAttributeValues: {
        ':1': { M: { at: { N: '1' } } },
        ':3': { SS: ['a', 'b'] },
        ':5': { S: 'planned' },
      },
    });
  });

  it('leave out what is empty', async () => {
    await table.write([{ kind: 'delete', key }]);
    expect(client.commandCalls(DeleteItemCommand)[0]?.args[0].input).toEqual({ TableName: 'state', Key });
    client.reset();
    await table.write([{ kind: 'update', key, update: { remove: [['a']] } }]);
    expect(sent()).not.toHaveProperty('ExpressionAttributeValues');
  });

  it('make a transaction of several writes, with a token of 36 characters', async () => {
    const writes: readonly Write[] = [
      { kind: 'put', item: { ...other } },
      { kind: 'check', key, condition },
    ];
    await table.write(writes, 'a token longer than thirty-six characters');
    await table.write(writes, 'a token longer than thirty-six characters');
    await table.write(writes, 'another');
    const [first, again, another] = client
      .commandCalls(TransactWriteItemsCommand)
      .map(({ args }) => args[0].input);
    expect(again).toEqual(first);
    expect(first?.ClientRequestToken).toMatch(/^[0-9a-f]{36}$/);
    expect(another?.ClientRequestToken).not.toBe(first?.ClientRequestToken);
    expect(first?.TransactItems?.[1]).toEqual({
      ConditionCheck: {
        TableName: 'state',
        Key,
        ConditionExpression: '#0 = :0',
        ExpressionAttributeNames: { '#0': 'status' },
        ExpressionAttributeValues: { ':0': { S: 'planned' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    });
  });

  it('check one item by a transaction without a token', async () => {
    await table.write([{ kind: 'check', key, condition }], 'token');
    expect(client.commandCalls(TransactWriteItemsCommand)).toHaveLength(1);
    expect(sent()).not.toHaveProperty('ClientRequestToken');
  });

  it('read consistently, but not on an index', async () => {
    client.on(GetItemCommand).resolves({ Item: { ...Key, n: { N: '1' } } });
    client.on(QueryCommand).resolves({ Items: [] });
    expect(await table.get(key)).toEqual({ ...key, n: 1 });
    await table.query({ pk: 'P' });
    await table.query({ pk: 'OPEN#1', index: 'open', skTo: '9', newestFirst: true, limit: 3 });
    const [get, query, index] = client.calls().map(({ args }) => args[0].input);
    expect(get).toMatchObject({ ConsistentRead: true });
    expect(query).toMatchObject({ ConsistentRead: true, KeyConditionExpression: '#0 = :0' });
    expect(index).toMatchObject({
      IndexName: 'open',
      ConsistentRead: false,
      ScanIndexForward: false,
      Limit: 3,
      KeyConditionExpression: '#0 = :0 AND #1 <= :1',
      ExpressionAttributeNames: { '#0': 'openPk', '#1': 'openSk' },
    });
  });

  it('hand the end of a page back as the start of the next', async () => {
    const LastEvaluatedKey = { ...Key, openPk: { S: 'OPEN#1' }, openSk: { S: '7' } };
    client.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey });
    const { next = '' } = await table.query({ pk: 'OPEN#1', index: 'open' });
    await table.query({ pk: 'OPEN#1', index: 'open', after: next });
    expect(client.calls()[1]?.args[0].input).toMatchObject({ ExclusiveStartKey: LastEvaluatedKey });
    await expect(table.query({ pk: 'OPEN#1', after: next })).rejects.toThrow(StoreRequestError);
  });

  it('are not made for what is wrong anyway, or can find nothing', async () => {
    await expect(table.write([])).rejects.toThrow(StoreRequestError);
    await expect(table.get({ pk: '', sk: 'A' })).rejects.toThrow(StoreRequestError);
    const bare = createDynamoTable({
      client: client as unknown as DynamoDBClient,
      tableName: 'audit',
      indexes: {},
    });
    await expect(bare.query({ pk: 'P', index: 'open' })).rejects.toThrow('audit has no index open');
    expect(await table.query({ pk: 'P', skFrom: 'b', skTo: 'a' })).toEqual({ items: [] });
    expect(client.calls()).toEqual([]);
  });
});

describe('answers of the table in DynamoDB', () => {
  const $metadata = { httpStatusCode: 400 };
  const one: readonly Write[] = [{ kind: 'put', item: { ...key }, condition }];
  const two: readonly Write[] = [...one, { kind: 'check', key: other, condition }];
  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      $metadata,
      message: 'cancelled',
      CancellationReasons: codes.map((Code) => ({
        Code,
        ...(Code === 'ConditionalCheckFailed' && { Item: Key }),
      })),
    });
  const fault = (name: string, $fault: 'client' | 'server', httpStatusCode = 400) =>
    Object.assign(new Error(name), { name, $fault, $metadata: { httpStatusCode } });

  it('tell a failed condition with the old item, if there was one', async () => {
    client
      .on(PutItemCommand)
      .rejectsOnce(new ConditionalCheckFailedException({ $metadata, message: '', Item: Key }));
    expect(await table.write(one)).toEqual({ ok: false, failed: [{ index: 0, item: key }] });
    client.reset();
    client.on(PutItemCommand).rejectsOnce(new ConditionalCheckFailedException({ $metadata, message: '' }));
    expect(await table.write(one)).toEqual({ ok: false, failed: [{ index: 0, item: undefined }] });
  });

  it('tell which conditions of a transaction failed', async () => {
    client.on(TransactWriteItemsCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));
    expect(await table.write(two)).toEqual({ ok: false, failed: [{ index: 1, item: key }] });
  });

  it.each([
    [['ConditionalCheckFailed', 'TransactionConflict'], StoreUnavailableError],
    [['ThrottlingError', 'None'], StoreUnavailableError],
    [['ProvisionedThroughputExceeded', 'None'], StoreUnavailableError],
    [['ConditionalCheckFailed', 'ValidationError'], StoreRequestError],
    [['TransactionConflict', 'ValidationError'], StoreRequestError],
    [['None', 'None'], StoreUnavailableError],
  ])('take a transaction cancelled by %p for no failed condition', async (codes, type) => {
    const error = cancelled(...codes);
    client.on(TransactWriteItemsCommand).rejects(error);
    const thrown: unknown = await table.write(two).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(type);
    expect((thrown as Error).cause).toBe(error);
  });

  it.each([
    [fault('ProvisionedThroughputExceededException', 'client'), StoreUnavailableError],
    [fault('ThrottlingException', 'client'), StoreUnavailableError],
    [fault('TransactionConflictException', 'client'), StoreUnavailableError],
    [fault('TransactionInProgressException', 'client'), StoreUnavailableError],
    [fault('InternalServerError', 'server', 500), StoreUnavailableError],
    [fault('ServiceUnavailable', 'server', 503), StoreUnavailableError],
    [new Error('socket hang up'), StoreUnavailableError],
    [fault('ValidationException', 'client'), StoreRequestError],
    [fault('ResourceNotFoundException', 'client'), StoreRequestError],
    [fault('AccessDeniedException', 'client'), StoreRequestError],
    [fault('IdempotentParameterMismatchException', 'client'), StoreRequestError],
  ])('throw for %s', async (error, type) => {
    client.rejects(error);
    for (const call of [
      () => table.write(one),
      () => table.write(two),
      () => table.get(key),
      () => table.query(key),
    ]) {
      const thrown: unknown = await call().catch((caught: unknown) => caught);
      expect(thrown).toBeInstanceOf(type);
      expect((thrown as Error).cause).toBe(error);
    }
  });
});
