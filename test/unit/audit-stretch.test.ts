import { verifyChain } from '../../shared/domain/audit-chain';
import { entryLink, GENESIS_LINK, joinEntry, type StoredEntry } from '../../shared/domain/audit-entry';
import { holdingEntries } from '../../shared/domain/audit-stretch';

/** Bodies as short as they can be, and one that is longer than a page of memory. */
function entriesFrom(seq: number, count: number, bodyOf: (seq: number) => string): StoredEntry[] {
  let link = GENESIS_LINK;
  return Array.from({ length: count }, (_, n) => {
    const bytes = joinEntry(link, bodyOf(seq + n));
    link = entryLink(bytes);
    return { seq: seq + n, bytes, link };
  });
}
const usual = (seq: number) => `{"actor":"executor-ec2","seq":${seq},"sequencedAt":1767614400000,"v":1}`;
const held = (entries: readonly StoredEntry[], seq = entries[0]?.seq ?? 0) =>
  holdingEntries(entries, { seq, link: GENESIS_LINK });

describe('the fast loop', () => {
  test.each([0, 5, 95, 9_995, 99_999_995, 999_999_999_995])('counts %d and on, over a digit more', (seq) => {
    expect(held(entriesFrom(seq, 20, usual))).toBe(20);
  });

  test('finds every flipped bit of an entry, and of its link', () => {
    const entries = entriesFrom(98, 4, usual);
    const third = entries[2] as StoredEntry;
    for (const field of ['bytes', 'link'] as const) {
      for (let at = 0; at < third[field].length * 8; at += 1) {
        const bytes = Uint8Array.from(third[field]);
        bytes[at >> 3] = (bytes[at >> 3] as number) ^ (1 << (at & 7));
        expect(held(entries.with(2, { ...third, [field]: bytes }))).toBe(2);
      }
    }
  });

  test('finds a link that is too long', () => {
    const entries = entriesFrom(0, 2, usual);
    const first = entries[0] as StoredEntry;
    expect(held(entries.with(0, { ...first, link: Buffer.concat([first.link, Buffer.of(0)]) }))).toBe(0);
  });

  test('finds a body that says another seq, though its hash fits', () => {
    for (const said of [0, 1, 10, 99, 101, 1_100, 100_100]) {
      const entries = entriesFrom(100, 1, () => usual(said));
      expect(held(entries)).toBe(0);
    }
  });

  test('stops at what is not of the usual form, which is then looked at closely and holds', async () => {
    const forms = {
      'a time of 14 digits': (seq: number) => `{"a":1,"seq":${seq},"sequencedAt":17676144000000,"v":1}`,
      'a short one': (seq: number) => `{"a":1,"seq":${seq},"sequencedAt":1}`,
      'one of 70,000 bytes': (seq: number) =>
        `{"a":"${'x'.repeat(70_000)}","seq":${seq},"sequencedAt":1767614400000,"v":1}`,
    };
    for (const form of Object.values(forms)) {
      const entries = entriesFrom(0, 5, (seq) => (seq === 2 ? form(seq) : usual(seq)));
      expect(held(entries)).toBe(2);
      expect(await verifyChain(entries)).toEqual({ entries: 5, verified: 5 });
      expect(await verifyChain(entries.with(3, { ...(entries[3] as StoredEntry), seq: 4 }))).toMatchObject({
        firstBad: 3,
        problem: 'SEQ_GAP',
      });
    }
  });

  test('counts no number that has more digits than it compares', async () => {
    const entries = entriesFrom(10 ** 13 - 1, 2, usual);
    expect(held(entries)).toBe(0);
    const from = { seq: 10 ** 13 - 1, link: GENESIS_LINK };
    expect(await verifyChain(entries, { from })).toEqual({ entries: 2, verified: 2 });
  });
});
