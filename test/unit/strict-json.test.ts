import {
  checkStructure,
  parseStrictJson,
  type StrictJsonCode,
  type StrictJsonResult,
} from '../../shared/contracts/strict-json';
import type { JsonValue } from '../../shared/domain/canonical-json';

type Case = [what: string, input: string | Uint8Array, code: StrictJsonCode, path?: string];
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('parseStrictJson', () => {
  const refused: Case[] = [
    ['empty text', '', 'EMPTY_INPUT'],
    ['no bytes', bytes(), 'EMPTY_INPUT'],
    ['only white space', ' \r\n\t', 'EMPTY_INPUT'],
    ['a null root', 'null', 'NOT_AN_OBJECT', '$'],
    ['a bare value', '"text"', 'NOT_AN_OBJECT', '$'],
    ['an array root', '[{"a":1}]', 'ARRAY_ROOT', '$'],
    ['an object cut off', '{"a":', 'TRUNCATED'],
    ['an array cut off', '{"a":[1,', 'TRUNCATED'],
    ['a string cut off', '{"a":"b', 'TRUNCATED'],
    ['a string cut off after a backslash', '{"a":"b\\', 'TRUNCATED'],
    ['a key cut off', '{"a', 'TRUNCATED'],
    ['a literal cut off', '{"a":tru', 'TRUNCATED'],
    ['a number cut off', '{"a":-1.', 'TRUNCATED'],
    ['a trailing comma', '{"a":1,}', 'INVALID_SYNTAX'],
    ['a trailing comma in an array', '{"a":[1,]}', 'INVALID_SYNTAX'],
    ['a missing comma', '{"a":1 "b":2}', 'INVALID_SYNTAX'],
    ['a missing colon', '{"a" 1}', 'INVALID_SYNTAX'],
    ['the wrong bracket', '{"a":[1}', 'INVALID_SYNTAX'],
    ['single quotes', "{'a':1}", 'INVALID_SYNTAX'],
    ['a comment', '{"a":1/**/}', 'INVALID_SYNTAX'],
    ['NaN', '{"a":NaN}', 'INVALID_SYNTAX'],
    ['a misspelt literal', '{"a":nuul}', 'INVALID_SYNTAX'],
    ['a leading zero', '{"a":01}', 'INVALID_SYNTAX'],
    ['a leading plus', '{"a":+1}', 'INVALID_SYNTAX'],
    ['a bad escape', '{"a":"\\x41"}', 'INVALID_SYNTAX'],
    ['a space that is not JSON white space', '\u00a0{}', 'INVALID_SYNTAX'],
    ['a second value', '{} {}', 'TRAILING_TEXT'],
    ['a byte that is never UTF-8', bytes(0x7b, 0xff, 0x7d), 'INVALID_UTF8'],
    ['an overlong slash', bytes(0x22, 0xc0, 0xaf, 0x22), 'INVALID_UTF8'],
    ['a surrogate encoded as UTF-8', bytes(0x22, 0xed, 0xa0, 0x80, 0x22), 'INVALID_UTF8'],
    ['UTF-8 cut off in a character', bytes(0x22, 0xe2, 0x82), 'INVALID_UTF8'],
    ['a UTF-8 byte order mark', bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d), 'BYTE_ORDER_MARK'],
    ['a UTF-16 byte order mark', bytes(0xff, 0xfe, 0x7b, 0x00), 'BYTE_ORDER_MARK'],
    ['a byte order mark in text', '\ufeff{}', 'BYTE_ORDER_MARK'],
    ['4,200 levels', '['.repeat(4200) + ']'.repeat(4200), 'TOO_DEEP'],
    ['4,200 levels never closed', '['.repeat(4200), 'TOO_DEEP'],
    ['4,200 objects', `${'{"a":'.repeat(4200)}1${'}'.repeat(4200)}`, 'TOO_DEEP'],
    ['one byte too many', `{"a":"${'x'.repeat(64 * 1024 - 7)}"}`, 'TOO_LARGE'],
    ['too many bytes in few characters', `{"a":"${'€'.repeat(22_000)}"}`, 'TOO_LARGE'],
    ['10,001 values', `{"a":[${'1,'.repeat(9_998)}1]}`, 'TOO_MANY_NODES', '$.a[9998]'],
    ['a long string', `{"a":"${'x'.repeat(16 * 1024 + 1)}"}`, 'STRING_TOO_LONG', '$.a'],
    ['a long key', `{"${'x'.repeat(16 * 1024 + 1)}":1}`, 'STRING_TOO_LONG', '$'],
    ['a key twice', '{"a":{"b":1,"c":2,"b":1}}', 'DUPLICATE_KEY', '$.a.b'],
    ['a key twice, once escaped', '{"b":1,"\\u0062":2}', 'DUPLICATE_KEY', '$.b'],
    ['__proto__', '{"a":[{"__proto__":{}}]}', 'FORBIDDEN_KEY', '$.a[0].__proto__'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}', 'FORBIDDEN_KEY', '$.__proto__'],
    ['constructor', '{"constructor":{"prototype":{}}}', 'FORBIDDEN_KEY', '$.constructor'],
    ['prototype', '{"prototype":1}', 'FORBIDDEN_KEY', '$.prototype'],
    ['1e400', '{"a":1e400}', 'NUMBER_OVERFLOW', '$.a'],
    ['-1e400', '{"a":-1e400}', 'NUMBER_OVERFLOW', '$.a'],
    ['2^53', '{"a":9007199254740992}', 'UNSAFE_INTEGER', '$.a'],
    ['2^53 + 1', '{"a":9007199254740993}', 'UNSAFE_INTEGER', '$.a'],
    ['-2^53', '{"a":[1,-9007199254740992]}', 'UNSAFE_INTEGER', '$.a[1]'],
    ['1e20', '{"a":1e20}', 'UNSAFE_INTEGER', '$.a'],
    ['-0', '{"a":-0}', 'NEGATIVE_ZERO', '$.a'],
    ['-0.0e1', '{"a":-0.0e1}', 'NEGATIVE_ZERO', '$.a'],
    ['an escaped lone surrogate', '{"a":"\\ud83d"}', 'LONE_SURROGATE', '$.a'],
    ['a raw lone surrogate', '{"a":"x\ude00"}', 'LONE_SURROGATE', '$.a'],
    ['a lone surrogate in a key', '{"\\ud83d":1}', 'LONE_SURROGATE', '$'],
    ['an escaped NUL', '{"a":"\\u0000"}', 'CONTROL_CHARACTER', '$.a'],
    ['a raw NUL', '{"a":"\u0000"}', 'CONTROL_CHARACTER', '$.a'],
    ['a raw line feed', '{"a":"x\ny"}', 'CONTROL_CHARACTER', '$.a'],
    ['an escaped ESC', '{"a":"\\u001b[2J"}', 'CONTROL_CHARACTER', '$.a'],
    ['DEL', '{"a":"\u007f"}', 'CONTROL_CHARACTER', '$.a'],
    ['a C1 control', '{"a":"\u009b2J"}', 'CONTROL_CHARACTER', '$.a'],
    ['a line feed in a key', '{"a\\nb":1}', 'CONTROL_CHARACTER', '$'],
    ['an escaped bidi control in a key', '{"\\u202e":1}', 'BIDI_CONTROL', '$'],
  ];

  it.each(refused)('refuses %s by its own code', (_what, input, code, ...place) => {
    const result = parseStrictJson(input);
    expect(result).toMatchObject({ ok: false, code, ...(place[0] !== undefined && { path: place[0] }) });
    expect(messageOf(result)).toMatch(/^[ -~]{20,}$/);
    expect(messageOf(result)).toContain('; '); // what is wrong; what to do
  });

  const bidi = [0x061c, 0x200e, 0x200f, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)];
  it.each(bidi.map((code) => code.toString(16)))('refuses the bidi control U+%s, raw and escaped', (hex) => {
    const raw = String.fromCharCode(Number.parseInt(hex, 16));
    for (const text of [`{"a":"x${raw}"}`, `{"a":"x\\u${hex.padStart(4, '0')}"}`]) {
      expect(parseStrictJson(text)).toMatchObject({ ok: false, code: 'BIDI_CONTROL', path: '$.a' });
    }
  });

  it('finds 500,000 levels without recursion, and by default refuses their size first', () => {
    const bomb = '['.repeat(500_000);
    expect(parseStrictJson(bomb)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
    expect(parseStrictJson(bomb, { maxBytes: 1_000_000 })).toMatchObject({ ok: false, code: 'TOO_DEEP' });
    const deep = parseStrictJson(`${bomb}${']'.repeat(500_000)}`, {
      maxBytes: 1_000_000,
      maxDepth: 500_000,
      maxNodes: 500_000,
      root: 'any',
    });
    expect(deep.ok).toBe(true);
  });

  it('names the place and the fix', () => {
    expect(parseStrictJson('{"steps":[{"to":1},{"odd key":1e400}]}')).toEqual({
      ok: false,
      code: 'NUMBER_OVERFLOW',
      path: '$.steps[1]["odd key"]',
      message:
        '$.steps[1]["odd key"] (offset 30): the number is too large for a double; send a smaller one or a string',
    });
    expect(messageOf(parseStrictJson('{"a":1'))).toContain('(offset 6)');
    expect(messageOf(parseStrictJson(bytes(0x7b, 0x7d, 0xff)))).toContain('near byte 2');
  });

  it('keeps what an attacker writes in a key out of the log line', () => {
    const result = parseStrictJson(`{"аdmin\u200b${'x'.repeat(1000)}":-0}`);
    expect(messageOf(result)).toMatch(/^[ -~]{1,250}$/);
    expect(messageOf(result)).toContain('\\u0430dmin\\u200b');
  });

  it('accepts exactly the limits', () => {
    expectValue(parseStrictJson(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`));
    expectValue(parseStrictJson(`{"a":[${'1,'.repeat(9_997)}1]}`));
    expectValue(parseStrictJson(`{"a":"${'x'.repeat(16 * 1024)}"}`));
    expectValue(parseStrictJson(`{"a":"x"${' '.repeat(64 * 1024 - 9)}}`));
    expect(expectValue(parseStrictJson('{"a":[9007199254740991,-9007199254740991]}'))).toEqual({
      a: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
    });
  });

  it('accepts any root where asked to', () => {
    for (const text of ['null', '[]', '"x"', ' 1.5e3 ', 'true', 'false', '{}']) {
      expect(parseStrictJson(text, { root: 'any' })).toEqual({ ok: true, value: JSON.parse(text) });
    }
  });

  it('accepts line feeds and tabs in text unless told not to', () => {
    const text = '{"reason":"a\\r\\n\\tb"}';
    expect(expectValue(parseStrictJson(text))).toEqual({ reason: 'a\r\n\tb' });
    expect(parseStrictJson(text, { allowText: false })).toMatchObject({ code: 'CONTROL_CHARACTER' });
  });

  it('reads bytes as UTF-8 and keeps a U+FFFD that was really sent', () => {
    expect(expectValue(parseStrictJson(Buffer.from('{"é":"😀\ufffd"}')))).toEqual({ é: '😀\ufffd' });
  });

  it('takes inherited names as plain keys, also with a polluted prototype', () => {
    const text = '{"toString":1,"hasOwnProperty":2,"polluted":3}';
    let seen: unknown;
    const setter = {
      configurable: true,
      get: () => undefined,
      set: (value: unknown) => {
        seen = value;
      },
    };
    Object.defineProperty(Object.prototype, 'polluted', setter);
    try {
      const value = expectValue(parseStrictJson(text)) as Record<string, JsonValue>;
      expect(Object.entries(value)).toEqual(Object.entries(JSON.parse(text)));
      expect(seen).toBeUndefined();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });

  it('takes time in proportion to the input', () => {
    const limits = { maxBytes: 1e8, maxNodes: 1e8, maxStringLength: 1e8, root: 'any' } as const;
    const shapes = [
      (n: number) => `[${'"\\u0041",'.repeat(n)}1]`,
      (n: number) => `"${'\\\\'.repeat(4 * n)}"`,
      (n: number) => `{${Array.from({ length: n }, (_, i) => `"k${i}":1`).join()}}`,
      (n: number) => `[1${' '.repeat(8 * n)}]`,
      (n: number) => `0.${'1'.repeat(8 * n)}`,
    ];
    for (const shape of shapes) {
      const text = shape(100_000); // near 1 MB: anything quadratic would take minutes
      const start = performance.now();
      expectValue(parseStrictJson(text, limits));
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });
});

describe('checkStructure', () => {
  const refused: [string, unknown, StrictJsonCode, string][] = [
    ['null', null, 'NOT_AN_OBJECT', '$'],
    ['an array root', [], 'ARRAY_ROOT', '$'],
    [
      'depth',
      JSON.parse(`{"a":${'['.repeat(4200)}${']'.repeat(4200)}}`),
      'TOO_DEEP',
      `$.a${'[0]'.repeat(31)}`,
    ],
    ['nodes', { a: new Array(10_000).fill(1) }, 'TOO_MANY_NODES', '$.a[9998]'],
    ['size', { a: new Array(5).fill('x'.repeat(14_000)) }, 'TOO_LARGE', '$.a[4]'],
    ['a long string', { a: 'x'.repeat(20_000) }, 'STRING_TOO_LONG', '$.a'],
    ['__proto__', JSON.parse('{"a":[{"__proto__":1}]}'), 'FORBIDDEN_KEY', '$.a[0].__proto__'],
    ['constructor', { constructor: 1 }, 'FORBIDDEN_KEY', '$.constructor'],
    ['infinity', JSON.parse('{"a":1e400}'), 'NUMBER_OVERFLOW', '$.a'],
    ['NaN', { a: Number.NaN }, 'NOT_JSON', '$.a'],
    ['2^53', { a: 2 ** 53 }, 'UNSAFE_INTEGER', '$.a'],
    ['-0', { a: [-0] }, 'NEGATIVE_ZERO', '$.a[0]'],
    ['a lone surrogate', { a: '\ud83d' }, 'LONE_SURROGATE', '$.a'],
    ['a lone surrogate in a key', { '\ud83d': 1 }, 'LONE_SURROGATE', '$["\\ud83d"]'],
    ['NUL', { a: '\u0000' }, 'CONTROL_CHARACTER', '$.a'],
    ['a line feed in a key', { 'a\n': 1 }, 'CONTROL_CHARACTER', '$["a\\n"]'],
    ['a bidi control', { a: { b: '\u2066' } }, 'BIDI_CONTROL', '$.a.b'],
    ['undefined', { a: undefined }, 'NOT_JSON', '$.a'],
    ['a bigint', { a: 1n }, 'NOT_JSON', '$.a'],
    ['a hole', { a: new Array(1) }, 'NOT_JSON', '$.a[0]'],
    ['a Date', { a: new Date(0) }, 'NOT_JSON', '$.a'],
  ];

  it.each(refused)('refuses %s by the same code as the parser', (_what, value, code, path) => {
    expect(checkStructure(value)).toMatchObject({ ok: false, code, path });
  });

  it('ends on a cycle and on a value 500,000 deep', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(checkStructure(circular)).toMatchObject({ ok: false, code: 'TOO_DEEP' });
    let deep: unknown = [];
    for (let level = 0; level < 500_000; level += 1) deep = [deep];
    expect(checkStructure({ deep })).toMatchObject({ ok: false, code: 'TOO_DEEP' });
  });

  it('hands back the same object', () => {
    const event = { reason: 'a\nb', items: [{}, [], { a: [1, 'x', null, true] }] };
    const result = checkStructure(event);
    expect(result.ok && result.value).toBe(event);
  });
});

function expectValue(result: StrictJsonResult): JsonValue {
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.message}`);
  return result.value;
}

function messageOf(result: StrictJsonResult): string {
  return result.ok ? '' : result.message;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
