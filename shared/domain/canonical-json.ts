/**
 * RFC 8785 (JSON Canonicalization Scheme): one JSON value has exactly one text, so that its digest
 * can be approved, signed and compared. Source: https://www.rfc-editor.org/rfc/rfc8785.
 */

/** A JSON value as TypeScript sees it; `undefined`, functions, bigint, Date and Map are not in it. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type CanonicalJsonFault =
  | 'NOT_FINITE'
  | 'LONE_SURROGATE'
  | 'UNDEFINED'
  | 'FUNCTION'
  | 'SYMBOL'
  | 'BIGINT'
  | 'NOT_PLAIN'
  | 'CYCLIC'
  | 'TOO_DEEP';

/** The value has no canonical form. `path` leads to the place (`$["targets"][0]`); no value is quoted. */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError';
  readonly code: CanonicalJsonFault;
  readonly path: string;

  constructor(code: CanonicalJsonFault, path: string) {
    super(`no canonical JSON: ${code} at ${path}`);
    this.code = code;
    this.path = path;
  }
}

/** Objects and arrays inside one another. Everything we hash is far flatter; the stack holds far more. */
export const CANONICAL_MAX_DEPTH = 64;

/**
 * Position in the walk. `ancestors[d]` and `keys[d]` are overwritten, never popped: the entries below
 * the current depth are always current, and only those are read.
 */
type Walk = { readonly ancestors: object[]; readonly keys: (string | number)[] };

/**
 * The canonical text of `value`: keys in order of UTF-16 code units, numbers as ECMAScript prints
 * them (`-0` is `0`), the shortest escapes, no spaces.
 *
 * Guarantees: the same text for the same value whatever the order of insertion; recursion is at most
 * `CANONICAL_MAX_DEPTH`, so no input overflows the stack. Only own enumerable string keys are seen
 * (a symbol key is not). An object shared by many parents is written out for each of them.
 *
 * @throws CanonicalJsonError for anything that JSON.stringify would silently drop or change: NaN and
 * infinities, lone surrogates, `undefined` (also as a property or a hole), functions, symbols, bigint,
 * objects that are not plain (Date, Map, class instances), cycles, too many levels.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0, { ancestors: [], keys: [] });
}

function write(value: unknown, depth: number, walk: Walk): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, depth, walk);
    case 'number':
      if (!Number.isFinite(value)) throw fault('NOT_FINITE', depth, walk);
      return String(value); // Number::toString is RFC 8785's own definition (3.2.2.3), `-0` included
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return writeContainer(value, depth, walk);
    case 'undefined':
      throw fault('UNDEFINED', depth, walk);
    case 'function':
      throw fault('FUNCTION', depth, walk);
    case 'symbol':
      throw fault('SYMBOL', depth, walk);
    default:
      throw fault('BIGINT', depth, walk);
  }
}

function writeContainer(value: object, depth: number, walk: Walk): string {
  if (depth >= CANONICAL_MAX_DEPTH) {
    // A cycle always ends here, since it has no other end; a look back tells it from mere depth.
    throw fault(walk.ancestors.includes(value) ? 'CYCLIC' : 'TOO_DEEP', depth, walk);
  }
  walk.ancestors[depth] = value;
  return Array.isArray(value) ? writeArray(value, depth, walk) : writeObject(value, depth, walk);
}

function writeArray(items: readonly unknown[], depth: number, walk: Walk): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    walk.keys[depth] = index;
    if (index > 0) text += ',';
    text += write(items[index], depth + 1, walk);
  }
  return `${text}]`;
}

function writeObject(value: object, depth: number, walk: Walk): string {
  const prototype = Object.getPrototypeOf(value);
  // Not `=== Object.prototype`: plain objects of another realm (jest, vm) are plain too.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw fault('NOT_PLAIN', depth, walk);
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  // The default sort compares UTF-16 code units, as RFC 8785 (3.2.3) asks; localeCompare does not.
  for (const key of Object.keys(members).sort()) {
    walk.keys[depth] = key;
    if (text.length > 1) text += ',';
    text += `${writeString(key, depth + 1, walk)}:${write(members[key], depth + 1, walk)}`;
  }
  return `${text}}`;
}

/** ASCII that needs no escape: nearly every string we hash, and it skips two slower passes. */
const NEEDS_CARE = /[^ !#-[\]-~]/;
/** With the `u` flag a pair is one code point, so this meets lone surrogates only. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function writeString(text: string, depth: number, walk: Walk): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw fault('LONE_SURROGATE', depth, walk);
  return JSON.stringify(text); // escapes exactly as RFC 8785 (3.2.2.2) does
}

function fault(code: CanonicalJsonFault, depth: number, walk: Walk): CanonicalJsonError {
  const steps = walk.keys.slice(0, depth).map((key) => `[${JSON.stringify(key)}]`);
  return new CanonicalJsonError(code, `$${steps.join('')}`);
}
