import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attribute, Item, Key } from '../ports/table';
import { significantDigits } from './item-size';

/** An item in DynamoDB's JSON. */
export type AttributeValues = Record<string, AttributeValue>;

/** DynamoDB's JSON of an attribute that is `storable`. */
export function toAttributeValue(value: Attribute): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Set) return { SS: [...value] };
  if (Array.isArray(value)) return { L: value.map(toAttributeValue) };
  return { M: toAttributeValues(value as { readonly [name: string]: Attribute | undefined }) };
}

/** DynamoDB's JSON of a `storable` item or map; undefined attributes are dropped. */
export function toAttributeValues(map: { readonly [name: string]: Attribute | undefined }): AttributeValues {
  const values: AttributeValues = {};
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined) values[name] = toAttributeValue(value);
  }
  return values;
}

export function toKeyValues({ pk, sk }: Key): AttributeValues {
  return { pk: { S: pk }, sk: { S: sk } };
}

/**
 * The item of DynamoDB's JSON, as the SDK or a stream record gives it. What we never write (binaries, sets of
 * numbers or binaries, numbers that a double does not hold) but a hand in the console may have written is
 * kept as a map of its type and text, `{ B: base64 }` or `{ N: '1e40' }`: reading never fails and loses nothing.
 */
export function fromAttributeValues(values: Readonly<Record<string, unknown>>): Item {
  return fromMap(values) as Item;
}

function fromMap(values: Readonly<Record<string, unknown>>): Attribute {
  // Object.fromEntries defines own properties, whatever their name.
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromAttributeValue(value)]));
}

function fromAttributeValue(value: unknown): Attribute {
  const [type, content] =
    Object.entries(value as Record<string, unknown>).find(([, part]) => part !== undefined) ?? [];
  switch (type) {
    case 'S':
    case 'BOOL':
      return content as string | boolean;
    case 'N':
      return fromNumber(content as string);
    case 'NULL':
      return null;
    case 'SS':
      return new Set(content as string[]);
    case 'L':
      return (content as unknown[]).map(fromAttributeValue);
    case 'M':
      return fromMap(content as Record<string, unknown>);
    default:
      return { [type ?? 'unknown']: foreign(content) };
  }
}

function fromNumber(numeral: string): Attribute {
  const value = Number(numeral);
  const kept = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return kept && significantDigits(String(value)) === significantDigits(numeral) ? value : { N: numeral };
}

function foreign(content: unknown): Attribute {
  if (Array.isArray(content)) return content.map(foreign);
  return content instanceof Uint8Array ? Buffer.from(content).toString('base64') : String(content);
}
