import type { Attribute, Item, Key } from '../ports/table';
import { StoreRequestError } from './errors';

/** Limits of DynamoDB, in bytes of UTF-8 and in levels of lists and maps. */
const MAX_PK_BYTES = 2048;
const MAX_SK_BYTES = 1024;
const MAX_LEVELS = 32;
/** Smallest number that DynamoDB holds; its greatest (about 1e126) is beyond the safe integers anyway. */
const MIN_MAGNITUDE = 1e-130;
const LONE_SURROGATE = /\p{Surrogate}/u;

export function isMap(value: unknown): value is { readonly [name: string]: Attribute | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);
}

/**
 * A deep copy of what a table may hold; undefined attributes of maps are dropped.
 * @throws StoreRequestError on what DynamoDB refuses or would change: empty sets, numbers that are not
 * finite or are integers beyond 2^53, lone surrogates, more than 32 levels, values of other types
 */
export function storable(value: Attribute, level = 0): Attribute {
  switch (typeof value) {
    case 'string':
      return storableText(value);
    case 'number':
      return storableNumber(value);
    case 'boolean':
      return value;
    case 'object':
      break;
    default:
      throw new StoreRequestError(`a table holds no ${typeof value}`);
  }
  if (value === null) return null;
  if (value instanceof Set) return storableSet(value);
  if (level >= MAX_LEVELS) throw new StoreRequestError(`more than ${MAX_LEVELS} levels of lists and maps`);
  if (Array.isArray(value)) return value.map((element) => storable(element, level + 1));
  return storableMap(value as { readonly [name: string]: Attribute | undefined }, level + 1);
}

/** A whole item, as `storable`, with its keys checked. */
export function storableItem(item: Item): Item {
  assertKey(item);
  return storableMap(item, 0) as Item;
}

/** @throws StoreRequestError when a part is no text, empty, or longer than 2,048 (pk) or 1,024 (sk) bytes */
export function assertKey(key: Key): void {
  assertKeyPart('pk', key.pk, MAX_PK_BYTES);
  assertKeyPart('sk', key.sk, MAX_SK_BYTES);
}

/** @throws StoreRequestError when `name` cannot be an attribute: empty, or `__proto__` (a trap in JavaScript) */
export function assertName(name: string): void {
  if (name === '' || name === '__proto__') throw new StoreRequestError(`not an attribute name: "${name}"`);
}

export function storableText(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new StoreRequestError('text with a lone surrogate has no UTF-8');
  return text;
}

/** -0 becomes 0, as DynamoDB has no other. */
export function storableNumber(value: number): number {
  if (value === 0) return 0;
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Math.abs(value) >= MIN_MAGNITUDE;
  if (!exact) throw new StoreRequestError(`not a number that a table keeps exactly: ${value}`);
  return value;
}

function storableSet(set: ReadonlySet<string>): ReadonlySet<string> {
  if (set.size === 0) throw new StoreRequestError('a set cannot be empty');
  for (const member of set) {
    if (typeof member !== 'string') throw new StoreRequestError('a set holds strings only');
    storableText(member);
  }
  return new Set(set);
}

function storableMap(map: { readonly [name: string]: Attribute | undefined }, level: number): Attribute {
  const prototype = Object.getPrototypeOf(map);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new StoreRequestError(`a table holds no ${map.constructor?.name}`);
  }
  const copy: Record<string, Attribute> = {};
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value === undefined) continue;
    assertName(name);
    copy[name] = storable(value, level);
  }
  return copy;
}

function assertKeyPart(part: 'pk' | 'sk', value: unknown, most: number): void {
  if (typeof value !== 'string' || value === '')
    throw new StoreRequestError(`${part} must be a text, not empty`);
  storableText(value);
  if (value.length * 3 > most && Buffer.byteLength(value) > most) {
    throw new StoreRequestError(`${part} is longer than ${most} bytes`);
  }
}

/** A deep copy of what is already known to be storable: fast, checks nothing. */
export function copyItem(item: Item): Item {
  return copyAttribute(item) as Item;
}

function copyAttribute(value: Attribute | undefined): Attribute | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.map(copyAttribute) as Attribute[];
  const source = value as Record<string, Attribute | undefined>;
  const copy: Record<string, Attribute | undefined> = {};
  for (const name in source) copy[name] = copyAttribute(source[name]);
  return copy;
}

/** Deep equality as DynamoDB sees it: sets and maps without order. */
export function sameAttribute(a: Attribute | undefined, b: Attribute | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Set || b instanceof Set) {
    if (!(a instanceof Set && b instanceof Set) || a.size !== b.size) return false;
    for (const member of a) if (!b.has(member)) return false;
    return true;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!(Array.isArray(a) && Array.isArray(b)) || a.length !== b.length) return false;
    return a.every((element, i) => sameAttribute(element, b[i]));
  }
  const [left, right] = [a, b] as Record<string, Attribute | undefined>[];
  const names = Object.keys(left ?? {});
  if (names.length !== Object.keys(right ?? {}).length) return false;
  return names.every(
    (name) => Object.hasOwn(right ?? {}, name) && sameAttribute(left?.[name], right?.[name]),
  );
}
