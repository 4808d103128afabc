import {
  type DetailedError,
  formatPolicies,
  isAuthorized,
  policySetTextToParts,
  policyToJson,
  type SchemaJson,
  schemaToJson,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { canonicalJson, type JsonValue } from '../domain/canonical-json';
import { ROLES } from '../domain/person';
import { POLICY_ACTIONS, type PolicyRequest } from '../domain/policy-request';
import { cedarRequests } from './cedar-request';
import { type CompiledPolicies, type CompiledPolicy, policyVersion } from './compiled-policies';
import type { FileProblem } from './playbook-file';

export interface PolicyText {
  /** Names the file in problems. */
  readonly file: string;
  readonly text: string;
  /** `constitution`: policies that nothing overrides. */
  readonly part: 'schema' | 'policy' | 'constitution';
}

/** One policy with the place that it has in its file. */
export type PlacedPolicy = CompiledPolicy & { readonly line: number };

export type PolicyCompilation =
  | { readonly ok: true; readonly compiled: CompiledPolicies; readonly policies: readonly PlacedPolicy[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

const ID = /^[a-z][a-z0-9-]{0,63}$/;
const MAX_REASON = 256;
/** All of it is one item of the state table, and is read by every function that decides. */
const MAX_BYTES = 128 * 1024;

/**
 * Reads, checks and compiles all policies of a deployment: Cedar's parser, its validator in strict mode, and the
 * rules of this house: each policy has an `@id` of its own and a `@reason`, and the constitution only forbids. The
 * same texts in any order compile to the same asset. Never throws; `field` of a problem is the policy's id.
 */
export function compilePolicies(texts: readonly PolicyText[]): PolicyCompilation {
  const sorted = [...texts].sort((a, b) => (a.file < b.file ? -1 : 1));
  const fail = (...problems: readonly FileProblem[]): PolicyCompilation => ({ ok: false, problems });
  const bytes = sorted.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_BYTES)
    return fail(
      whole(sorted[0], `all files together have more than ${MAX_BYTES} bytes`, 'use fewer policies'),
    );
  const schemas = sorted.filter(({ part }) => part === 'schema');
  const [source] = schemas;
  if (source === undefined || schemas.length > 1)
    return fail(
      whole(schemas[1], 'there must be one schema', 'keep policies/schema.cedarschema, as Grace ships it'),
    );
  const schema = schemaToJson(source.text);
  if (schema.type === 'failure') return fail(...schema.errors.map((error) => cedarProblem(source, error)));

  const read = sorted.filter(({ part }) => part !== 'schema').map(readPolicies);
  const policies = read.flatMap((each) => each.policies);
  const problems = [...read.flatMap((each) => each.problems), ...repeated(policies)];
  if (problems.length === 0) problems.push(...validated(policies, schema.json));
  if (problems.length === 0 && !policies.some(({ constitution }) => constitution))
    problems.push(whole(undefined, 'there is no constitution', 'keep at least one file in constitution/'));
  if (problems.length > 0) return fail(...problems);

  const placed = policies
    .map(({ source: _source, ...policy }): PlacedPolicy => policy)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const content = {
    schema: canonicalJson(schema.json as unknown as JsonValue),
    policies: placed.map(({ line: _line, ...policy }) => policy),
  };
  const misfit = requestProblem(schema.json);
  if (misfit !== undefined)
    return fail(whole(source, misfit, 'take the schema that Grace ships: it describes what Grace asks'));
  return { ok: true, compiled: { version: policyVersion(content), ...content }, policies: placed };
}

/** `source`: the text as the file has it, which the validator's places refer to. */
type ReadPolicy = PlacedPolicy & { readonly source: string };

function readPolicies({ file, text, part }: PolicyText): { policies: ReadPolicy[]; problems: FileProblem[] } {
  const problems: FileProblem[] = [];
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure')
    return { policies: [], problems: parts.errors.map((error) => cedarProblem({ file, text }, error)) };
  for (const template of parts.policy_templates) {
    const line = lineAt(text, text.indexOf(template));
    const message = 'a template (`?principal`, `?resource`), which nothing fills in';
    problems.push({ file, line, field: '(template)', message, fix: 'write the principal or resource out' });
  }
  const policies: ReadPolicy[] = [];
  let from = 0;
  // In the order of the file, so that the same text found twice has two places.
  for (const source of [...parts.policies].sort((a, b) => text.indexOf(a) - text.indexOf(b))) {
    const at = text.indexOf(source, from);
    from = at + source.length;
    const reading = readOne({ source, file, line: lineAt(text, at), constitution: part === 'constitution' });
    if (reading.ok) policies.push(reading.policy);
    else problems.push(reading.problem);
  }
  return { policies, problems };
}

type OneReading =
  | { readonly ok: true; readonly policy: ReadPolicy }
  | { readonly ok: false; readonly problem: FileProblem };

function readOne(input: Pick<ReadPolicy, 'source' | 'file' | 'line' | 'constitution'>): OneReading {
  const { source, file, line, constitution } = input;
  const json = policyToJson(source);
  // Cedar formats the text itself: by way of JSON, numbers above 2^53 would become others.
  const text = formatPolicies({ policyText: source, lineWidth: 100, indentWidth: 2 });
  if (json.type === 'failure' || text.type === 'failure') {
    const errors = json.type === 'failure' ? json.errors : text.type === 'failure' ? text.errors : [];
    return refuse(input, '(policy)', errors[0]?.message ?? 'it cannot be read', 'correct the policy');
  }
  const { id = '', reason = '' } = json.json.annotations ?? {};
  const { effect } = json.json;
  if (!ID.test(id)) {
    const message = id === '' ? 'it has no id' : `its id "${id}" is none`;
    return refuse(input, id || '(policy)', message, 'write @id("small-letters-digits-and-dashes") before it');
  }
  if (reason.trim() === '' || reason.length > MAX_REASON) {
    const message = reason.trim() === '' ? 'it has no reason' : 'its reason is too long';
    return refuse(
      input,
      id,
      message,
      `write @reason("…"), at most ${MAX_REASON} characters, for whoever is refused`,
    );
  }
  if (constitution && effect !== 'forbid')
    return refuse(
      input,
      id,
      'a policy of the constitution permits',
      'forbid, or move it out of constitution/',
    );
  const formatted = text.formatted_policy.trim();
  return { ok: true, policy: { id, effect, constitution, reason, file, line, text: formatted, source } };
}

function refuse(
  { file, line }: Pick<ReadPolicy, 'file' | 'line'>,
  field: string,
  message: string,
  fix: string,
): OneReading {
  return { ok: false, problem: { file, line, field, message, fix } };
}

function repeated(policies: readonly ReadPolicy[]): FileProblem[] {
  const first = new Map<string, ReadPolicy>();
  return policies.flatMap((policy): FileProblem[] => {
    const taken = first.get(policy.id);
    if (taken === undefined) {
      first.set(policy.id, policy);
      return [];
    }
    const message = `the id is taken by ${taken.file}:${taken.line}`;
    return [
      { file: policy.file, line: policy.line, field: policy.id, message, fix: 'give it one of its own' },
    ];
  });
}

/** Strict: a policy that can never apply, or a look-alike letter, is as wrong as one of a wrong type. */
function validated(policies: readonly ReadPolicy[], schema: SchemaJson<string>): FileProblem[] {
  const answer = validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(policies.map(({ id, source }) => [id, source])) },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure')
    return answer.errors.map((error) => whole(undefined, plain(error.message), error.help ?? 'correct it'));
  return [...answer.validationErrors, ...answer.validationWarnings].flatMap(({ policyId, error }) => {
    const policy = policies.find(({ id }) => id === policyId);
    if (policy === undefined) return [];
    const { file, line, id, source } = policy;
    const start = error.sourceLocations?.[0]?.start ?? 0;
    const message = plain(error.message).replace(`for policy \`${id}\`, `, '');
    const fix = error.help ?? 'see policies/schema.cedarschema for what policies can speak of';
    return [{ file, line: line + lineAtByte(source, start) - 1, field: id, message, fix }];
  });
}

const PROBE: PolicyRequest = {
  action: 'execute',
  person: { subject: 'somebody', roles: ROLES, authenticatedSecondsAgo: 0 },
  targets: [{ kind: '', account: '', region: '', id: '', environment: '', tags: { tag: '' } }],
  tier: 1,
  playbook: '',
  actions: [''],
  reversible: true,
  share: 0,
  approvedBy: 'nobody',
  quorum: 0,
  excluded: ['somebody'],
  calendar: 'none',
  now: 0,
};

/** Why the schema does not take what Grace asks; with such a schema nothing would ever be decided. */
function requestProblem(schema: SchemaJson<string>): string | undefined {
  for (const action of POLICY_ACTIONS) {
    for (const request of cedarRequests({ ...PROBE, action })) {
      const answer = isAuthorized({ ...request, schema, validateRequest: true, policies: {} });
      if (answer.type === 'failure') return plain(answer.errors[0]?.message ?? `it does not take ${action}`);
    }
  }
  return undefined;
}

function cedarProblem(of: Pick<PolicyText, 'file' | 'text'>, error: DetailedError): FileProblem {
  const place = error.sourceLocations?.[0];
  return {
    file: of.file,
    line: lineAtByte(of.text, place?.start ?? 0),
    field: '(file)',
    message: plain(error.message),
    fix: error.help ?? place?.label ?? 'correct the text at this place',
  };
}

function whole(of: PolicyText | undefined, message: string, fix: string): FileProblem {
  return { file: of?.file ?? 'policies', line: 1, field: '(file)', message, fix };
}

/** Without what Cedar says of its own functions. */
function plain(message: string): string {
  return message.replace(/^failed to parse \w+( \w+)? from string: (error parsing schema: )?/, '');
}

/** Cedar counts bytes of UTF-8. Lines count from 1. */
function lineAtByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().split('\n').length;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, Math.max(index, 0)).split('\n').length;
}
