import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { checkpointText, parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { cosignedMessage, encodeCosignature } from '../../shared/domain/tlog/cosignature';
import { publicKeyOfSpki, verifyEd25519 } from '../../shared/domain/tlog/ed25519';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { encodeProof, parseProof } from '../../shared/domain/tlog/proof-text';
import {
  addSignature,
  encodeNote,
  parseNote,
  signatureOf,
  verifyNote,
} from '../../shared/domain/tlog/signed-note';
import { encodeKey, parseKey, verifierKey } from '../../shared/domain/tlog/verifier-key';
import { onVectors } from '../support/published-vectors';

interface NoteVectors {
  readonly keys: { readonly good: readonly string[]; readonly bad: readonly string[] };
  readonly signing: { readonly testKey: string; readonly text: string; readonly signatureLine: string };
  readonly cases: readonly {
    readonly name: string;
    readonly note: string;
    readonly keys: readonly string[];
    readonly valid: boolean;
    readonly verified?: readonly string[];
    readonly unverified?: readonly string[];
  }[];
}

onVectors<NoteVectors>('signed-note.json', (read) => {
  test('a good key comes back as it was written', () => {
    for (const text of read().keys.good) expect(encodeKey(parseKey(text))).toBe(text);
  });

  test('a bad key is refused, every part of a good one, and every good one with one letter changed', () => {
    const { good, bad } = read().keys;
    const parts = good.flatMap((key) =>
      Array.from(key, (_, start) => Array.from(key, (_, n) => key.slice(start, start + n + 1))).flat(),
    );
    const changed = good.flatMap((key) =>
      Array.from(
        key,
        (letter, n) =>
          `${key.slice(0, n)}${String.fromCharCode(letter.charCodeAt(0) + 1)}${key.slice(n + 1)}`,
      ),
    );
    for (const key of [...bad, ...parts.filter((part) => !good.includes(part)), ...changed]) {
      expect(() => parseKey(key)).toThrow(TlogFormatError);
    }
  });

  test('a note holds, or does not, as its vector says', () => {
    const { cases } = read();
    expect(cases.length).toBeGreaterThanOrEqual(19);
    for (const { name, note, keys, valid, verified, unverified } of cases) {
      const verdict = verdictOn(Buffer.from(note, 'base64'), keys);
      expect({ name, valid: verdict?.ok === true }).toEqual({ name, valid });
      if (verdict?.ok !== true) continue;
      expect(verdict.verified.map(({ key }) => key.name)).toEqual(verified);
      expect(verdict.unverified.map((one) => one.name)).toEqual(unverified);
    }
  });

  test('the published test key makes the published signature', () => {
    const { testKey, text, signatureLine } = read().signing;
    const seed = Buffer.from(testKey.split('+').slice(4).join('+'), 'base64').subarray(1);
    const privateKey = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    });
    const publicKey = publicKeyOfSpki(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
    const key = verifierKey('PeterNeumann', 'note', publicKey);
    const signature = sign(null, Buffer.from(text), privateKey);
    expect(encodeNote({ text, signatures: [signatureOf(key, signature)] })).toBe(`${text}\n${signatureLine}`);
  });
});

function verdictOn(note: Uint8Array, keys: readonly string[]) {
  try {
    return verifyNote(parseNote(note), keys.map(parseKey));
  } catch (error) {
    if (error instanceof TlogFormatError) return undefined;
    throw error;
  }
}

interface Ed25519Vectors {
  readonly groups: readonly {
    readonly pk: string;
    readonly tests: readonly {
      readonly id: number;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
}

onVectors<Ed25519Vectors>('ed25519-wycheproof.json', (read) => {
  test('a signature holds, or does not, as its vector says', () => {
    const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
    const tests = read().groups.flatMap(({ pk, tests }) => tests.map((one) => ({ pk, ...one })));
    expect(tests).toHaveLength(151);
    for (const { pk, id, msg, sig, result } of tests) {
      const holds = verifyEd25519(bytes(pk), bytes(msg), bytes(sig));
      expect({ id, holds }).toEqual({ id, holds: result === 'valid' });
    }
  });
});

/** A signer of its own for each name. */
function signer(name: string, kind: 'note' | 'cosignature' = 'note') {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = verifierKey(name, kind, publicKeyOfSpki(publicKey.export({ format: 'der', type: 'spki' })));
  return { key, sign: (text: string) => sign(null, Buffer.from(text), privateKey) };
}

const ROOT = Buffer.alloc(32, 7);
const CHECKPOINT = { origin: 'grace/one', size: 70_000, root: ROOT, extensions: [] };

describe('a checkpoint', () => {
  test('is its origin, size and root, a line each, and comes back from its text', () => {
    const text = checkpointText({ ...CHECKPOINT, extensions: ['key rotation'] });
    expect(text).toBe(`grace/one\n70000\n${ROOT.toString('base64')}\nkey rotation\n`);
    expect(parseCheckpoint(text)).toEqual({ ...CHECKPOINT, extensions: ['key rotation'] });
  });

  test.each([
    ['no last line feed', 'a\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='],
    ['no origin', '\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n'],
    ['a size with a leading zero', 'a\n01\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n'],
    ['a size above 2^53', 'a\n9007199254740993\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n'],
    ['a short root', 'a\n1\nBwcH\n'],
    ['no root', 'a\n1\n'],
    ['an empty line', 'a\n1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n'],
  ])('with %s is refused', (_name, text) => {
    expect(() => parseCheckpoint(text)).toThrow(TlogFormatError);
  });

  test('cannot be made with a line inside a line', () => {
    expect(() => checkpointText({ ...CHECKPOINT, extensions: ['one\ntwo'] })).toThrow(TlogFormatError);
    expect(() => checkpointText({ ...CHECKPOINT, origin: 'a\n9' })).toThrow(TlogFormatError);
  });
});

describe('a signed checkpoint', () => {
  const log = signer('grace/one');
  const witness = signer('witness.example/w1', 'cosignature');
  const text = checkpointText(CHECKPOINT);
  const note = encodeNote({ text, signatures: [signatureOf(log.key, log.sign(text))] });
  const cosigned = (at: number, signedAt = at): string =>
    addSignature(
      note,
      signatureOf(
        witness.key,
        encodeCosignature({ at, signature: witness.sign(cosignedMessage(text, signedAt)) }),
      ),
    );

  test('holds by its key, and says nothing by another of the same name', () => {
    expect(verifyNote(parseNote(note), [log.key])).toMatchObject({ ok: true, verified: [{ key: log.key }] });
    expect(verifyNote(parseNote(note), [signer('grace/one').key])).toEqual({
      ok: false,
      why: 'NO_KNOWN_KEY',
    });
  });

  test('signed by two keys during a rotation holds by either', () => {
    const next = signer('grace/one');
    const both = addSignature(note, signatureOf(next.key, next.sign(text)));
    for (const key of [log.key, next.key]) expect(verifyNote(parseNote(both), [key]).ok).toBe(true);
  });

  test('holds with the time of its witness, and not with another time', () => {
    expect(verifyNote(parseNote(cosigned(1_767_614_400)), [log.key, witness.key])).toMatchObject({
      ok: true,
      verified: [{ key: log.key }, { key: witness.key, cosignedAt: 1_767_614_400 }],
    });
    const moved = verifyNote(parseNote(cosigned(1_767_614_401, 1_767_614_400)), [log.key, witness.key]);
    expect(moved).toEqual({ ok: false, why: 'WRONG_SIGNATURE', name: 'witness.example/w1' });
  });

  test('a witness’s signature does not pass for the log’s own', () => {
    const asLog = verifierKey(witness.key.name, 'note', witness.key.publicKey);
    expect(verifyNote(parseNote(cosigned(1)), [asLog])).toEqual({ ok: false, why: 'NO_KNOWN_KEY' });
  });
});

describe('a proof in a file', () => {
  const proof = {
    index: 5,
    proof: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)],
    checkpoint: 'o\n9\nx\n\n— o AAAAAAA=\n',
  };

  test('comes back from its text, with and without extra', () => {
    expect(parseProof(encodeProof(proof))).toEqual(proof);
    expect(parseProof(encodeProof({ ...proof, extra: Buffer.from('hi') }))).toEqual({
      ...proof,
      extra: Buffer.from('hi'),
    });
    expect(encodeProof({ ...proof, proof: [] })).toBe(
      `c2sp.org/tlog-proof@v1\nindex 5\n\n${proof.checkpoint}`,
    );
    expect(parseProof(encodeProof({ ...proof, proof: [] })).proof).toEqual([]);
  });

  test.each([
    ['another first line', 'c2sp.org/tlog-proof@v2\nindex 5\n\nx'],
    ['no index', 'c2sp.org/tlog-proof@v1\n\nx'],
    ['a padded index', 'c2sp.org/tlog-proof@v1\nindex 05\n\nx'],
    ['a short hash', 'c2sp.org/tlog-proof@v1\nindex 5\nAAAA\n\nx'],
    ['no base64', 'c2sp.org/tlog-proof@v1\nindex 5\n!\n\nx'],
    ['no empty line', 'c2sp.org/tlog-proof@v1\nindex 5\nx'],
  ])('with %s is refused', (_name, text) => {
    expect(() => parseProof(text)).toThrow(TlogFormatError);
  });
});
