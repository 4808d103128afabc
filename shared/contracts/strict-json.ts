import type { JsonValue } from '../domain/canonical-json';

/**
 * The edge's reader of JSON from outside: one pass, no recursion, linear time. It accepts a subset of
 * RFC 8259 on which every parser agrees (RFC 7493, I-JSON, and no text that fools a reader's eye), so
 * that what is checked, hashed, shown to an approver and executed is one and the same value.
 */

export type StrictJsonCode =
  | 'EMPTY_INPUT'
  | 'TOO_LARGE'
  | 'BYTE_ORDER_MARK'
  | 'INVALID_UTF8'
  | 'TRUNCATED'
  | 'INVALID_SYNTAX'
  | 'TRAILING_TEXT'
  | 'NOT_AN_OBJECT'
  | 'ARRAY_ROOT'
  | 'TOO_DEEP'
  | 'TOO_MANY_NODES'
  | 'STRING_TOO_LONG'
  | 'DUPLICATE_KEY'
  | 'FORBIDDEN_KEY'
  | 'NUMBER_OVERFLOW'
  | 'UNSAFE_INTEGER'
  | 'NEGATIVE_ZERO'
  | 'LONE_SURROGATE'
  | 'CONTROL_CHARACTER'
  | 'BIDI_CONTROL'
  | 'NOT_JSON';

/** `message` names the place and the fix and never quotes a value; keys in it and in `path` are ASCII. */
export type StrictJsonRefusal = {
  readonly ok: false;
  readonly code: StrictJsonCode;
  readonly message: string;
  readonly path?: string;
};
export type StrictJsonResult = { readonly ok: true; readonly value: JsonValue } | StrictJsonRefusal;

export type StrictJsonLimits = {
  /** Of the input, in bytes of UTF-8. */
  readonly maxBytes?: number;
  /** Objects and arrays inside one another. */
  readonly maxDepth?: number;
  /** Values of any kind, the root included. */
  readonly maxNodes?: number;
  /** Of a string or key, in UTF-16 code units after unescaping. */
  readonly maxStringLength?: number;
  readonly root?: 'object' | 'any';
  /** Line feed, carriage return and tab in string values (alarm reasons have them); never in keys. */
  readonly allowText?: boolean;
};

export const STRICT_JSON_DEFAULTS: Required<StrictJsonLimits> = {
  maxBytes: 64 * 1024,
  maxDepth: 32,
  maxNodes: 10_000,
  maxStringLength: 16 * 1024,
  root: 'object',
  allowText: true,
};

type Limits = Required<StrictJsonLimits>;
type Members = Record<string, JsonValue>;
/** An open object or array; `key` is the place in it that is being read. */
type Frame =
  | { readonly kind: 'object'; readonly members: Members; key: string }
  | { readonly kind: 'array'; readonly items: JsonValue[]; key: number };
type Scan = { readonly text: string; readonly limits: Limits; readonly frames: Frame[]; at: number };

/**
 * The value of a JSON text, or the first thing wrong with it. Never throws.
 *
 * A prototype cannot be reached through the result: keys that name one are refused. An integral number
 * beyond ±(2^53 − 1) is refused however it is written (`1e20` too), since a parsed value shows no difference.
 */
export function parseStrictJson(input: string | Uint8Array, limits: StrictJsonLimits = {}): StrictJsonResult {
  const all = { ...STRICT_JSON_DEFAULTS, ...limits };
  // A UTF-16 unit takes at least one byte: a far too long string is not even measured.
  const bytes =
    typeof input !== 'string'
      ? input.byteLength
      : input.length > all.maxBytes
        ? input.length
        : Buffer.byteLength(input);
  if (bytes === 0) return refusal('EMPTY_INPUT', 'the input is empty; send a JSON object');
  if (bytes > all.maxBytes) {
    return refusal('TOO_LARGE', `the input has over ${all.maxBytes} bytes; send less, or a reference to it`);
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (typeof text !== 'string') return text;
  if (text.startsWith('\ufeff')) {
    return refusal('BYTE_ORDER_MARK', 'the input starts with a byte order mark; send UTF-8 without one');
  }
  const scan: Scan = { text, limits: all, frames: [], at: 0 };
  skipSpace(scan);
  if (scan.at === text.length) {
    return refusal('EMPTY_INPUT', 'the input holds only spaces; send a JSON object');
  }
  const result = scanDocument(scan);
  // Asked last, so that a nested bomb is called what it is.
  return result.ok ? checkRoot(result.value, all) : result;
}

function scanDocument(scan: Scan): StrictJsonResult {
  const { text, limits, frames } = scan;
  let root: JsonValue = null;
  for (let nodes = 1; ; nodes += 1) {
    skipSpace(scan);
    if (nodes > limits.maxNodes) return refuse(scan, 'TOO_MANY_NODES', tooManyNodes(limits));
    const parent = frames.at(-1);
    let opened: Frame | undefined;
    let value: JsonValue;
    const first = text[scan.at];
    if (first === '{' || first === '[') {
      if (frames.length >= limits.maxDepth) return refuse(scan, 'TOO_DEEP', tooDeep(limits));
      opened =
        first === '{' ? { kind: 'object', members: {}, key: '' } : { kind: 'array', items: [], key: 0 };
      value = opened.kind === 'object' ? opened.members : opened.items;
      scan.at += 1;
    } else {
      const scalar = scanScalar(scan, first);
      if (typeof scalar === 'object' && scalar !== null) return scalar;
      value = scalar;
    }
    if (parent === undefined) root = value;
    else if (parent.kind === 'array') parent.items.push(value);
    else setMember(parent.members, parent.key, value);
    if (opened !== undefined) frames.push(opened);

    const next = moveToNextValue(scan, opened !== undefined);
    if (typeof next === 'object') return next;
    if (next === 'end') break;
  }
  skipSpace(scan);
  if (scan.at === text.length) return { ok: true, value: root };
  return refuse(scan, 'TRAILING_TEXT', 'there is text after the value; send exactly one JSON value');
}

/** Closes what ends here and reads up to where the next value begins: past the comma, the key, the colon. */
function moveToNextValue(scan: Scan, justOpened: boolean): 'value' | 'end' | StrictJsonRefusal {
  let first = justOpened;
  for (let frame = scan.frames.at(-1); frame !== undefined; frame = scan.frames.at(-1)) {
    skipSpace(scan);
    const char = scan.text[scan.at];
    if (char === (frame.kind === 'object' ? '}' : ']')) {
      scan.at += 1;
      scan.frames.pop();
      first = false;
      continue;
    }
    if (!first) {
      if (char !== ',') return unexpected(scan, "',' or the closing bracket");
      scan.at += 1;
    }
    if (frame.kind === 'object') return scanKey(scan, frame);
    frame.key = frame.items.length;
    return 'value';
  }
  return 'end';
}

function scanKey(scan: Scan, frame: Frame & { kind: 'object' }): 'value' | StrictJsonRefusal {
  skipSpace(scan);
  if (scan.text[scan.at] !== '"') return unexpected(scan, 'a key in double quotes');
  const key = scanString(scan, false);
  if (typeof key !== 'string') return key;
  frame.key = key;
  if (FORBIDDEN_KEYS.has(key)) return refuse(scan, 'FORBIDDEN_KEY', FORBIDDEN_KEY);
  if (Object.hasOwn(frame.members, key)) {
    return refuse(scan, 'DUPLICATE_KEY', 'the key occurs twice in its object; keep one');
  }
  skipSpace(scan);
  if (scan.text[scan.at] !== ':') return unexpected(scan, "':' after the key");
  scan.at += 1;
  return 'value';
}

const LITERALS = [['true', true] as const, ['false', false] as const, ['null', null] as const];

function scanScalar(
  scan: Scan,
  first: string | undefined,
): string | number | boolean | null | StrictJsonRefusal {
  if (first === '"') return scanString(scan, scan.limits.allowText);
  if (first === '-' || (first !== undefined && first >= '0' && first <= '9')) return scanNumber(scan);
  for (const [word, value] of LITERALS) {
    if (scan.text.startsWith(word, scan.at)) {
      scan.at += word.length;
      return value;
    }
    const rest = scan.text.length - scan.at;
    if (rest < word.length && word.startsWith(scan.text.slice(scan.at))) scan.at += rest; // cut off
  }
  return unexpected(scan, 'a JSON value');
}

const NUMBER_CHARACTERS = /[-+.eE\d]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function scanNumber(scan: Scan): number | StrictJsonRefusal {
  NUMBER_CHARACTERS.lastIndex = scan.at;
  const token = NUMBER_CHARACTERS.exec(scan.text)?.[0] ?? '';
  if (!NUMBER.test(token)) {
    if (scan.at + token.length === scan.text.length) scan.at = scan.text.length; // perhaps cut off: `1.`
    return unexpected(scan, 'a number as JSON writes it (no leading zero or plus, digits after the point)');
  }
  const value = Number(token);
  const fault = numberFault(value);
  if (fault !== undefined) return refuse(scan, fault, FIXES[fault]);
  scan.at += token.length;
  return value;
}

/** From the opening quote to the closing one; `scan.at` stays at the opening one when refused. */
function scanString(scan: Scan, allowText: boolean): string | StrictJsonRefusal {
  const { text } = scan;
  let end = scan.at + 1;
  let escaped = false;
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) {
    if (end >= text.length) {
      scan.at = text.length;
      return unexpected(scan, 'the closing quote of a string');
    }
    if (code < 0x20) {
      scan.at = end;
      return refuse(scan, 'CONTROL_CHARACTER', FIXES.CONTROL_CHARACTER);
    }
    if (code === BACKSLASH) {
      escaped = true;
      end += 1;
    }
    end += 1;
  }
  const value = escaped ? unescape(text.slice(scan.at, end + 1)) : text.slice(scan.at + 1, end);
  if (value === undefined) {
    return refuse(scan, 'INVALID_SYNTAX', 'the string has a bad escape; use \\n, \\" or \\uXXXX');
  }
  const fault = textFault(value, scan.limits, allowText);
  if (fault !== undefined) return refuse(scan, fault, FIXES[fault]);
  scan.at = end + 1;
  return value;
}
