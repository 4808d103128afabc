import fc from 'fast-check';
import {
  checkStructure,
  parseStrictJson,
  type StrictJsonCode,
  type StrictJsonLimits,
  type StrictJsonResult,
} from '../../shared/contracts/strict-json';
import type { JsonValue } from '../../shared/domain/canonical-json';

// An oracle of its own: Unicode's names for what our tables list by number.
const FORBIDDEN_TEXT = /[\p{Surrogate}\p{Bidi_Control}]|[^\P{Cc}\n\r\t]/u;
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];
const ANY: Partial<StrictJsonLimits> = { root: 'any', maxBytes: 1e7 };

const text = fc
  .string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', 'u', '/', '😀'), fc.nat(0xffff).map(unit)) })
  .filter((value) => !FORBIDDEN_TEXT.test(value));
const key = text.filter((value) => !/\p{Cc}/u.test(value) && !FORBIDDEN_KEYS.includes(value));
const number = fc
  .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('json')),
    fc.dictionary(key, tie('json'), { noNullPrototype: true }),
  ),
}));

describe('for every value', () => {
  it('without forbidden content the parser gives it back and the check passes it', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), (value, indent) => {
        const written = JSON.stringify(value, null, indent);
        expect(parseStrictJson(written, ANY)).toStrictEqual({ ok: true, value });
        expect(parseStrictJson(Buffer.from(written), ANY)).toStrictEqual({ ok: true, value });
        expect(checkStructure(value, ANY).ok).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('of any kind the parser and the check of the parsed value agree on the code', () => {
    const anyJson = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
    fc.assert(
      fc.property(fc.oneof(anyJson, json), (value) => {
        const written = JSON.stringify(value); // -0 becomes 0 here
        const parsed = parseStrictJson(written, ANY);
        expect(codeOf(checkStructure(JSON.parse(written), ANY))).toBe(codeOf(parsed));
      }),
      { numRuns: 300 },
    );
  });
});

describe('for every mutated text', () => {
  const SYNTAX: (StrictJsonCode | 'OK')[] = ['TRUNCATED', 'INVALID_SYNTAX', 'TRAILING_TEXT', 'EMPTY_INPUT'];
  const snippet = fc.oneof(
    fc.constantFrom(
      ...'{}[],:"\\-+.eE019 \n',
      '\\u',
      '\\ud83d',
      'null',
      'true',
      '"a":',
      '1e400',
      '-0',
      '\u0000',
    ),
    fc.string({ maxLength: 3 }),
  );
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(3), insert: snippet });
  const mutated = fc
    .tuple(
      fc.oneof(
        json.map((value) => JSON.stringify(value)),
        fc.array(snippet).map((parts) => parts.join('')),
      ),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
    )
    .map(([start, edits]) =>
      edits.reduce((before, { at, remove, insert }) => {
        const from = at % (before.length + 1);
        return before.slice(0, from) + insert + before.slice(from + remove);
      }, start),
    );

  it('what the parser accepts JSON.parse reads the same, and what is no JSON to one is none to the other', () => {
    fc.assert(
      fc.property(mutated, (written) => {
        const ours = parseStrictJson(written, ANY);
        const native = nativeParse(written);
        if (ours.ok) expect({ parsed: ours.value }).toStrictEqual(native);
        else if (native !== undefined) expect(SYNTAX).not.toContain(ours.code);
      }),
      { numRuns: 3_000 },
    );
  });

  it('a prefix of JSON is TRUNCATED, and nothing ever throws', () => {
    fc.assert(
      fc.property(json, fc.nat(), (value, cut) => {
        const written = JSON.stringify({ value });
        const prefix = written.slice(0, cut % written.length);
        expect(['TRUNCATED', 'EMPTY_INPUT']).toContain(codeOf(parseStrictJson(prefix, ANY)));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
        expect(typeof parseStrictJson(raw, ANY).ok).toBe('boolean');
      }),
      { numRuns: 1_000 },
    );
  });
});

function nativeParse(written: string): { parsed: unknown } | undefined {
  try {
    return { parsed: JSON.parse(written) };
  } catch {
    return undefined;
  }
}

function codeOf(result: StrictJsonResult): StrictJsonCode | 'OK' {
  return result.ok ? 'OK' : result.code;
}

function unit(code: number): string {
  return String.fromCharCode(code);
}
