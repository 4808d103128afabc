import type { Attribute, Item } from '../ports/table';

/** The largest item, in bytes by the rules below. */
export const MAX_ITEM_BYTES = 400 * 1024;

const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * Size of an item in bytes, by the rules of the developer guide ("DynamoDB item sizes and formats"): names
 * and texts in UTF-8; a number 1 byte for two significant digits + 1, and 1 more when negative (AWS says
 * "approximately"); null and booleans 1; lists and maps 3, and 1 for each element; a set the sum of its
 * members. Nothing of the 100 bytes that storage (not writing) is charged for.
 */
export function itemSize(item: Item): number {
  return namedSize(item as Record<string, Attribute | undefined>, 0);
}

function namedSize(map: Record<string, Attribute | undefined>, perElement: number): number {
  let size = 0;
  for (const name in map) {
    const value = map[name];
    if (value !== undefined) size += Buffer.byteLength(name) + attributeSize(value) + perElement;
  }
  return size;
}

function attributeSize(value: Attribute): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  let size = 0;
  if (value instanceof Set) {
    for (const member of value) size += Buffer.byteLength(member);
    return size;
  }
  if (Array.isArray(value)) {
    for (const element of value) size += attributeSize(element) + ELEMENT_BYTES;
    return CONTAINER_BYTES + size;
  }
  return CONTAINER_BYTES + namedSize(value as Record<string, Attribute | undefined>, ELEMENT_BYTES);
}

function numberSize(value: number): number {
  return 1 + Math.ceil(significantDigits(String(value)).length / 2) + (value < 0 ? 1 : 0);
}

/** The digits of a decimal numeral without sign, point, exponent, leading and trailing zeros: '' for zero. */
export function significantDigits(numeral: string): string {
  return numeral
    .replace(/[eE].*$/, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+|0+$/g, '');
}
