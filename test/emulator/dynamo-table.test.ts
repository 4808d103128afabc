import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Write } from '../../shared/ports/table';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { emulatorTable } from '../support/emulator-table';
import { answer, itemsOf, randomWrites, within } from '../support/random-writes';
import { describeTable } from '../support/table-suite';

const table = emulatorTable('table-suite');

/** Differences of MiniStack 1.4.21 from AWS; the sentences hold for the table in memory. */
const EMULATOR_DIFFERENCES = {
  'a number has no size': 'MiniStack gives the length of its numeral; on AWS the condition is false',
  'makes no item by taking away': 'MiniStack makes an item of the key alone',
  'refuses to remove from a map that is not there': 'MiniStack ignores it; AWS gives a ValidationException',
  'ends a page at 1 MB and goes on': 'MiniStack has no limit of bytes for a page',
};

describeTable('the table in DynamoDB', table, EMULATOR_DIFFERENCES);

describe('the table in DynamoDB and the one in memory', () => {
  it('give the same answers and hold the same items, whatever is written', async () => {
    const calls = fc.array(randomWrites, { minLength: 5, maxLength: 25 });
    const real = await table();
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const prefix = `${randomUUID()}#`;
        const memory = createMemoryTable({ clock: Date });
        for (const writes of sequence.map((call) => within(prefix, call))) {
          const [expected, got] = [await answer(memory, writes), await answer(real, writes)];
          // From here on the two hold different items.
          if (takesUnsuitedUpdate(writes, expected, got)) return;
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

/**
 * MiniStack takes a transaction that sets a member of what is no map, and drops that update; AWS refuses the
 * whole transaction.
 */
function takesUnsuitedUpdate(writes: readonly Write[], expected: unknown, got: unknown): boolean {
  const nests = writes.some(
    (one) => one.kind === 'update' && one.update.set?.some(([path]) => path.length > 1),
  );
  const taken = typeof got === 'object' && (got as { ok: boolean }).ok;
  return writes.length > 1 && nests && expected === 'refused' && taken;
}
