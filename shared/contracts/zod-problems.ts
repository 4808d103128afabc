import type * as z from 'zod';
import { suggestName } from '../domain/nearest-name';

/** What zod found wrong, in words for the person who wrote the file: where, what, and what to do. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** `source` is the value that `schema` refused with `issues`. */
export function describeIssues(schema: Schema, issues: readonly Issue[], source: unknown): FieldProblem[] {
  return issues.flatMap((issue) => describe(issue, { schemas: [schema], base: [], source }));
}

interface Context {
  /** Schemas that may apply at `base`. */
  readonly schemas: readonly Schema[];
  readonly base: readonly (string | number)[];
  readonly source: unknown;
}

function describe(issue: Issue, context: Context): FieldProblem[] {
  const path = [...context.base, ...(issue.path as (string | number)[])];
  const here = issue.path.reduce<readonly Schema[]>(
    (schemas, key) => schemas.flatMap((schema) => schemasAt(schema, key as string | number)),
    context.schemas,
  );
  if (issue.code === 'invalid_union') {
    const allowed = literalsOf(issue.errors);
    if (allowed !== undefined) {
      const found = valueAt(context.source, path);
      const words = allowed.join(' or ');
      return found === undefined
        ? [{ path, message: 'is missing', fix: `add it: ${words}` }]
        : [{ path, message: `must be ${words}`, fix: suggestName(String(found), allowed) }];
    }
    const branch = likeliestBranch(issue.errors);
    const options = here.flatMap((schema) => optionsOf(schema));
    const option = options[branch];
    const inner = issue.errors[branch];
    if (inner === undefined) return [{ path, message: issue.message, fix: 'write one of the allowed forms' }];
    const schemas = option !== undefined && options.length === issue.errors.length ? [option] : options;
    return inner.flatMap((each) => describe(each, { schemas, base: path, source: context.source }));
  }
  if (issue.code === 'unrecognized_keys') {
    const known = [...new Set(here.flatMap(keysOf))];
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no field \`${key}\``,
      fix: suggestName(key, known),
    }));
  }
  return [{ path, ...describeValue(issue, valueAt(context.source, path)) }];
}

/** The values of a union that consists of literals only. */
function literalsOf(branches: readonly (readonly Issue[])[]): readonly string[] | undefined {
  const literals: string[] = [];
  for (const [issue, ...more] of branches) {
    if (issue?.code !== 'invalid_value' || issue.path.length > 0 || more.length > 0) return undefined;
    literals.push(...issue.values.map(String));
  }
  return literals;
}

function describeValue(issue: Issue, value: unknown): { readonly message: string; readonly fix: string } {
  if (value === undefined) return { message: 'is missing', fix: `add it${expectedText(issue)}` };
  if (issue.code === 'invalid_type') {
    const quoted = typeof value === 'string' && issue.expected === 'number';
    const fix = quoted ? 'write the number without quotes' : `write ${article(issue.expected)}`;
    return { message: `is ${nameOf(value)}, not ${article(issue.expected)}`, fix };
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    return { message: `must be ${allowed.join(' or ')}`, fix: suggestName(String(value), allowed) };
  }
  if (issue.code === 'too_small') return { message: issue.message, fix: `at least ${issue.minimum}` };
  if (issue.code === 'too_big') return { message: issue.message, fix: `at most ${issue.maximum}` };
  return { message: issue.message, fix: 'correct the value' };
}

function expectedText(issue: Issue): string {
  if (issue.code === 'invalid_type') return `: ${article(issue.expected)}`;
  if (issue.code === 'invalid_value') return `: ${issue.values.map(String).join(' or ')}`;
  return '';
}

function article(type: string): string {
  if (type === 'string') return 'text';
  if (type === 'object' || type === 'record') return 'a map of fields';
  if (type === 'array') return 'a list';
  if (type === 'int') return 'a whole number';
  return `a ${type}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return article(typeof value);
}

/** The branch that the writer most probably meant: fewest foreign and missing fields. First on ties. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): number {
  const costs = branches.map((issues) => issues.reduce((sum, issue) => sum + costOf(issue), 0));
  return costs.indexOf(Math.min(...costs));
}

function costOf(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return 2 * issue.keys.length;
  // The value itself is of another kind: text where this branch wants a map.
  if (issue.path.length === 0) return 4;
  return 1;
}

function definition(schema: Schema): { readonly [name: string]: unknown; readonly type: string } {
  return schema._zod.def as unknown as { readonly [name: string]: unknown; readonly type: string };
}

/** Looks through what wraps a schema without changing what is written. */
function bare(schema: Schema): Schema {
  const def = definition(schema);
  if (def.type === 'pipe') return bare(def.in as Schema);
  const inner = def.innerType;
  return inner === undefined ? schema : bare(inner as Schema);
}

function optionsOf(schema: Schema): readonly Schema[] {
  const def = definition(bare(schema));
  return def.type === 'union' ? (def.options as readonly Schema[]) : [schema];
}

function schemasAt(schema: Schema, key: string | number): readonly Schema[] {
  return optionsOf(schema).flatMap((option): readonly Schema[] => {
    const def = definition(bare(option));
    if (def.type === 'union') return schemasAt(option, key);
    if (def.type === 'array') return [def.element as Schema];
    if (def.type === 'record') return [def.valueType as Schema];
    if (def.type !== 'object') return [];
    const shape = def.shape as Readonly<Record<string, Schema>>;
    const member = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return member === undefined ? [] : [member];
  });
}

function keysOf(schema: Schema): readonly string[] {
  return optionsOf(schema).flatMap((option) => {
    const def = definition(bare(option));
    if (def.type === 'union') return keysOf(option);
    return def.type === 'object' ? Object.keys(def.shape as object) : [];
  });
}

function valueAt(source: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    source,
  );
}
