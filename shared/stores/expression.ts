import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attribute, Condition, Path, QueryInput, Update } from '../ports/table';
import { storable } from './attribute-rules';
import { toAttributeValue } from './attribute-value';
import type { KeyRange } from './key-range';

/**
 * DynamoDB expressions with every name and value replaced by a placeholder (`#0`, `:0`), so that no attribute
 * name is ever a reserved word or a syntax error. The same input gives the same text, which a repeated
 * ClientRequestToken needs.
 */
export interface Placeholders {
  name(attribute: string): string;
  value(value: Attribute): string;
  /** The parameters of the request; left out when there are none, as DynamoDB refuses empty ones. */
  parameters(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, AttributeValue>;
  };
}

export function placeholders(): Placeholders {
  const names = new Map<string, string>();
  const values: Record<string, AttributeValue> = {};
  let count = 0;
  return {
    name: (attribute) => {
      const alias = names.get(attribute) ?? `#${names.size}`;
      names.set(attribute, alias);
      return alias;
    },
    value: (value) => {
      const alias = `:${count++}`;
      values[alias] = toAttributeValue(value);
      return alias;
    },
    parameters: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries(Array.from(names, ([name, alias]) => [alias, name])),
      }),
      ...(count > 0 && { ExpressionAttributeValues: values }),
    }),
  };
}

/** With no more parentheses than needed: DynamoDB refuses redundant ones, `((a))`. */
export function conditionExpression(condition: Condition, to: Placeholders): string {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.of
        .map((part) => operand(part, condition.of.length, to))
        .join(` ${condition.op.toUpperCase()} `);
    case 'not':
      return `NOT ${operand(condition.of, 2, to)}`;
    case 'exists':
      return `attribute_exists(${pathOf(condition.path, to)})`;
    case 'absent':
      return `attribute_not_exists(${pathOf(condition.path, to)})`;
    case 'in':
      return `${pathOf(condition.path, to)} IN (${condition.values.map((value) => to.value(value)).join(', ')})`;
    case 'contains':
      return `contains(${pathOf(condition.path, to)}, ${to.value(condition.value)})`;
    case 'size<':
      return `size(${pathOf(condition.path, to)}) < ${to.value(condition.value)}`;
    default:
      return `${pathOf(condition.path, to)} ${condition.op} ${to.value(condition.value)}`;
  }
}

/** A part of a condition that has `count` parts. An `and` or `or` of one part is that part. */
function operand(part: Condition, count: number, to: Placeholders): string {
  const text = conditionExpression(part, to);
  return count > 1 && isCompound(part) ? `(${text})` : text;
}

function isCompound(condition: Condition): boolean {
  if (condition.op !== 'and' && condition.op !== 'or') return false;
  const [only, ...more] = condition.of;
  return more.length > 0 || (only !== undefined && isCompound(only));
}

/** Several members of one set become one action, as two actions may not share a path. */
export function updateExpression(update: Update, to: Placeholders): string {
  const sets = update.set?.map(([path, value]) => {
    return `${pathOf(path, to)} = ${to.value(storable(value, path.length - 1))}`;
  });
  const removes = update.remove?.map((path) => pathOf(path, to));
  const adds = [
    ...(update.add ?? []).map(([name, amount]) => `${to.name(name)} ${to.value(amount)}`),
    ...memberActions(update.include, to),
  ];
  return [
    clause('SET', sets ?? []),
    clause('REMOVE', removes ?? []),
    clause('ADD', adds),
    clause('DELETE', memberActions(update.exclude, to)),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** `names`: the attributes that are the keys of the table or of the index asked. */
export function keyExpression(
  query: QueryInput,
  range: KeyRange,
  { names, to }: { names: { readonly pk: string; readonly sk: string }; to: Placeholders },
): string {
  const partition = `${to.name(names.pk)} = ${to.value(query.pk)}`;
  const sk = () => to.name(names.sk);
  switch (range.kind) {
    case 'all':
      return partition;
    case 'prefix':
      return `${partition} AND begins_with(${sk()}, ${to.value(range.prefix)})`;
    case 'from':
      return `${partition} AND ${sk()} >= ${to.value(range.from)}`;
    case 'to':
      return `${partition} AND ${sk()} <= ${to.value(range.to)}`;
    case 'between':
      return `${partition} AND ${sk()} BETWEEN ${to.value(range.from)} AND ${to.value(range.to)}`;
  }
}

function pathOf(path: Path, to: Placeholders): string {
  return path.map((name) => to.name(name)).join('.');
}

function memberActions(changes: Update['include'], to: Placeholders): string[] {
  const members = new Map<string, Set<string>>();
  for (const [name, member] of changes ?? []) members.set(name, (members.get(name) ?? new Set()).add(member));
  return Array.from(members, ([name, set]) => `${to.name(name)} ${to.value(set)}`);
}

function clause(keyword: string, actions: readonly string[]): string {
  return actions.length === 0 ? '' : `${keyword} ${actions.join(', ')}`;
}
