import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_FAULTS } from '../../shared/contracts/audit-body';
import { FINDING_WORDS } from '../../shared/contracts/audit-finding-words';
import { FINDING_KINDS } from '../../shared/contracts/audit-findings';
import { SUBSYSTEMS } from '../../shared/domain/subsystems';
import { FUNCTIONS } from '../../shared/names';

const guide = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
const rows = new Map(
  [...guide.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, code = '', says = '', does = '']) => [code, { says, does }],
  ),
);

describe('docs/operations.md', () => {
  it.each([...Object.keys(FINDING_KINDS), ...AUDIT_FAULTS])(
    'says what %s means and what to do about it',
    (code) => {
      const row = rows.get(code);
      expect(row?.says.length).toBeGreaterThan(20);
      expect(row?.does.length).toBeGreaterThan(10);
    },
  );

  it.each(Object.entries(FINDING_WORDS))(
    'and whoever is told of %s are given the same words',
    (code, words) => {
      expect({ means: rows.get(code)?.says, todo: rows.get(code)?.does }).toEqual(words);
    },
  );

  it('has no code that nothing finds', () => {
    expect([...rows.keys()].sort()).toEqual([...Object.keys(FINDING_KINDS), ...AUDIT_FAULTS].sort());
  });
});

it('every function is a part of Grace whose silence would be noticed, or that writes nothing', () => {
  const parts: string[] = Object.values(SUBSYSTEMS).flatMap(({ actors }) => [...actors]);
  const writesNothing = ['audit-sequencer', 'mesh-publisher', 'notices-stream', 'authorizer'];
  const known = new Set([...parts, ...writesNothing]);
  expect(Object.values(FUNCTIONS).filter((name) => !known.has(name))).toEqual([]);
});
