/** Strict reading of one JSON object of a definition: what nobody asked for is refused. */
import type { JsonObject, JsonValue } from './definition';
import { AslNotSupportedError } from './errors';

/** Where in the definition we are, for errors. */
export type Place = { readonly stateName: string | undefined; readonly field: string };

export const inside = (place: Place, field: string): Place => ({
  stateName: place.stateName,
  field: place.field === '' ? field : `${place.field}${field.startsWith('[') ? '' : '.'}${field}`,
});

export function refuse(place: Place, reason: string): never {
  throw new AslNotSupportedError(place.stateName, place.field === '' ? '(itself)' : place.field, reason);
}

export function asObject(value: JsonValue | undefined, place: Place): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(place, 'must be an object');
  return value as JsonObject;
}

export function asArray(value: JsonValue | undefined, place: Place): readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0) return refuse(place, 'must be a non-empty array');
  return value as readonly JsonValue[];
}

export function asString(value: JsonValue | undefined, place: Place): string {
  return typeof value === 'string' ? value : refuse(place, 'must be a string');
}

export function asBoolean(value: JsonValue | undefined, place: Place): boolean {
  return typeof value === 'boolean' ? value : refuse(place, 'must be true or false');
}

export type NumberRange = { readonly from: number; readonly to: number; readonly whole: boolean };

export function asNumber(value: JsonValue | undefined, place: Place, range: NumberRange): number {
  const { from, to, whole } = range;
  if (typeof value === 'number' && value >= from && value <= to && (!whole || Number.isInteger(value)))
    return value;
  return refuse(place, `must be ${whole ? 'a whole number' : 'a number'} from ${from} to ${to}`);
}

export type Fields = {
  readonly place: Place;
  has(name: string): boolean;
  value(name: string): JsonValue | undefined;
  string(name: string): string;
  optionalString(name: string): string | undefined;
  optionalNumber(name: string, range: NumberRange): number | undefined;
  at(name: string): Place;
};

/** Reads the fields of one object; every field not in `known` is refused. `Comment` is always known. */
export function readFields(object: JsonObject, place: Place, known: readonly string[]): Fields {
  for (const name of Object.keys(object))
    if (name !== 'Comment' && !known.includes(name))
      refuse(inside(place, name), 'not supported by the simulator');
  if (Object.hasOwn(object, 'Comment')) asString(object.Comment, inside(place, 'Comment'));
  const has = (name: string) => Object.hasOwn(object, name);
  const value = (name: string) => (has(name) ? object[name] : undefined);
  const at = (name: string) => inside(place, name);
  return {
    place,
    has,
    value,
    at,
    string: (name) => asString(value(name), at(name)),
    optionalString: (name) => (has(name) ? asString(value(name), at(name)) : undefined),
    optionalNumber: (name, range) => (has(name) ? asNumber(value(name), at(name), range) : undefined),
  };
}
