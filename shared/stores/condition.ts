import type { Attribute, Condition, Item, Path, Scalar, Update } from '../ports/table';
import { isMap } from './attribute-rules';
import { addDecimals } from './decimal-sum';
import { StoreRequestError } from './errors';
import { compareText } from './text-order';

/**
 * What DynamoDB makes of a condition and of an update; pure. Where its documentation is silent we follow
 * tests that others ran against the service (scylladb/scylladb test/alternator, ExtendDB/extenddb#5).
 */
type Attributes = Record<string, Attribute | undefined>;

/**
 * Whether `condition` holds for the item as it stands (`undefined` = no such item, every attribute absent).
 * A comparison with an absent attribute or one of another type is false, except `<>`, which is true.
 * Texts are ordered by UTF-8 bytes. `contains` also finds a part of a text and a text in a list.
 */
export function holds(condition: Condition, item: Item | undefined): boolean {
  switch (condition.op) {
    case 'and':
      return condition.of.every((part) => holds(part, item));
    case 'or':
      return condition.of.some((part) => holds(part, item));
    case 'not':
      return !holds(condition.of, item);
    case 'exists':
      return at(item, condition.path) !== undefined;
    case 'absent':
      return at(item, condition.path) === undefined;
    case '=':
      return at(item, condition.path) === condition.value;
    case '<>':
      return at(item, condition.path) !== condition.value;
    case 'in':
      return (condition.values as readonly (Attribute | undefined)[]).includes(at(item, condition.path));
    case 'contains':
      return containsText(at(item, condition.path), condition.value);
    case 'size<': {
      const size = sizeOf(at(item, condition.path));
      return size !== undefined && size < condition.value;
    }
    default:
      return isOrdered(at(item, condition.path), condition.op, condition.value);
  }
}

/** Whether `update` makes an item that is not there yet. Taking attributes or members away does not. */
export function creates(update: Update): boolean {
  return Boolean(update.set?.length || update.add?.length || update.include?.length);
}

/**
 * The item after `update`; `item` is not changed, and unchanged parts are shared with it. For an item that
 * is not there, give its key.
 * @throws StoreRequestError as the service refuses: a path into what is no map, a sum with what is no
 * number, members for what is no set of strings
 */
export function applyUpdate(item: Item, update: Update): Item {
  const next: Attributes = { ...item };
  for (const [path, value] of update.set ?? []) parentOf(next, path)[last(path)] = value;
  for (const path of update.remove ?? []) delete parentOf(next, path)[last(path)];
  for (const [name, amount] of update.add ?? []) {
    const found = own(next, name);
    // What holds null is there, and is no number.
    const before = found === undefined ? 0 : found;
    if (typeof before !== 'number') throw wrongOperand(name);
    next[name] = addDecimals(before, amount);
  }
  changeMembers(next, update.include, (members, value) => members.add(value));
  changeMembers(next, update.exclude, (members, value) => members.delete(value));
  return next as Item;
}

function at(item: Item | undefined, path: Path): Attribute | undefined {
  let value: Attribute | undefined = item;
  for (const name of path) {
    if (!isMap(value)) return undefined;
    value = own(value as Attributes, name);
  }
  return value;
}

function own(map: Attributes, name: string): Attribute | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function last(path: Path): string {
  return path[path.length - 1] as string;
}

/** The map that holds the last name of `path`, copied on the way down so that nothing shared is changed. */
function parentOf(root: Attributes, path: Path): Attributes {
  let map = root;
  for (const name of path.slice(0, -1)) {
    const child = own(map, name);
    if (!isMap(child)) {
      throw new StoreRequestError(`the path ${path.join('.')} is invalid for update: ${name} is no map`);
    }
    const copy: Attributes = { ...child };
    map[name] = copy;
    map = copy;
  }
  return map;
}

function changeMembers(
  next: Attributes,
  changes: Update['include'],
  change: (members: Set<string>, value: string) => void,
): void {
  const fresh = new Set<string>();
  for (const [name, value] of changes ?? []) {
    const before = own(next, name);
    if (before !== undefined && !(before instanceof Set)) throw wrongOperand(name);
    const members = before !== undefined && fresh.has(name) ? before : new Set(before);
    fresh.add(name);
    change(members, value);
    if (members.size > 0) next[name] = members;
    else delete next[name];
  }
}

function wrongOperand(name: string): StoreRequestError {
  return new StoreRequestError(`an operand in the update has an incorrect data type: ${name}`);
}

function containsText(value: Attribute | undefined, text: string): boolean {
  if (value instanceof Set) return value.has(text);
  return (typeof value === 'string' || Array.isArray(value)) && value.includes(text);
}

function sizeOf(value: Attribute | undefined): number | undefined {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Set) return value.size;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function isOrdered(value: Attribute | undefined, op: '<' | '<=' | '>' | '>=', reference: Scalar): boolean {
  let order: number;
  if (typeof value === 'number' && typeof reference === 'number') order = value - reference;
  else if (typeof value === 'string' && typeof reference === 'string') order = compareText(value, reference);
  else return false;
  if (op === '<') return order < 0;
  if (op === '<=') return order <= 0;
  return op === '>' ? order > 0 : order >= 0;
}
