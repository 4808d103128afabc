import type { JsonValue } from '../domain/canonical-json';
import {
  type ContentCode,
  explain,
  isForbiddenKey,
  numberFault,
  pathOf,
  refusal,
  rootFault,
  STRICT_JSON_DEFAULTS,
  type StrictJsonLimits,
  type StrictJsonRefusal,
  type StrictJsonResult,
  textFault,
} from './strict-json-rules';
import {
  type Frame,
  refuse,
  type Scan,
  scanScalar,
  scanString,
  skipSpace,
  unexpected,
} from './strict-json-tokens';

export type {
  StrictJsonCode,
  StrictJsonLimits,
  StrictJsonRefusal,
  StrictJsonResult,
} from './strict-json-rules';

/**
 * The edge's reader of JSON from outside: one pass, no recursion, linear time. It accepts the part of
 * RFC 8259 on which every parser agrees (RFC 7493, I-JSON), without text that fools a reader's eye, so
 * that what is checked, hashed, shown to an approver and executed is one and the same value.
 */

/**
 * The value of a JSON text, or the first thing wrong with it. Never throws.
 * Limits not given are STRICT_JSON_DEFAULTS. Offsets in messages count UTF-16 code units from 0.
 */
export function parseStrictJson(
  input: string | Uint8Array,
  limits: Partial<StrictJsonLimits> = {},
): StrictJsonResult {
  const all = { ...STRICT_JSON_DEFAULTS, ...limits };
  if (input.length === 0) return refusal('EMPTY_INPUT', 'the input is empty; send a JSON object');
  // A UTF-16 code unit takes at least one byte, so a far too long string is not even measured.
  if (input.length > all.maxBytes || (typeof input === 'string' && Buffer.byteLength(input) > all.maxBytes)) {
    return refusal('TOO_LARGE', explain('TOO_LARGE', all));
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (typeof text !== 'string') return text;
  if (text.startsWith('\ufeff')) return BYTE_ORDER_MARK;
  const scan: Scan = { text, limits: all, frames: [], at: 0 };
  skipSpace(scan);
  if (scan.at === text.length) {
    return refusal('EMPTY_INPUT', 'the input holds only white space; send a JSON object');
  }
  const result = scanDocument(scan);
  if (!result.ok) return result;
  // Asked last, so that a bomb of brackets is called what it is.
  const fault = rootFault(result.value, all);
  return fault === undefined ? result : refusal(fault, explain(fault, all), '$');
}

const BYTE_ORDER_MARK = refusal(
  'BYTE_ORDER_MARK',
  'the input starts with a byte order mark; send UTF-8 without one',
);

function decodeUtf8(bytes: Uint8Array): string | StrictJsonRefusal {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return BYTE_ORDER_MARK; // of UTF-16: named, since it is what Windows tools send
  }
  // Bad bytes decode to U+FFFD; only then does the text encode to other bytes than came in.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (!text.includes('\ufffd')) return text;
  const again = new TextEncoder().encode(text);
  const bad = again.findIndex((byte, index) => byte !== bytes[index]);
  if (bad === -1) return text;
  return refusal('INVALID_UTF8', `the input is not UTF-8 near byte ${bad}; encode it as UTF-8`);
}

function scanDocument(scan: Scan): StrictJsonResult {
  const { text, limits, frames } = scan;
  let root: JsonValue = null;
  for (let nodes = 1; ; nodes += 1) {
    skipSpace(scan);
    if (nodes > limits.maxNodes) return refuse(scan, 'TOO_MANY_NODES');
    const parent = frames.at(-1);
    let opened: Frame | undefined;
    let value: JsonValue;
    const first = text[scan.at];
    if (first === '{' || first === '[') {
      if (frames.length >= limits.maxDepth) return refuse(scan, 'TOO_DEEP');
      opened =
        first === '{'
          ? { kind: 'object', members: {}, key: undefined }
          : { kind: 'array', items: [], key: 0 };
      value = opened.kind === 'object' ? opened.members : opened.items;
      scan.at += 1;
    } else {
      const scalar = scanScalar(scan, first);
      if (typeof scalar === 'object' && scalar !== null) return scalar;
      value = scalar;
    }
    if (parent === undefined) root = value;
    else if (parent.kind === 'array') parent.items.push(value);
    else setMember(parent.members, parent.key ?? '', value);
    if (opened !== undefined) frames.push(opened);

    const next = moveToNextValue(scan, opened !== undefined);
    if (typeof next === 'object') return next;
    if (next === 'end') break;
  }
  skipSpace(scan);
  if (scan.at === text.length) return { ok: true, value: root };
  return refuse(scan, 'TRAILING_TEXT', 'text after the value; send exactly one JSON value');
}

function setMember(members: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (!(key in members)) {
    members[key] = value;
    return;
  }
  // An inherited name (`toString`): defining it works also where Object.prototype is frozen or has setters.
  Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Closes what ends here, then moves past the comma, the key and the colon to where a value must stand. */
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
      if (char !== ',') return unexpected(scan, 'a comma or the closing bracket');
      scan.at += 1;
    }
    if (frame.kind === 'object') return scanKey(scan, frame);
    frame.key = frame.items.length;
    return 'value';
  }
  return 'end';
}

function scanKey(scan: Scan, frame: Frame & { kind: 'object' }): 'value' | StrictJsonRefusal {
  frame.key = undefined;
  skipSpace(scan);
  if (scan.text[scan.at] !== '"') return unexpected(scan, 'a key in double quotes');
  const key = scanString(scan, false);
  if (typeof key !== 'string') return key;
  frame.key = key;
  if (isForbiddenKey(key)) return refuse(scan, 'FORBIDDEN_KEY');
  if (Object.hasOwn(frame.members, key)) {
    return refuse(scan, 'DUPLICATE_KEY', 'the key stands twice in its object; keep one');
  }
  skipSpace(scan);
  if (scan.text[scan.at] !== ':') return unexpected(scan, 'a colon after the key');
  scan.at += 1;
  return 'value';
}

/** A container on the way; `keys` is undefined for an array. `key` is the place that is being looked at. */
type Visit = {
  readonly container: object;
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
  key: string | number;
};

/**
 * The same rules, with the same codes, for a value that is parsed already (Lambda hands over parsed
 * events). Duplicate keys cannot be seen any more, and integers that JSON.parse rounded only where they
 * are still past 2^53. The bytes are not known either: TOO_LARGE where the strings and keys alone exceed
 * `maxBytes`. On success `value` is the very same object, not a copy. Cycles end as TOO_DEEP; objects
 * that are not plain, holes, `undefined`, bigint and functions as NOT_JSON. Does not recurse.
 */
export function checkStructure(value: unknown, limits: Partial<StrictJsonLimits> = {}): StrictJsonResult {
  const all = { ...STRICT_JSON_DEFAULTS, ...limits };
  const open: Visit[] = [];
  const refuseHere = (code: ContentCode): StrictJsonRefusal => {
    const path = pathOf(open.map((visit) => visit.key));
    return refusal(code, `${path}: ${explain(code, all)}`, path);
  };
  let units = 0;
  let current = value;
  for (let nodes = 1; ; nodes += 1) {
    if (nodes > all.maxNodes) return refuseHere('TOO_MANY_NODES');
    const fault = valueFault(current, all);
    if (fault !== undefined) return refuseHere(fault);
    if (typeof current === 'string') units += current.length;
    if (units > all.maxBytes) return refuseHere('TOO_LARGE');
    if (typeof current === 'object' && current !== null) {
      if (open.length >= all.maxDepth) return refuseHere('TOO_DEEP');
      const keys = Array.isArray(current) ? undefined : Object.keys(current);
      const length = Array.isArray(current) ? current.length : (keys?.length ?? 0);
      open.push({ container: current, keys, length, next: 0, key: 0 });
    }
    let visit = open.at(-1);
    while (visit !== undefined && visit.next === visit.length) {
      open.pop();
      visit = open.at(-1);
    }
    if (visit === undefined) break;
    visit.key = visit.keys?.[visit.next] ?? visit.next;
    visit.next += 1;
    if (typeof visit.key === 'string') {
      const keyFault = textFault(visit.key, all.maxStringLength, false);
      if (keyFault !== undefined) return refuseHere(keyFault);
      if (isForbiddenKey(visit.key)) return refuseHere('FORBIDDEN_KEY');
      units += visit.key.length;
    }
    current = (visit.container as Readonly<Record<string | number, unknown>>)[visit.key];
  }
  const fault = rootFault(value, all);
  return fault === undefined
    ? { ok: true, value: value as JsonValue }
    : refusal(fault, `$: ${explain(fault, all)}`, '$');
}

function valueFault(value: unknown, limits: StrictJsonLimits): ContentCode | undefined {
  if (typeof value === 'string') return textFault(value, limits.maxStringLength, limits.allowText);
  if (typeof value === 'number') return numberFault(value);
  if (typeof value === 'boolean' || value === null || Array.isArray(value)) return undefined;
  if (typeof value !== 'object') return 'NOT_JSON';
  const prototype = Object.getPrototypeOf(value);
  // Plain objects of another realm (jest, vm) are plain too, so this is not `=== Object.prototype`.
  return prototype === null || Object.getPrototypeOf(prototype) === null ? undefined : 'NOT_JSON';
}
