import type { Condition, Table, Write } from '../../../shared/ports/table';
import { keyOf } from './observed-table';

type Leaf = Exclude<Condition, { op: 'and' | 'or' | 'not' }>;

export interface Weakening {
  /** Which writes are made weaker; default all. */
  readonly of?: (write: Write) => boolean;
  /** The conditions that a mistaken programmer forgot. */
  readonly forgets: (leaf: Leaf, write: Write) => boolean;
}

const TRUE: Condition = {
  op: 'or',
  of: [
    { op: 'exists', path: ['pk'] },
    { op: 'absent', path: ['pk'] },
  ],
};

/** The table as a mistaken protocol would use it: without some of the conditions. */
export function weakened(table: Table, { of = () => true, forgets }: Weakening): Table {
  const weak = (write: Write): Write => {
    if (write.condition === undefined || !of(write)) return write;
    const condition = without(write.condition, (leaf) => forgets(leaf, write));
    return { ...write, condition };
  };
  return {
    get: (key) => table.get(key),
    query: (input) => table.query(input),
    write: (writes, token) => table.write(writes.map(weak), token),
  };
}

/** A forgotten condition holds, whatever it is part of. */
function without(condition: Condition, forgets: (leaf: Leaf) => boolean): Condition {
  switch (condition.op) {
    case 'and':
      return { op: 'and', of: condition.of.map((part) => without(part, forgets)) };
    case 'or':
      return { op: 'or', of: condition.of.map((part) => without(part, forgets)) };
    case 'not':
      return without(condition.of, forgets) === TRUE ? TRUE : condition;
    default:
      return forgets(condition) ? TRUE : condition;
  }
}

/** Forgets the conditions on these attributes, of items whose partition key begins so. */
export function forgetting(pk: string, ...attributes: readonly string[]): Weakening {
  return {
    of: (write) => keyOf(write).pk.startsWith(pk),
    forgets: (leaf) => attributes.includes(leaf.path.join('.')),
  };
}
