import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compilePolicies, type PolicyText } from '../shared/contracts/policy-files';

const POLICIES = resolve(__dirname, '../policies');

/** Policies that cannot be deployed: says for each problem where it is and what to do. */
export class PoliciesError extends Error {
  override readonly name = 'PoliciesError';
}

/**
 * Checks and compiles all policies of a folder into the JSON that the functions read.
 * @throws PoliciesError
 */
export function compiledPolicies(folder: string = POLICIES): string {
  const compilation = compilePolicies([
    ...texts(folder, '', '.cedarschema', 'schema'),
    ...texts(folder, '', '.cedar', 'policy'),
    ...texts(folder, 'constitution', '.cedar', 'constitution'),
  ]);
  if (compilation.ok) return JSON.stringify(compilation.compiled);
  const lines = compilation.problems.map(
    ({ file, line, field, message, fix }) => `  ${file}:${line} ${field}: ${message}. ${fix}`,
  );
  throw new PoliciesError(`These policies cannot be deployed:\n${lines.join('\n')}`);
}

function texts(folder: string, under: string, ending: string, part: PolicyText['part']): PolicyText[] {
  return readdirSync(join(folder, under))
    .filter((name) => name.endsWith(ending))
    .map((name) => ({
      file: join('policies', under, name),
      text: readFileSync(join(folder, under, name), 'utf8'),
      part,
    }));
}
