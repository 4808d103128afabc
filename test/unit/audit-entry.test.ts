import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { AuditBody } from '../../shared/contracts/audit-body';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import {
  encodeLeaf,
  entryBytes,
  entryText,
  GENESIS_LINK,
  leafOf,
  linkOfLeaf,
  previousLink,
  saysSeq,
} from '../../shared/domain/audit-entry';
import { canonicalJson } from '../../shared/domain/canonical-json';
import { sha256Hex } from '../../shared/domain/digest';
import { changedFields, imageDigest } from '../../shared/domain/image-digest';
import {
  appendLeaf,
  decodeRange,
  EMPTY_RANGE,
  encodeRange,
  type MerkleRange,
  merkleRoot,
} from '../../shared/domain/merkle-range';
import type { ChangeRecord, Item } from '../../shared/ports/table';
import { changeOf, stateTable } from '../support/audit-scenario';

const KEY = { pk: 'CONTRACT#c1', sk: 'CONTRACT' };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const BODY: AuditBody = {
  v: 1,
  log: 'grace',
  seq: 7,
  sequencedAt: 1_767_614_400_000,
  item: KEY,
  rev: 2,
  eventId: 'e1',
  event: 'agentic.action_executing',
  actor: 'executor',
  reason: 'says ,"seq":9,"sequencedAt": in words',
  correlationId: 'k1',
  changed: ['status'],
  before: sha256Hex('a'),
  after: sha256Hex('b'),
  attributed: true,
};

describe('an audit entry', () => {
  const leaf = encodeLeaf(GENESIS_LINK, BODY);

  test('is the previous link and the canonical body', () => {
    expect(hex(previousLink(leaf))).toBe('00'.repeat(32));
    expect(entryText(leaf)).toBe(canonicalJson(BODY as never));
    expect(entryBytes(leaf)).toHaveLength(32 + entryText(leaf).length);
    expect(readAuditBody(leaf)).toEqual(BODY);
  });

  test('is linked by its RFC 6962 leaf hash', () => {
    expect(hex(linkOfLeaf(leaf))).toBe(sha256Hex(Buffer.concat([Buffer.of(0), entryBytes(leaf)])));
    expect(hex(leafOf(entryBytes(leaf)))).toBe(hex(leaf));
    expect(hex(linkOfLeaf(leafOf(new Uint8Array())))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  test('says its seq, whatever its texts say', () => {
    expect(saysSeq(leaf, 7)).toBe(true);
    expect(saysSeq(leaf, 9)).toBe(false);
    expect(saysSeq(leaf, 0)).toBe(false);
  });

  test.each([0, 10, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER])('says its seq %i', (seq) => {
    const entry = encodeLeaf(GENESIS_LINK, { ...BODY, seq });
    expect(saysSeq(entry, seq)).toBe(true);
    // What is left of it in 32 bits, and with a digit more or less.
    for (const other of [seq | 0, seq * 10, Math.floor(seq / 10), seq + 1].filter((n) => n !== seq))
      expect(saysSeq(entry, other)).toBe(false);
  });

  test('leaves out what is undefined', () => {
    const entry = encodeLeaf(GENESIS_LINK, { ...BODY, missionId: undefined } as unknown as AuditBody);
    expect(hex(entry)).toBe(hex(leaf));
  });
});

describe('the Merkle range', () => {
  const LEAVES = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const ranges: MerkleRange[] = [EMPTY_RANGE];
  for (const leaf of LEAVES) {
    ranges.push(
      appendLeaf(ranges[ranges.length - 1] ?? EMPTY_RANGE, linkOfLeaf(leafOf(Buffer.from(leaf, 'hex')))),
    );
  }
  const vectors = join(__dirname, '../../../shared/data/vectors/rfc6962-consistency.json');
  const published = existsSync(vectors) || process.env.CI === 'true' ? test : test.skip;

  published('has the published roots', () => {
    const { cases } = JSON.parse(readFileSync(vectors, 'utf8'));
    const roots = new Map<number, string>();
    for (const one of cases) {
      if (one.wantErr || !one.file.match(/^\d/)) continue;
      roots.set(one.size1, one.root1).set(one.size2, one.root2);
    }
    expect([...roots.keys()].sort()).toEqual([1, 2, 5, 6, 7, 8]);
    for (const [size, root] of roots) {
      expect(Buffer.from(merkleRoot(ranges[size] as MerkleRange)).toString('base64')).toBe(root);
    }
  });

  test('of nothing has the hash of nothing', () => {
    expect(hex(merkleRoot(EMPTY_RANGE))).toBe(sha256Hex(''));
  });

  test('agrees with the recursive definition, and comes back from its text', () => {
    const leaves = Array.from({ length: 130 }, (_, n) => linkOfLeaf(leafOf(Buffer.from(`leaf ${n}`))));
    const root = (of: readonly Uint8Array[]): Uint8Array => {
      if (of.length === 1) return of[0] as Uint8Array;
      const half = 2 ** Math.ceil(Math.log2(of.length) - 1);
      const node = Buffer.concat([Buffer.of(1), root(of.slice(0, half)), root(of.slice(half))]);
      return Buffer.from(sha256Hex(node), 'hex');
    };
    let range = EMPTY_RANGE;
    leaves.forEach((leaf, n) => {
      range = decodeRange(range.size, encodeRange(range));
      range = appendLeaf(range, leaf);
      expect(hex(merkleRoot(range))).toBe(hex(root(leaves.slice(0, n + 1))));
    });
  });

  test('is refused when it does not fit the size or is not base64 as we write it', () => {
    const text = encodeRange(ranges[3] as MerkleRange);
    expect(() => decodeRange(4, text)).toThrow(RangeError);
    expect(() => decodeRange(3, `${text} `)).toThrow(RangeError);
    expect(decodeRange(2 ** 40, encodeRange(ranges[1] as MerkleRange)).hashes).toHaveLength(1);
  });
});

describe('an image', () => {
  test('has one digest whatever the order of its fields and of its sets’ members', () => {
    const one = { pk: 'a', set: new Set(['x', 'y']), gone: undefined };
    const other = { set: new Set(['y', 'x']), pk: 'a' };
    expect(imageDigest(one)).toBe(imageDigest(other));
    expect(imageDigest(one)).toBe(sha256Hex('{"pk":"a","set":["x","y"]}'));
    expect(changedFields(one, other)).toEqual([]);
  });

  test('has a digest whatever a hand put into it', () => {
    const odd = {
      pk: 'a',
      bytes: Buffer.from('hi'),
      big: 10n,
      no: Number.NaN,
      half: '\uD800',
      sets: new Set([2, 1]),
      list: [undefined],
    };
    expect(imageDigest(odd)).toBe(
      sha256Hex('{"big":"10","bytes":"aGk=","half":"\uFFFD","list":[null],"no":"NaN","pk":"a","sets":[1,2]}'),
    );
  });
});

describe('a stream record', () => {
  const image = (rev: number, fields = {}): Item => ({ ...KEY, rev, change: changeOf(KEY, rev), ...fields });
  const record = (before: Item | undefined, after: Item | undefined, expired = false): ChangeRecord => ({
    eventId: 'stream-1',
    keys: KEY,
    before,
    after,
    expired,
    at: 0,
  });

  test('with a new change and the next rev is attributed, with names and without values', () => {
    const draft = attributeRecord(
      record(image(1, { secret: 'hunter2' }), image(2, { secret: 'correct horse', status: 'x' })),
    );
    expect(draft).toMatchObject({
      aside: false,
      facts: { attributed: true, rev: 2, changed: ['secret', 'status'] },
    });
    expect(draft.facts.actor).toContain('grace-executor');
    expect(JSON.stringify(draft)).not.toMatch(/hunter2|correct horse/);
    expect(AuditBody.parse({ ...draft.facts, v: 1, log: 'l', seq: 0, sequencedAt: 0 })).toBeDefined();
  });

  test.each([
    ['of a new item', record(undefined, image(1)), { aside: false, fault: undefined }],
    [
      'of a new item with a later rev',
      record(undefined, image(3)),
      { aside: true, fault: 'REV_DOES_NOT_FOLLOW' },
    ],
    ['that skips a rev', record(image(1), image(3)), { aside: true, fault: 'REV_DOES_NOT_FOLLOW' }],
    ['that goes back', record(image(2), image(1)), { aside: true, fault: 'REV_DOES_NOT_FOLLOW' }],
    [
      'with an impossible rev',
      record(image(1), image(2, { rev: 2.5 })),
      { aside: true, fault: 'REV_DOES_NOT_FOLLOW' },
    ],
    [
      'with the old change',
      record(image(1), image(2, { change: changeOf(KEY, 1) })),
      { aside: false, fault: 'CHANGE_NOT_NEW' },
    ],
    [
      'with the old change and rev',
      record(image(1), image(1, { status: 'x' })),
      { aside: true, fault: 'CHANGE_NOT_NEW' },
    ],
    ['without a change', record(undefined, { ...KEY, rev: 1 }), { aside: false, fault: 'NO_CHANGE' }],
    [
      'with a change that is none',
      record(undefined, image(1, { change: { event: 'x' } })),
      { aside: false, fault: 'NO_CHANGE' },
    ],
    ['of a removal', record(image(4), undefined), { aside: true, fault: 'REMOVED' }],
    ['of a removal by expiry', record(image(4), undefined, true), { aside: true, fault: undefined }],
  ])('%s', (_name, given, { aside, fault }) => {
    const draft = attributeRecord(given);
    expect(draft.aside).toBe(aside);
    expect(draft.facts.fault).toBe(fault);
    expect(draft.facts.attributed).toBe(fault === undefined);
    AuditBody.parse({ ...draft.facts, v: 1, log: 'l', seq: 0, sequencedAt: 0 });
  });

  test('does not name the actor of the write before', () => {
    const draft = attributeRecord(record(image(1), image(1, { status: 'forged' })));
    expect(draft.facts).toMatchObject({ actor: 'unknown', event: 'item.changed', reason: 'CHANGE_NOT_NEW' });
  });

  test('of a huge item made by hand gives a small entry', async () => {
    const { records, write } = stateTable();
    await write({ kind: 'put', item: { ...KEY, rev: 1 } });
    const fields = Object.fromEntries(
      Array.from({ length: 3000 }, (_, n) => [`${n}`.repeat(30).slice(0, 100), n]),
    );
    await write({ kind: 'put', item: { ...KEY, rev: 2, ...fields } });
    const [, hand] = records.map(attributeRecord);
    expect(hand?.facts.changed).toHaveLength(64);
    expect(JSON.stringify(hand).length).toBeLessThan(6000);
  });
});
