import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PolicyText } from '../../shared/contracts/policy-files';
import { NothingThereError } from '../errors';

/** The policies that come with Grace. */
export const SHIPPED_POLICIES = resolve(__dirname, '../../policies');

/** The directory that the person named, else `./policies`, else the shipped one. */
export function policyDirectory(cwd: string, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  const here = join(cwd, 'policies');
  return existsSync(here) ? here : SHIPPED_POLICIES;
}

/**
 * The schema, all policies, and the constitution in its folder.
 * @throws NothingThereError when the directory cannot be read, or holds none
 */
export function policyTexts(directory: string): readonly PolicyText[] {
  const constitution = join(directory, 'constitution');
  const found = [
    ...texts(directory, '.cedarschema').map((each) => ({ ...each, part: 'schema' as const })),
    ...texts(directory, '.cedar').map((each) => ({ ...each, part: 'policy' as const })),
    ...(existsSync(constitution) ? texts(constitution, '.cedar') : []).map((each) => ({
      ...each,
      part: 'constitution' as const,
    })),
  ];
  if (found.length === 0) throw new NothingThereError(`there is no policy in ${directory}`);
  return found;
}

/** The cases that belong to a directory of policies; none is no fault. */
export function policyCaseTexts(directory: string): readonly Omit<PolicyText, 'part'>[] {
  const cases = join(directory, 'cases');
  return existsSync(cases) ? texts(cases, '.yaml') : [];
}

function texts(directory: string, ending: string): { file: string; text: string }[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => join(directory, name))
      .map((file) => ({ file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) }));
  } catch (cause) {
    const message = `${directory} cannot be read as a directory of policies`;
    throw new NothingThereError(message, { cause });
  }
}
