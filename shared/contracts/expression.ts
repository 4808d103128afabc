import jsonata from 'jsonata';
import { suggestName } from '../domain/nearest-name';
import type { Scalar } from '../domain/scalar';
import { numberFault, textFault } from './strict-json-rules';

/**
 * Expressions in playbooks: JSONata (https://docs.jsonata.org) cut down to what ends by construction.
 * Paths, arithmetic, comparison, conditions and listed functions; no lambdas, variables, ranges, regular
 * expressions, wildcards or transforms, and nothing that asks for the time or for chance. So the same
 * event gives the same plan, and no expression can loop or grow. JSONata's own guards are a second line.
 */

/** Names at the root of what an expression sees. */
export const EXPRESSION_ROOTS = [
  'alarm',
  'error',
  'dimensions',
  'attributes',
  'target',
  'planned',
  'parameters',
] as const;
export type ExpressionRoot = (typeof EXPRESSION_ROOTS)[number];
export type ExpressionScope = Partial<Readonly<Record<ExpressionRoot, unknown>>>;

/** Deterministic, and no larger a result than their input. */
const FUNCTIONS: readonly string[] = [
  ...['string', 'length', 'substring', 'substringBefore', 'substringAfter', 'uppercase', 'lowercase', 'trim'],
  ...[
    'contains',
    'split',
    'number',
    'abs',
    'floor',
    'ceil',
    'round',
    'min',
    'max',
    'sum',
    'average',
    'count',
  ],
  ...['boolean', 'not', 'exists', 'lookup', 'type'],
];
const NODES: ReadonlySet<string> = new Set([
  ...['path', 'name', 'string', 'number', 'value', 'binary', 'unary', 'condition', 'function', 'variable'],
  ...['filter', 'block'],
]);
/** Keys by which JSONata marks grouping, focus and index variables, and sorting. */
const FORBIDDEN_MARKS = ['group', 'focus', 'index', 'tuple', 'ancestor'] as const;

const GUARDS = { timeout: 1000, stack: 100, sequence: 1000 } as const;
const MAX_LENGTH = 512;

/** Text that starts with `=`. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('=');
}

export interface ExpressionFault {
  readonly message: string;
  readonly fix: string;
}
/** A path from the root, as far as it is plain names: `planned.add.desired_capacity` has three. */
export type Reference = readonly string[];
export type ExpressionReading =
  | { readonly ok: true; readonly references: readonly Reference[] }
  | { readonly ok: false; readonly faults: readonly ExpressionFault[] };

type AstNode = Readonly<Record<string, unknown>> & { readonly type: string };
interface Reader {
  readonly faults: ExpressionFault[];
  readonly references: Reference[];
}

/** Parses `text` (with its `=`) and checks that it keeps to the part that is allowed. Never throws. */
export function readExpression(text: string): ExpressionReading {
  if (text.length > MAX_LENGTH) {
    return failed(`the expression has more than ${MAX_LENGTH} characters`, 'shorten it');
  }
  let ast: unknown;
  try {
    ast = jsonata(text.slice(1)).ast();
  } catch (error) {
    return failed(`the expression cannot be read: ${messageOf(error)}`, 'correct the JSONata after `=`');
  }
  const reader: Reader = { faults: [], references: [] };
  visit(ast, true, reader);
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  return { ok: true, references: reader.references };
}

const failed = (message: string, fix: string) => ({ ok: false as const, faults: [{ message, fix }] });

/** `atRoot`: names are looked up in the scope itself, not in what a path has reached. */
function visit(node: unknown, atRoot: boolean, reader: Reader): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, atRoot, reader);
    return;
  }
  if (typeof node !== 'object' || node === null || !('type' in node)) return;
  const ast = node as AstNode;
  const refused = refusalOf(ast);
  if (refused !== undefined) {
    reader.faults.push(refused);
    return;
  }
  if (ast.type === 'path') {
    visitPath(ast, atRoot, reader);
    return;
  }
  if (ast.type === 'function') {
    const name = (ast.procedure as AstNode | undefined)?.value;
    if (typeof name !== 'string' || !FUNCTIONS.includes(name)) {
      reader.faults.push({
        message: `the function $${name} is not allowed`,
        fix: suggestName(String(name), FUNCTIONS),
      });
    }
    visit(ast.arguments, atRoot, reader);
    return;
  }
  for (const [key, value] of Object.entries(ast)) {
    if (key !== 'value') visit(value, atRoot && key !== 'stages' && key !== 'predicate', reader);
  }
}

function visitPath(path: AstNode, atRoot: boolean, reader: Reader): void {
  const steps = path.steps as readonly AstNode[];
  const toRoot = steps[0]?.type === 'variable' && steps[0].value === '$';
  const fromRoot = atRoot || toRoot;
  const named = toRoot ? steps.slice(1) : steps;
  if (fromRoot && named[0]?.type === 'name') {
    const end = named.findIndex((step) => step.type !== 'name' || step.stages !== undefined);
    const plain = end < 0 ? named : named.slice(0, end + (named[end]?.type === 'name' ? 1 : 0));
    const names = plain.map((step) => String(step.value));
    const root = names[0] ?? '';
    if ((EXPRESSION_ROOTS as readonly string[]).includes(root)) reader.references.push(names);
    else
      reader.faults.push({
        message: `there is no \`${root}\` to refer to`,
        fix: suggestName(root, EXPRESSION_ROOTS),
      });
  }
  for (const [index, step] of steps.entries()) visit(step, fromRoot && index === 0, reader);
  // What is kept of a path beside its steps (`group` and the like) is refused.
  const refused = refusalOf(path);
  if (refused !== undefined) reader.faults.push(refused);
}

function refusalOf(node: AstNode): ExpressionFault | undefined {
  const value = node.value;
  const fix = 'use paths, arithmetic, comparisons, conditions and simple functions only';
  if (FORBIDDEN_MARKS.some((mark) => node[mark] !== undefined)) {
    return { message: 'grouping and variables are not allowed', fix };
  }
  if (!NODES.has(node.type)) return { message: `${node.type} is not allowed`, fix };
  if (node.type === 'binary' && value === '..') return { message: 'a range is not allowed', fix };
  if (node.type === 'unary' && value !== '-' && value !== '[')
    return { message: `\`${value}\` is not allowed`, fix };
  if (node.type === 'variable' && value !== '' && value !== '$') {
    return { message: `the variable $${value} is not allowed`, fix };
  }
  return undefined;
}

export type Evaluation =
  | { readonly ok: true; readonly value: Scalar }
  | { readonly ok: false; readonly message: string };

/**
 * The value of a playbook's entry: itself where it is a literal, else what the expression gives on
 * `scope`. Anything but text (up to 512 characters), a finite number or a boolean is a refusal, nothing
 * at all too. Never throws.
 */
export async function evaluateExpression(entry: Scalar, scope: ExpressionScope): Promise<Evaluation> {
  if (!isExpression(entry)) return { ok: true, value: entry };
  const reading = readExpression(entry);
  if (!reading.ok) return { ok: false, message: `${entry}: ${reading.faults[0]?.message}` };
  let value: unknown;
  try {
    value = await jsonata(entry.slice(1), GUARDS).evaluate(scope);
  } catch (error) {
    return { ok: false, message: `${entry} failed: ${messageOf(error)}` };
  }
  if (value === undefined || value === null) return { ok: false, message: `${entry} gives nothing here` };
  if (typeof value === 'boolean') return { ok: true, value };
  if (typeof value === 'number') {
    const fault = numberFault(value);
    return fault === undefined ? { ok: true, value } : { ok: false, message: `${entry} gives ${fault}` };
  }
  if (typeof value !== 'string')
    return { ok: false, message: `${entry} gives a list or a map, not one value` };
  const fault = textFault(value, MAX_LENGTH, false);
  return fault === undefined
    ? { ok: true, value }
    : { ok: false, message: `${entry} gives text with ${fault}` };
}

/** JSONata throws plain objects with a message. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error)
    return String(error.message).slice(0, 200);
  return 'unknown fault';
}
