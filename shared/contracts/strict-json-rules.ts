import type { JsonValue } from '../domain/canonical-json';

/** What JSON from outside may hold: the rules that the scanner and the check of a parsed value share. */

/** What is wrong with one value, whether it was read from text or handed over parsed. */
export type ContentCode =
  | 'NOT_AN_OBJECT'
  | 'ARRAY_ROOT'
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  | 'TOO_MANY_NODES'
  | 'STRING_TOO_LONG'
  | 'FORBIDDEN_KEY'
  | 'NUMBER_OVERFLOW'
  | 'UNSAFE_INTEGER'
  | 'NEGATIVE_ZERO'
  | 'LONE_SURROGATE'
  | 'CONTROL_CHARACTER'
  | 'BIDI_CONTROL'
  | 'NOT_JSON';

export type StrictJsonCode =
  | ContentCode
  | 'EMPTY_INPUT'
  | 'BYTE_ORDER_MARK'
  | 'INVALID_UTF8'
  | 'TRUNCATED'
  | 'INVALID_SYNTAX'
  | 'TRAILING_TEXT'
  | 'DUPLICATE_KEY';

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
  readonly maxBytes: number;
  /** Objects and arrays inside one another. */
  readonly maxDepth: number;
  /** Values of any kind, the root included. */
  readonly maxNodes: number;
  /** Of a string or key, in UTF-16 code units after unescaping. */
  readonly maxStringLength: number;
  readonly root: 'object' | 'any';
  /** Line feed, carriage return and tab in string values (alarm reasons have them); never in keys. */
  readonly allowText: boolean;
};

export const STRICT_JSON_DEFAULTS: StrictJsonLimits = {
  maxBytes: 64 * 1024,
  maxDepth: 32,
  maxNodes: 10_000,
  maxStringLength: 16 * 1024,
  root: 'object',
  allowText: true,
};

/** Keys by which an assignment or a merge further on could reach a prototype. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

/**
 * An integer past ±(2^53 − 1) is refused however it is written (`1e20` too): JSON.parse may have
 * rounded it, and a parsed value does not show whether it did.
 */
export function numberFault(value: number): ContentCode | undefined {
  if (Number.isNaN(value)) return 'NOT_JSON';
  if (!Number.isFinite(value)) return 'NUMBER_OVERFLOW';
  if (Object.is(value, -0)) return 'NEGATIVE_ZERO';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'UNSAFE_INTEGER';
  return undefined;
}

/** A quick look for anything that `textFault` must examine; most text has nothing. */
const NEEDS_LOOK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/;
// With the `u` flag a surrogate pair is one code point, so \p{Surrogate} meets lone ones only.
const LONE_SURROGATE = /\p{Surrogate}/u;
// Cc is C0, DEL and C1: U+009B alone starts a terminal escape sequence.
const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_TEXT = /[^\P{Cc}\n\r\t]/u;
// Text shown to an approver in another order than it is stored ("Trojan Source", CVE-2021-42574).
const BIDI = /\p{Bidi_Control}/u;

/** @param allowText whether line feed, carriage return and tab may stand in it */
export function textFault(
  text: string,
  maxStringLength: number,
  allowText: boolean,
): ContentCode | undefined {
  if (text.length > maxStringLength) return 'STRING_TOO_LONG';
  if (!NEEDS_LOOK.test(text)) return undefined;
  if (LONE_SURROGATE.test(text)) return 'LONE_SURROGATE';
  if ((allowText ? CONTROL_BUT_TEXT : CONTROL).test(text)) return 'CONTROL_CHARACTER';
  if (BIDI.test(text)) return 'BIDI_CONTROL';
  return undefined;
}

/** `undefined` where the root is one that `limits.root` admits. */
export function rootFault(value: unknown, limits: StrictJsonLimits): ContentCode | undefined {
  if (limits.root === 'any') return undefined;
  if (Array.isArray(value)) return 'ARRAY_ROOT';
  return typeof value === 'object' && value !== null ? undefined : 'NOT_AN_OBJECT';
}

/** What is wrong and what to do about it, for the sender. */
export function explain(code: ContentCode, limits: StrictJsonLimits): string {
  switch (code) {
    case 'NOT_AN_OBJECT':
      return 'the root is null or a bare value; send an object';
    case 'ARRAY_ROOT':
      return 'the root is an array; send its items one by one, each as an object';
    case 'TOO_LARGE':
      return `the input has more than ${limits.maxBytes} bytes; send less, or a reference to it`;
    case 'TOO_DEEP':
      return `more than ${limits.maxDepth} objects or arrays inside one another; flatten them`;
    case 'TOO_MANY_NODES':
      return `more than ${limits.maxNodes} values; split the message`;
    case 'STRING_TOO_LONG':
      return `a string or key of more than ${limits.maxStringLength} UTF-16 code units; shorten it`;
    case 'FORBIDDEN_KEY':
      return 'the keys __proto__, constructor and prototype are not accepted; rename it';
    case 'NUMBER_OVERFLOW':
      return 'the number is too large for a double; send a smaller one or a string';
    case 'UNSAFE_INTEGER':
      return 'an integer beyond 2^53 - 1 cannot be read exactly; send it as a string';
    case 'NEGATIVE_ZERO':
      return 'negative zero does not survive canonical JSON; send 0';
    case 'LONE_SURROGATE':
      return 'half a surrogate pair is no character; send whole characters';
    case 'CONTROL_CHARACTER':
      return 'a control character (such as NUL or ESC) is not accepted here; remove it';
    case 'BIDI_CONTROL':
      return 'a bidirectional control character hides what the text says; remove it';
    case 'NOT_JSON':
      return 'the value is none that JSON can hold; send null, a boolean, number, string, array or object';
  }
}

/** Enough to find the place; a longer key is cut. */
const SHOWN_KEY_LENGTH = 64;

/** `$.targets[0]["odd key"]`, in ASCII whatever the keys hold, so that it can be logged as it is. */
export function pathOf(keys: readonly (string | number)[]): string {
  return `$${keys.map(pathStep).join('')}`;
}

function pathStep(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  const shown = key.length > SHOWN_KEY_LENGTH ? `${key.slice(0, SHOWN_KEY_LENGTH)}...` : key;
  if (/^[A-Za-z_]\w*$/.test(shown)) return `.${shown}`;
  const toEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `[${JSON.stringify(shown).replace(/[^ -~]/g, toEscape)}]`;
}

export function refusal(code: StrictJsonCode, message: string, path?: string): StrictJsonRefusal {
  return path === undefined ? { ok: false, code, message } : { ok: false, code, message, path };
}
