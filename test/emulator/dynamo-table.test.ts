import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { INDEXES } from '../../shared/names';
import type { Write } from '../../shared/ports/table';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { answer, itemsOf, randomWrites, within } from '../support/random-writes';
import { describeTable } from '../support/table-suite';

// Endpoint, region and credentials come from the environment (`environment.ts`).
const client = new DynamoDBClient({});
const tableName = `grace-table-suite-${randomUUID()}`;
const attributes = ['pk', 'sk', ...Object.values(INDEXES).flatMap(({ pk, sk }) => [pk, sk])];

beforeAll(async () => {
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

/** Differences of MiniStack 1.4.21 from AWS; the sentences hold for the table in memory. */
const EMULATOR_DIFFERENCES = {
  'a number has no size': 'MiniStack gives the length of its numeral; on AWS the condition is false',
  'makes no item by taking away': 'MiniStack makes an item of the key alone',
  'refuses to remove from a map that is not there': 'MiniStack ignores it; AWS gives a ValidationException',
  'ends a page at 1 MB and goes on': 'MiniStack has no limit of bytes for a page',
};

describeTable(
  'the table in DynamoDB',
  async () => createDynamoTable({ client, tableName }),
  EMULATOR_DIFFERENCES,
);

describe('the table in DynamoDB and the one in memory', () => {
  it('give the same answers and hold the same items, whatever is written', async () => {
    const calls = fc.array(randomWrites, { minLength: 5, maxLength: 25 });
    const real = createDynamoTable({ client, tableName });
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const prefix = `${randomUUID()}#`;
        const memory = createMemoryTable({ clock: Date });
        for (const writes of sequence.map((call) => within(prefix, call))) {
          const [expected, got] = [await answer(memory, writes), await answer(real, writes)];
          if (!looksAtUpdatesFirst(writes, expected, got)) expect(got).toEqual(expected);
        }
        expect(await itemsOf(memory, prefix)).toEqual(await itemsOf(real, prefix));
      }),
      { numRuns: Number(process.env.TABLE_RUNS ?? 60), interruptAfterTimeLimit: 20_000 },
    );
  });
});

/**
 * MiniStack refuses a transaction for an update that does not suit its item even when the condition on that
 * item fails; AWS looks at the condition first. Nothing is written either way.
 */
function looksAtUpdatesFirst(writes: readonly Write[], expected: unknown, got: unknown): boolean {
  const failed = typeof expected === 'object' && (expected as { ok: boolean }).ok === false;
  return writes.length > 1 && failed && got === 'refused';
}

function keySchema({ pk, sk }: { readonly pk: string; readonly sk: string }) {
  return [
    { AttributeName: pk, KeyType: 'HASH' as const },
    { AttributeName: sk, KeyType: 'RANGE' as const },
  ];
}
