import type { Playbook } from '../../contracts/playbook';
import type { RuleProblem } from '../rule-findings';
import { scanText } from './scan';

/**
 * What looks like an attack in a playbook: its summary as words, everything else as values that may reach a call.
 * Expressions are left to their own reader, which knows all that they may name.
 */
export function scanPlaybook(playbook: Playbook): RuleProblem[] {
  const { summary, ...others } = playbook;
  return [
    ...scanText(summary, 'text').map(({ code, why }) => problem(['summary'], code, why)),
    ...textsOf(others, []).flatMap(({ path, text }) =>
      text.startsWith('=')
        ? []
        : scanText(text, 'parameter').map(({ code, why }) => problem(path, code, why)),
    ),
  ];
}

const problem = (path: RuleProblem['path'], code: string, why: string): RuleProblem => ({
  path,
  message: `${code}: ${why}`,
  fix: 'write it in plain words and names',
});

interface Text {
  readonly path: RuleProblem['path'];
  readonly text: string;
}

/** Every text of the playbook, whose depth its schema bounds. */
function textsOf(value: unknown, path: RuleProblem['path']): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    textsOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
