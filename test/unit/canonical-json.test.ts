import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {
  CANONICAL_MAX_DEPTH,
  CanonicalJsonError,
  type CanonicalJsonFault,
  canonicalJson,
  type JsonValue,
} from '../../shared/domain/canonical-json';
import { digestOf, sha256Bytes, sha256Hex } from '../../shared/domain/digest';

const VECTORS = path.resolve(__dirname, '../../../shared/data/vectors/rfc8785-jcs.json');
type Vectors = {
  cases: { name: string; input: string; outputHex: string; outputSha256: string }[];
  numberSamples: { ieee754: string; expected: string }[];
};

// The vectors stand outside the repository: a clone without them may skip, CI may not.
const describeVectors = existsSync(VECTORS) || process.env.CI === 'true' ? describe : describe.skip;

describeVectors('the RFC 8785 vectors', () => {
  const read = (): Vectors => JSON.parse(readFileSync(VECTORS, 'utf8'));

  it('give the published bytes and digests', () => {
    const { cases } = read();
    expect(cases.length).toBeGreaterThanOrEqual(6);
    for (const { name, input, outputHex, outputSha256 } of cases) {
      const text = canonicalJson(JSON.parse(input));
      expect({ name, hex: Buffer.from(text).toString('hex') }).toEqual({ name, hex: outputHex });
      expect({ name, digest: sha256Hex(text) }).toEqual({ name, digest: outputSha256 });
    }
  });

  it('give the published text for numbers at the edges of a double', () => {
    const { numberSamples } = read();
    expect(numberSamples.length).toBeGreaterThanOrEqual(7);
    for (const { ieee754, expected } of numberSamples) {
      const value = Buffer.from(ieee754.padStart(16, '0'), 'hex').readDoubleBE();
      expect(canonicalJson(value)).toBe(expected);
    }
  });
});

describe('canonicalJson', () => {
  it('writes a nested value without spaces and in key order', () => {
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: 'x', '': false })).toBe(
      '{"":false,"a":"x","b":[1,{"c":true,"d":null}]}',
    );
  });

  it('orders keys by UTF-16 code units, not by code point and not as integers', () => {
    // U+1F600 is stored as D83D DE00: below U+FB33 by code unit, above it by code point.
    expect(canonicalJson({ '\ufb33': 1, '\u{1f600}': 2 })).toBe('{"\u{1f600}":2,"\ufb33":1}');
    expect(canonicalJson({ 2: 'b', 10: 'a', é: 1, z: 2 })).toBe('{"10":"a","2":"b","z":2,"é":1}');
  });

  it('writes -0 as 0, so that equal numbers have equal digests', () => {
    expect(canonicalJson([-0, 0, 1e21, 1e-7, 0.1])).toBe('[0,0,1e+21,1e-7,0.1]');
  });

  it('escapes as RFC 8785 does: the short forms, lower-case hex, nothing else', () => {
    expect(canonicalJson('"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é😀')).toBe(
      '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028é😀"',
    );
  });

  it('keeps an own __proto__ key instead of losing it', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  it('takes objects without a prototype', () => {
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  const circular: { next?: unknown } = {};
  circular.next = [circular];
  const refused: [string, unknown, CanonicalJsonFault, string][] = [
    ['NaN', { a: [Number.NaN] }, 'NOT_FINITE', '$["a"][0]'],
    ['infinity', { a: Number.POSITIVE_INFINITY }, 'NOT_FINITE', '$["a"]'],
    ['minus infinity', Number.NEGATIVE_INFINITY, 'NOT_FINITE', '$'],
    ['a lone high surrogate', ['\ud83d'], 'LONE_SURROGATE', '$[0]'],
    ['a lone low surrogate', ['ok', 'a\ude00b'], 'LONE_SURROGATE', '$[1]'],
    ['a lone surrogate in a key', { '\ud83d': 1 }, 'LONE_SURROGATE', '$["\\ud83d"]'],
    ['undefined', undefined, 'UNDEFINED', '$'],
    ['an undefined property', { a: undefined }, 'UNDEFINED', '$["a"]'],
    ['a hole in an array', new Array(1), 'UNDEFINED', '$[0]'],
    ['a function', { a: { b: () => 1 } }, 'FUNCTION', '$["a"]["b"]'],
    ['a symbol', [Symbol('s')], 'SYMBOL', '$[0]'],
    ['a bigint', { a: 1n }, 'BIGINT', '$["a"]'],
    ['a Date', { at: new Date(0) }, 'NOT_PLAIN', '$["at"]'],
    ['a Map', [new Map()], 'NOT_PLAIN', '$[0]'],
    ['a boxed number', [Object(1)], 'NOT_PLAIN', '$[0]'],
  ];

  it.each(refused)('refuses %s by name and place', (_what, value, code, where) => {
    expect(refusalOf(value)).toMatchObject({ name: 'CanonicalJsonError', code, path: where });
  });

  it('refuses a cycle and tells it from mere depth', () => {
    expect(refusalOf(circular).code).toBe('CYCLIC');
    expect(refusalOf(nested(CANONICAL_MAX_DEPTH + 1)).code).toBe('TOO_DEEP');
    expect(canonicalJson(nested(CANONICAL_MAX_DEPTH))).toHaveLength(2 * CANONICAL_MAX_DEPTH);
  });

  it('does not overflow the stack on a value 500,000 deep', () => {
    expect(refusalOf(nested(500_000)).code).toBe('TOO_DEEP');
  });

  it('never quotes the value it refuses', () => {
    expect(refusalOf({ password: 'hunter2\ud83d' }).message).not.toContain('hunter2');
  });

  it('always reads back as the value, whatever the order in which its keys were set', () => {
    const wellFormed = fc.string({ unit: 'grapheme' });
    const values = fc.jsonValue({ noUnicodeString: false, stringUnit: 'grapheme', maxDepth: 5 });
    fc.assert(
      fc.property(fc.dictionary(wellFormed, values), (members) => {
        const text = canonicalJson(members as JsonValue);
        const reversed = Object.fromEntries(Object.entries(members).reverse());
        expect(canonicalJson(reversed as JsonValue)).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(members)));
      }),
    );
  });
});

describe('digests', () => {
  it('are SHA-256, in hex and in bytes, of text as UTF-8', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, B.1
    expect(sha256Hex('abc')).toBe(abc);
    expect(sha256Hex(Buffer.from('abc'))).toBe(abc);
    expect(Buffer.from(sha256Bytes('abc')).toString('hex')).toBe(abc);
    expect(sha256Hex('é')).toBe(
      createHash('sha256')
        .update(Buffer.from([0xc3, 0xa9]))
        .digest('hex'),
    );
  });

  it('cover the domain prefix and then the canonical text', () => {
    const expected = createHash('sha256').update('grace.plan.v1\n{"a":1,"b":2}').digest('hex');
    expect(digestOf('grace.plan.v1\n', { b: 2, a: 1 })).toBe(expected);
    expect(digestOf('grace.plan.v2\n', { b: 2, a: 1 })).not.toBe(expected);
  });

  it('refuse a value without canonical form', () => {
    expect(() => digestOf('grace.plan.v1\n', Number.NaN)).toThrow(CanonicalJsonError);
  });
});

function refusalOf(value: unknown): CanonicalJsonError {
  try {
    canonicalJson(value as JsonValue);
  } catch (error) {
    if (error instanceof CanonicalJsonError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function nested(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}
