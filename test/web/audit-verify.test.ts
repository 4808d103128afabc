import fc from 'fast-check';
import type { AuditEntryView } from '../../shared/contracts/api/audit';
import type { AuditBody } from '../../shared/contracts/audit-body';
import { encodeLeaf, entryBytes, GENESIS_LINK, leafOf, linkOfLeaf } from '../../shared/domain/audit-entry';
import { appendLeaf, EMPTY_RANGE, merkleRoot } from '../../shared/domain/merkle-range';
import { type Checkpoint, readCheckpoint } from '../../web/src/audit/checkpoint';
import { type Remembered, verifyLog } from '../../web/src/audit/verify';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A log as the API gives it, written by the very code that the sequencer uses. `closed`: where a second epoch begins. */
function logOf(size: number, reason = (seq: number) => `reason ${seq}`, closed?: number): AuditEntryView[] {
  const entries: AuditEntryView[] = [];
  let previous = GENESIS_LINK;
  for (let seq = 0; seq < size; seq += 1) {
    const body: AuditBody = {
      v: 1,
      log: 'grace',
      seq,
      sequencedAt: 1_700_000_000_000 + seq,
      item: { pk: 'CONTRACT#1', sk: 'CONTRACT' },
      rev: seq + 1,
      eventId: `event-${seq}`,
      event: 'contract.admitted',
      actor: 'admit',
      reason: reason(seq),
      correlationId: 'c',
      changed: [],
      ...(seq !== closed
        ? {}
        : { closes: { origin: 'grace/test/1', base: 0, size: seq, root: rootOf(entries) } }),
      attributed: true,
    };
    const leaf = encodeLeaf(previous, body);
    previous = linkOfLeaf(leaf);
    entries.push({
      seq,
      at: new Date(body.sequencedAt).toISOString(),
      item: 'CONTRACT#1/CONTRACT',
      rev: body.rev,
      event: body.event,
      actor: body.actor,
      inVoiceOf: null,
      reason: body.reason,
      changed: [],
      attributed: true,
      link: hex(previous),
      contractId: null,
      missionId: null,
      correlationId: 'c',
      bytes: Buffer.from(entryBytes(leaf)).toString('base64'),
    });
  }
  return entries;
}

async function* paged(entries: readonly AuditEntryView[], size = 3) {
  for (let from = 0; from < entries.length; from += size) yield entries.slice(from, from + size);
}

const headOf = (entries: readonly AuditEntryView[]) => ({
  size: entries.length,
  link: entries.at(-1)?.link ?? '00'.repeat(32),
});

function verify(
  entries: readonly AuditEntryView[],
  head = headOf(entries),
  remembered?: Remembered,
  checkpoints: readonly Checkpoint[] = [],
) {
  return verifyLog({ pages: paged(entries), head, remembered, checkpoints, onProgress: () => undefined });
}

const rootOf = (entries: readonly AuditEntryView[]): string =>
  hex(merkleRoot(entries.reduce((sum, { link }) => appendLeaf(sum, Buffer.from(link, 'hex')), EMPTY_RANGE)));

const WHOLE = logOf(20);
/** The log with one entry changed. */
const withEntry = (seq: number, change: Partial<AuditEntryView>) =>
  WHOLE.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));
const bytesOf = (seq: number) => Buffer.from(WHOLE[seq]?.bytes ?? '', 'base64');

describe('verifying the log in the browser', () => {
  test.each([0, 1, 2, 3, 7, 8, 20])(
    'a log of %i entries holds, and its root is the one that Grace computes',
    async (size) => {
      const entries = logOf(size);
      const result = await verify(entries);
      expect(result).toEqual({
        entries: size,
        root: rootOf(entries),
        link: headOf(entries).link,
        checkpoints: 0,
      });
    },
  );

  test('text beyond ASCII holds as well', async () => {
    expect((await verify(logOf(3, () => 'Größe „7“ 漢字 🙂'))).firstBad).toBeUndefined();
  });

  test('a changed byte is found at its entry', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(19),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        async (seq, at, mask) => {
          const bytes = bytesOf(seq);
          const place = at % bytes.length;
          bytes[place] = (bytes[place] as number) ^ mask;
          const result = await verify(withEntry(seq, { bytes: bytes.toString('base64') }));
          expect(result.firstBad?.seq).toBe(seq);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('an entry rewritten together with its link is found at the one after it', async () => {
    const bytes = Buffer.from(bytesOf(5).toString('latin1').replace('reason 5', 'reason X'), 'latin1');
    const link = hex(linkOfLeaf(leafOf(bytes)));
    const result = await verify(withEntry(5, { bytes: bytes.toString('base64'), link, reason: 'reason X' }));
    expect(result.firstBad).toEqual({ seq: 6, problem: 'BROKEN_CHAIN' });
  });

  test.each([
    ['left out', WHOLE.filter(({ seq }) => seq !== 7), { seq: 7, problem: 'GAP' }],
    [
      'said twice',
      WHOLE.flatMap((entry) => (entry.seq === 7 ? [entry, entry] : [entry])),
      { seq: 8, problem: 'GAP' },
    ],
    [
      'shown with another actor than its bytes say',
      withEntry(7, { actor: 'somebody else' }),
      { seq: 7, problem: 'OTHER_BODY' },
    ],
    [
      'shown with a voice that its bytes do not name',
      withEntry(7, { inVoiceOf: 'somebody else' }),
      { seq: 7, problem: 'OTHER_BODY' },
    ],
    [
      'without a body',
      withEntry(7, { bytes: bytesOf(7).subarray(0, 32).toString('base64') }),
      { seq: 7, problem: 'NOT_READABLE' },
    ],
  ])('an entry that is %s is found', async (_name, entries, firstBad) => {
    expect((await verify(entries, headOf(WHOLE))).firstBad).toEqual(firstBad);
  });

  test('an end that is cut off under the same head is found', async () => {
    const result = await verify(WHOLE.slice(0, 15), headOf(WHOLE));
    expect(result.firstBad).toEqual({ seq: 15, problem: 'TRUNCATED' });
  });

  test('a head that names another last link is found', async () => {
    const result = await verify(WHOLE, { size: 20, link: '11'.repeat(32) });
    expect(result.firstBad?.problem).toBe('HEAD_MISMATCH');
  });

  describe('signed checkpoints', () => {
    const noteOf = (size: number, of = WHOLE) =>
      `grace/test\n${size}\n${Buffer.from(rootOf(of.slice(0, size)), 'hex').toString('base64')}\n\n— grace/test c2ln\n`;
    const read = (note: string) => readCheckpoint(note) as Checkpoint;

    test('that say the tree that was computed are counted', async () => {
      const result = await verify(WHOLE, headOf(WHOLE), undefined, [read(noteOf(7)), read(noteOf(20))]);
      expect(result).toMatchObject({ checkpoints: 2 });
      expect(result.firstBad).toBeUndefined();
    });

    test('find a log that was rewritten as a whole, head and all', async () => {
      const other = logOf(20, (seq) => (seq === 4 ? 'another reason' : `reason ${seq}`));
      const result = await verify(other, headOf(other), undefined, [read(noteOf(7))]);
      expect(result.firstBad).toEqual({ seq: 7, problem: 'OTHER_TREE' });
    });

    test('find an end that was cut off, head and all', async () => {
      const cut = WHOLE.slice(0, 9);
      const result = await verify(cut, headOf(cut), undefined, [read(noteOf(20))]);
      expect(result.firstBad).toEqual({ seq: 9, problem: 'CUT_OFF' });
    });

    test.each(['', 'grace', 'grace\nmany\nAAAA', 'grace\n1\nnot base64'])('%j is none', (note) => {
      expect(readCheckpoint(note)).toBeUndefined();
    });
  });

  describe('a log of two epochs', () => {
    const both = logOf(20, undefined, 12);
    const signed = (epoch: number, size: number, of = both): Checkpoint => {
      const base = epoch === 1 ? 0 : 12;
      return { epoch, size, root: rootOf(of.slice(base, base + size)) };
    };
    const found = async (entries: readonly AuditEntryView[], checkpoints: readonly Checkpoint[] = []) =>
      (await verify(entries, headOf(entries), undefined, checkpoints)).firstBad;

    test('holds, each epoch under its own checkpoints, and the root is the newest one’s', async () => {
      const result = await verify(both, headOf(both), undefined, [signed(1, 7), signed(1, 12), signed(2, 5)]);
      expect(result).toMatchObject({ entries: 20, checkpoints: 3, root: rootOf(both.slice(12)) });
      expect(result.firstBad).toBeUndefined();
    });

    test('does not hold where the second closes another tree than the first is', async () => {
      const other = logOf(12, (seq) => (seq === 4 ? 'another reason' : `reason ${seq}`));
      const closing = logOf(20, (seq) => (seq === 4 ? 'another reason' : `reason ${seq}`), 12);
      expect(rootOf(other)).not.toBe(rootOf(both.slice(0, 12)));
      const bytes = Buffer.from(closing[12]?.bytes ?? '', 'base64').toString('latin1');
      const forged = Buffer.from(bytes.replace(rootOf(other), rootOf(both.slice(0, 12))), 'latin1');
      const entry = { bytes: forged.toString('base64'), link: hex(linkOfLeaf(leafOf(forged))) };
      const entries = closing.slice(0, 13).map((one) => (one.seq === 12 ? { ...one, ...entry } : one));
      expect(await found(entries)).toEqual({ seq: 12, problem: 'OTHER_EPOCH' });
    });

    test('does not hold where more of an epoch was signed than it has, or an epoch that is not there', async () => {
      expect(await found(both, [{ ...signed(1, 12), size: 13 }])).toEqual({ seq: 12, problem: 'CUT_OFF' });
      expect(await found(both, [{ ...signed(2, 8), epoch: 3 }])).toEqual({ seq: 20, problem: 'CUT_OFF' });
    });
  });

  describe('a browser that has verified it before', () => {
    const before = { size: 10, link: WHOLE[9]?.link ?? '' };

    test('finds that it continues', async () => {
      expect((await verify(WHOLE, headOf(WHOLE), before)).firstBad).toBeUndefined();
    });

    test('finds a log that was rewritten as a whole, head and all', async () => {
      const other = logOf(20, (seq) => (seq === 4 ? 'another reason' : `reason ${seq}`));
      expect((await verify(other, headOf(other), before)).firstBad?.problem).toBe('REWRITTEN');
    });

    test('finds an end that was cut off, head and all', async () => {
      const cut = WHOLE.slice(0, 9);
      expect((await verify(cut, headOf(cut), before)).firstBad?.problem).toBe('REWRITTEN');
    });
  });
});
