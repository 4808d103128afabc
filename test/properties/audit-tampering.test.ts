import fc from 'fast-check';
import { verifyLog } from '../../cli/audit/verify-log';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { type ChainHead, verifyChain } from '../../shared/domain/audit-chain';
import {
  entryBytes,
  entryText,
  GENESIS_LINK,
  joinLeaf,
  leafOf,
  linkedEntry,
  type StoredEntry,
} from '../../shared/domain/audit-entry';
import type { Item } from '../../shared/ports/table';
import { AuditLogBrokenError } from '../../shared/stores/audit-errors';
import { MAX_BATCH } from '../../shared/stores/audit-store';
import { allOf, auditTable, calmLog, randomHistory, START, seededRandom } from '../support/audit-scenario';

const SIZE = 300;
const RUNS = { numRuns: 300, seed: 20260105 };

interface Built {
  readonly entries: readonly StoredEntry[];
  readonly head: ChainHead;
  readonly rows: readonly Item[];
}
let built: Built;
beforeAll(async () => {
  const table = auditTable();
  const log = calmLog(table);
  const state = await randomHistory(seededRandom(11), SIZE + 60);
  const drafts = state.records.map(attributeRecord).slice(0, SIZE);
  for (let at = 0; at < SIZE; at += MAX_BATCH) await log.append(drafts.slice(at, at + MAX_BATCH), START + at);
  built = { entries: await allOf(log.entries(0)), head: await log.head(), rows: table.items() };
});

const place = fc.nat(SIZE - 1);
const two = fc
  .uniqueArray(place, { minLength: 2, maxLength: 2 })
  .map(([a = 0, b = 0]) => (a < b ? ([a, b] as const) : ([b, a] as const)));

/** Each kind of tampering, and the first entry that is no longer what was written. */
type Tampering = (entries: StoredEntry[]) => { entries: StoredEntry[]; firstBad: number };

const flipped = (bytes: Uint8Array, at: number, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
};
const bit = fc.integer({ min: 0, max: 7 });

const TAMPERINGS: Record<string, fc.Arbitrary<Tampering>> = {
  'an edited byte': fc.tuple(place, fc.nat(2000), bit).map(([n, at, b]) => (entries) => ({
    entries: entries.map((entry, index) =>
      index === n ? { ...entry, leaf: leafOf(flipped(entryBytes(entry.leaf), at, b)) } : entry,
    ),
    firstBad: n,
  })),
  'an edited link': fc.tuple(place, fc.nat(31), bit).map(([n, at, b]) => (entries) => ({
    entries: entries.map((entry, index) =>
      index === n ? { ...entry, link: flipped(entry.link, at, b) } : entry,
    ),
    firstBad: n,
  })),
  'an edited entry with its link made to fit': fc
    .tuple(place, fc.nat(2000), bit)
    .map(([n, at, b]) => (entries) => ({
      entries: entries.map((entry, index) => {
        if (index !== n) return entry;
        const bytes = entryBytes(entry.leaf);
        return linkedEntry(n, leafOf(flipped(bytes, 32 + (at % (bytes.length - 32)), b)));
      }),
      // The edit itself now hashes to its link: the next entry, or the head, does not follow it.
      firstBad: n + 1,
    })),
  'a deleted entry': place.map((n) => (entries) => ({ entries: entries.toSpliced(n, 1), firstBad: n })),
  'a deleted entry, the rest moved up': place.map((n) => (entries) => ({
    entries: entries.toSpliced(n, 1).map((entry, seq) => ({ ...entry, seq })),
    firstBad: n,
  })),
  'an inserted entry that follows': place.map((n) => (entries) => {
    const before = entries[n] as StoredEntry;
    const leaf = joinLeaf(before.link, `{"forged":true,"seq":${n + 1},"sequencedAt":0}`);
    const forged = linkedEntry(n + 1, leaf);
    const rest = entries.slice(n + 1).map((entry) => ({ ...entry, seq: entry.seq + 1 }));
    return {
      entries: [...entries.slice(0, n + 1), forged, ...rest],
      firstBad: n === SIZE - 1 ? SIZE : n + 2,
    };
  }),
  'two entries in each other’s place': two.map(([a, b]) => (entries) => {
    const swapped = [...entries];
    swapped[a] = entries[b] as StoredEntry;
    swapped[b] = entries[a] as StoredEntry;
    return { entries: swapped, firstBad: a };
  }),
  'two entries in each other’s place and seq': two.map(([a, b]) => (entries) => {
    const swapped = [...entries];
    swapped[a] = { ...(entries[b] as StoredEntry), seq: a };
    swapped[b] = { ...(entries[a] as StoredEntry), seq: b };
    return { entries: swapped, firstBad: a };
  }),
  'a cut-off end': fc
    .integer({ min: 0, max: SIZE - 1 })
    .map((n) => (entries) => ({ entries: entries.slice(0, n), firstBad: n })),
  'a repeated entry': fc.tuple(place, place).map(([n, at]) => (entries) => ({
    entries: entries.toSpliced(Math.max(n, at) + 1, 0, entries[n] as StoredEntry),
    firstBad: Math.max(n, at) + 1,
  })),
};

describe('verifyChain', () => {
  test.each(Object.entries(TAMPERINGS))('finds %s, and where', async (_name, tampering) => {
    await fc.assert(
      fc.asyncProperty(tampering, async (tamper) => {
        const { entries, firstBad } = tamper([...built.entries]);
        const report = await verifyChain(entries, { head: built.head });
        expect(report.problem).toBeDefined();
        expect(report.firstBad).toBeLessThanOrEqual(firstBad);
        expect(report.verified).toBe(report.firstBad);
        // Nothing before the tampering is called bad, except an edit that takes the seq out of a body.
        expect(report.firstBad).toBeGreaterThanOrEqual(firstBad - 1);
      }),
      RUNS,
    );
  });

  test('finds nothing in any stretch of a clean log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE), fc.nat(SIZE), async (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const stretch = built.entries.slice(from, to);
        const before = built.entries[from - 1];
        const report = await verifyChain(stretch, before ? { from: { seq: from, link: before.link } } : {});
        expect(report).toEqual({ entries: to - from, verified: to - from });
      }),
      RUNS,
    );
    expect(await verifyChain(built.entries, { head: built.head })).toEqual({ entries: SIZE, verified: SIZE });
    expect(await verifyChain([])).toEqual({ entries: 0, verified: 0 });
  });

  test('hashes the bytes that are stored: it never makes a text again', async () => {
    // No canonical text, and not even JSON: whether it can be read is asked after whether it is what was written.
    const leaf = joinLeaf(GENESIS_LINK, '{ "b": 1, "a" ,"seq":0,"sequencedAt":1}');
    const report = await verifyChain([linkedEntry(0, leaf)]);
    expect(report).toEqual({ entries: 1, verified: 1 });
  });

  test('cannot find a log rewritten to its end with its head: that is what signed checkpoints are for', async () => {
    let link = (built.entries[9] as StoredEntry).link;
    const rewritten = built.entries.slice(10).map(({ seq, leaf }) => {
      const forged = linkedEntry(seq, joinLeaf(link, entryText(leaf).replace('executor', 'somebody')));
      link = forged.link;
      return forged;
    });
    const report = await verifyChain([...built.entries.slice(0, 10), ...rewritten], {
      head: { size: SIZE, link },
    });
    expect(report.problem).toBeUndefined();
  });
});

describe('verifyLog', () => {
  const isFound = async (rows: readonly Item[]): Promise<boolean> => {
    const table = auditTable();
    table.load(rows);
    try {
      return (await verifyLog({ log: calmLog(table) })).problems.length > 0;
    } catch (fault) {
      if (fault instanceof AuditLogBrokenError) return true;
      throw fault;
    }
  };

  test('says nothing about a clean table', async () => {
    expect(await isFound(built.rows)).toBe(false);
  });

  test('finds any changed character of any entry or of the head', async () => {
    const rows = built.rows
      .map((row, index) => ({ row, index }))
      .filter(({ row }) => /^(ENTRY|HEAD)#/.test(row.pk));
    const chosen = fc.tuple(
      fc.constantFrom(...rows),
      fc.nat(),
      fc.nat(2000),
      fc.constantFrom('A', 'x', '7', '/', ' '),
    );
    await fc.assert(
      fc.asyncProperty(chosen, async ([{ row, index }, field, at, letter]) => {
        const names = ['previous', 'body', 'link', 'range'].filter((name) => row[name] !== undefined);
        const name = names[field % names.length] as string;
        const text = String(row[name]);
        const changed = `${text.slice(0, at % text.length)}${letter}${text.slice((at % text.length) + 1)}`;
        fc.pre(changed !== text);
        expect(await isFound(built.rows.with(index, { ...row, [name]: changed }))).toBe(true);
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  test('finds any removed entry, a row beyond the head, and a head set back', async () => {
    const entries = built.rows.filter(({ pk }) => pk.startsWith('ENTRY#'));
    for (const gone of entries.filter((_, n) => n % 17 === 0 || n === SIZE - 1)) {
      expect(await isFound(built.rows.filter((row) => row !== gone))).toBe(true);
    }
    const last = entries[entries.length - 1] as Item;
    expect(await isFound([...built.rows, { ...last, sk: String(SIZE).padStart(12, '0') }])).toBe(true);
    const back = built.rows.map((row) => (row.pk.startsWith('HEAD#') ? { ...row, size: SIZE - 1 } : row));
    expect(await isFound(back)).toBe(true);
  });
});
