import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpLog, LogDumpError } from '../../cli/audit/log-dump';
import { auditCompleteness, verifyLog } from '../../cli/audit/verify-log';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { merkleRoot } from '../../shared/domain/merkle-range';
import type { Item } from '../../shared/ports/table';
import {
  auditTable,
  calmLog,
  randomHistory,
  START,
  seededRandom,
  stateTable,
} from '../support/audit-scenario';

const CONTRACT = { pk: 'CONTRACT#c1', sk: 'CONTRACT' };
const OTHER = { pk: 'CONTRACT#c2', sk: 'CONTRACT' };

async function logOf(state: ReturnType<typeof stateTable>, skip: (n: number) => boolean = () => false) {
  const log = calmLog(auditTable());
  await log.append(state.records.filter((_, n) => !skip(n)).map(attributeRecord), START);
  return log;
}

async function twoContracts() {
  const state = stateTable();
  for (let n = 0; n < 4; n += 1) {
    await state.change(CONTRACT, { n });
    await state.change(OTHER, { n });
  }
  return state;
}

describe('verifyLog', () => {
  test('finds nothing in a clean log that has everything, also when hands were at work', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const state = await randomHistory(seededRandom(seed), 120);
      const log = await logOf(state);
      const report = await verifyLog({ log }, { stateItems: state.table.items() });
      const root = Buffer.from(merkleRoot((await log.head()).range)).toString('hex');
      const size = state.records.length;
      // An item made anew after a removal repeats its revs: marked, logged beside, and so no problem here.
      expect(report).toMatchObject({
        entries: size,
        verified: size,
        problems: [],
        root,
      });
      expect(report.firstBad).toBeUndefined();
      expect(report.unattributed).toBeGreaterThan(0);
    }
  });

  test('finds a change that was never logged, by its rev, wherever it was', async () => {
    const state = await twoContracts();
    const { problems } = await verifyLog(
      { log: await logOf(state, (n) => n === 2) },
      { stateItems: state.table.items() },
    );
    expect(problems).toEqual([{ code: 'REV_GAP', ...CONTRACT, seq: 3, rev: 3, expected: 2 }]);
    const last = await verifyLog(
      { log: await logOf(state, (n) => n === 7) },
      { stateItems: state.table.items() },
    );
    expect(last.problems).toEqual([{ code: 'LOG_BEHIND', ...OTHER, rev: 4, expected: 3 }]);
    const never = await verifyLog(
      { log: await logOf(state, (n) => n % 2 === 1) },
      { stateItems: state.table.items() },
    );
    expect(never.problems).toEqual([{ code: 'NOT_LOGGED', ...OTHER, rev: 4, expected: 0 }]);
  });

  test('finds a change that was undone outside the log, by the images', async () => {
    const state = await twoContracts();
    const item = (await state.table.get(CONTRACT)) as Item;
    await state.write({ kind: 'put', item: { ...item, n: 'by hand' } });
    await state.change(CONTRACT, { n: 5 });
    const { problems } = await verifyLog({ log: await logOf(state, (n) => n === 8) });
    expect(problems).toMatchObject([{ code: 'IMAGE_NOT_CONTINUED', ...CONTRACT, rev: 5 }]);
  });

  test('tells the log from the table in every way they can differ', async () => {
    const state = await twoContracts();
    const log = await logOf(state);
    const [first, second] = state.table.items() as [Item, Item];
    const codes = async (items: Item[]) =>
      (await auditCompleteness(items, log.entries(0))).map(({ code }) => code);
    expect(await codes([first, second])).toEqual([]);
    expect(await codes([first])).toEqual(['ITEM_GONE']);
    expect(await codes([first, { ...second, n: 'x' }])).toEqual(['IMAGE_DIFFERS']);
    expect(await codes([first, { ...second, rev: 3 }])).toEqual(['LOG_AHEAD']);
    expect(await codes([first, second, { pk: 'LOCK#1', sk: 'LOCK' }])).toEqual([]);
    expect(await codes([first, second, { pk: 'JOB#1', sk: 'JOB' }])).toEqual(['NOT_LOGGED']);
  });

  test('says of an empty log that it is empty', async () => {
    expect(await verifyLog({ log: calmLog(auditTable()) })).toMatchObject({
      entries: 0,
      verified: 0,
      problems: [],
    });
  });
});

describe('a dump', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grace-dump-'));
  const file = join(folder, 'log.jsonl');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is checked like the log it was taken from', async () => {
    const log = await logOf(await twoContracts());
    expect(await dumpLog(log, file)).toBe(8);
    expect(await verifyLog({ file })).toEqual(await verifyLog({ log }));
  });

  test('shows a line that was taken out, and the end cut off', async () => {
    await dumpLog(await logOf(await twoContracts()), file);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    writeFileSync(file, `${lines.toSpliced(3, 1).join('\n')}\n`);
    expect(await verifyLog({ file })).toMatchObject({
      verified: 2,
      firstBad: 2,
      problems: [{ code: 'SEQ_GAP', seq: 2 }],
    });
    writeFileSync(file, lines.slice(0, -1).join('\n'));
    expect(await verifyLog({ file })).toMatchObject({ problems: [{ code: 'TRUNCATED', seq: 7 }] });
  });

  test.each(['', '{}', 'x', '{"log":"g","size":3,"link":"","range":""}'])(
    'that is none is refused: %s',
    async (text) => {
      writeFileSync(file, text);
      await expect(verifyLog({ file })).rejects.toThrow(LogDumpError);
    },
  );
});
