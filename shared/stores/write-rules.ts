import type { Condition, Path, Update, Write } from '../ports/table';
import { assertKey, assertName, storableNumber, storableText } from './attribute-rules';
import { StoreRequestError } from './errors';

/** Most writes of one transaction, and most operands of `in`. */
const MAX_WRITES = 100;
const MAX_OPERANDS = 100;

/**
 * Refuses what DynamoDB refuses whatever the items hold, so that a mistake shows in every table alike:
 * no or more than 100 writes, two writes on one item, no actions in an update, overlapping paths, a changed
 * key, an order comparison with a boolean or null, no operands.
 * @throws StoreRequestError
 */
export function assertWrites(writes: readonly Write[]): void {
  if (writes.length === 0 || writes.length > MAX_WRITES) {
    throw new StoreRequestError(`a transaction has 1 to ${MAX_WRITES} writes, not ${writes.length}`);
  }
  const seen = new Set<string>();
  for (const write of writes) {
    const { pk, sk } = write.kind === 'put' ? write.item : write.key;
    assertKey({ pk, sk });
    if (writes.length > 1) {
      const id = JSON.stringify([pk, sk]);
      if (seen.has(id)) throw new StoreRequestError(`two writes of a transaction on one item: ${id}`);
      seen.add(id);
    }
    if (write.condition !== undefined) assertCondition(write.condition);
    else if (write.kind === 'check') throw new StoreRequestError('a check needs a condition');
    if (write.kind === 'update') assertUpdate(write.update);
  }
}

function assertCondition(condition: Condition): void {
  switch (condition.op) {
    case 'and':
    case 'or':
      if (condition.of.length === 0) throw new StoreRequestError(`"${condition.op}" of nothing`);
      condition.of.forEach(assertCondition);
      return;
    case 'not':
      assertCondition(condition.of);
      return;
    case 'in':
      if (condition.values.length === 0 || condition.values.length > MAX_OPERANDS) {
        throw new StoreRequestError(`"in" has 1 to ${MAX_OPERANDS} operands, not ${condition.values.length}`);
      }
      condition.values.forEach(assertOperand);
      break;
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (typeof condition.value === 'boolean' || condition.value === null) {
        throw new StoreRequestError(
          `${condition.value} has no order: incorrect operand type for ${condition.op}`,
        );
      }
      assertOperand(condition.value);
      break;
    case 'exists':
    case 'absent':
      break;
    default:
      assertOperand(condition.value);
  }
  assertPath(condition.path);
}

function assertUpdate(update: Update): void {
  const paths: Path[] = [];
  for (const [path] of update.set ?? []) paths.push(path);
  paths.push(...(update.remove ?? []));
  for (const [name, amount] of update.add ?? []) {
    storableNumber(amount);
    paths.push([name]);
  }
  for (const changes of [update.include, update.exclude]) {
    for (const name of new Set(changes?.map(([attribute]) => attribute))) paths.push([name]);
    for (const [, member] of changes ?? []) storableText(member);
  }
  if (paths.length === 0) throw new StoreRequestError('an update without actions');
  paths.forEach((path, i) => {
    assertPath(path);
    if (path[0] === 'pk' || path[0] === 'sk') throw new StoreRequestError(`${path[0]} is part of the key`);
    for (let j = 0; j < i; j++) {
      if (overlap(path, paths[j] as Path)) {
        throw new StoreRequestError(`two document paths overlap with each other: ${path.join('.')}`);
      }
    }
  });
}

/** Whether one path is the other or leads to it. */
function overlap(a: Path, b: Path): boolean {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return false;
  return true;
}

function assertPath(path: Path): void {
  path.forEach(assertName);
}

function assertOperand(value: unknown): void {
  if (typeof value === 'number') storableNumber(value);
  else if (typeof value === 'string') storableText(value);
  else if (typeof value !== 'boolean' && value !== null) {
    throw new StoreRequestError(`not an operand of a condition: ${typeof value}`);
  }
}
