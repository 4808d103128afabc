import { checkConfig } from '../config/check-config';
import { checkPlaybooks } from '../playbooks/library';
import { checkPolicies } from '../policies/run-cases';
import { type Check, warning, well, wrong } from './checks';

/** The least that `package.json` names. */
export const LEAST_NODE = [20, 19] as const;

export interface LocalOptions {
  readonly cwd: string;
  readonly playbooks: string;
  readonly policies: string;
  /** Default: this process's. */
  readonly nodeVersion?: string;
}

/** What can be looked at without any deployment: Node, settings, playbooks, policies. */
export function localChecks(options: LocalOptions): readonly Check[] {
  return [
    nodeCheck(options.nodeVersion ?? process.version),
    settingsCheck(options.cwd),
    playbooksCheck(options),
    policiesCheck(options),
  ];
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [least, leastMinor] = LEAST_NODE;
  if (major > least || (major === least && minor >= leastMinor)) return well('Node', version);
  return wrong('Node', `${version} is too old`, `install Node ${least}.${leastMinor} or newer`);
}

function settingsCheck(cwd: string): Check {
  const check = checkConfig(cwd);
  const file = check?.file ?? 'no settings file, so all defaults';
  if (check === undefined || check.problems.length > 0) {
    const [problem] = check?.problems ?? [];
    return wrong(
      'settings',
      `${file}: ${problem?.field}: ${problem?.message}`,
      `${problem?.fix}; \`npx grace config check\` shows all of it`,
    );
  }
  const [first] = check.warnings;
  if (first === undefined) return well('settings', `${file}; mode ${check.mode}`);
  return warning('settings', `${file}: ${first.field}: ${first.message}`, first.fix);
}

function playbooksCheck({ playbooks }: LocalOptions): Check {
  try {
    const check = checkPlaybooks(playbooks);
    const [problem] = check.problems;
    if (problem !== undefined) {
      return wrong(
        'playbooks',
        `${problem.file}:${problem.line} ${problem.field}: ${problem.message}`,
        `${problem.fix}; \`npx grace playbook check\` shows all of it`,
      );
    }
    if (check.files === 0) return wrong('playbooks', 'there are none', 'write one: docs/playbooks.md');
    return well('playbooks', `${check.playbooks.length} are valid`);
  } catch (error) {
    return wrong('playbooks', (error as Error).message, 'run this in the project, or name the folder');
  }
}

function policiesCheck({ policies }: LocalOptions): Check {
  try {
    const check = checkPolicies(policies);
    const [problem] = check.problems;
    if (problem === undefined) return well('policies', `${check.policies.length} are valid`);
    return wrong(
      'policies',
      `${problem.file}:${problem.line} ${problem.field}: ${problem.message}`,
      `${problem.fix}; \`npx grace policy check\` shows all of it`,
    );
  } catch (error) {
    return wrong('policies', (error as Error).message, 'run this in the project: docs/policies.md');
  }
}
