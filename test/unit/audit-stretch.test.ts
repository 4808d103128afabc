import { verifyChain } from '../../shared/domain/audit-chain';
import {
  entryBytes,
  GENESIS_LINK,
  joinLeaf,
  leafOf,
  linkedEntry,
  type StoredEntry,
} from '../../shared/domain/audit-entry';
import { holdingEntries } from '../../shared/domain/audit-stretch';

function entriesFrom(seq: number, count: number, bodyOf: (seq: number) => string): StoredEntry[] {
  let link = GENESIS_LINK;
  return Array.from({ length: count }, (_, n) => {
    const entry = linkedEntry(seq + n, joinLeaf(link, bodyOf(seq + n)));
    link = entry.link;
    return entry;
  });
}
const usual = (seq: number) => `{"actor":"executor-ec2","seq":${seq},"sequencedAt":1767614400000,"v":1}`;
const held = (entries: readonly StoredEntry[], seq = entries[0]?.seq ?? 0) =>
  holdingEntries(entries, { seq, link: GENESIS_LINK });

function* flips(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length * 8; at += 1) {
    const flipped = Uint8Array.from(bytes);
    flipped[at >> 3] = (flipped[at >> 3] as number) ^ (1 << (at & 7));
    yield flipped;
  }
}

describe('the fast loop', () => {
  test.each([0, 5, 95, 9_995, 99_999_995, 999_999_999_995])('counts %d and on, over a digit more', (seq) => {
    expect(held(entriesFrom(seq, 20, usual))).toBe(20);
  });

  test('finds every flipped bit of an entry, and of its link', () => {
    const entries = entriesFrom(98, 4, usual);
    const third = entries[2] as StoredEntry;
    for (const bytes of flips(entryBytes(third.leaf)))
      expect(held(entries.with(2, { ...third, leaf: leafOf(bytes) }))).toBe(2);
    for (const link of flips(third.link)) expect(held(entries.with(2, { ...third, link }))).toBe(2);
  });

  test('finds every flipped bit of the link that an entry follows, though its own link fits', () => {
    const entries = entriesFrom(98, 2, usual);
    for (const link of flips((entries[0] as StoredEntry).link))
      expect(held(entries.with(1, linkedEntry(99, joinLeaf(link, usual(99)))))).toBe(1);
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
