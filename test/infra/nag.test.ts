/** The AwsSolutions rules: nothing unexplained, and no explanation that nothing needs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgements, find } from '../../infra/acknowledgements';
import { parseSettings } from '../../shared/contracts/settings';
import { graceApp } from '../support/stack-template';

interface Finding {
  readonly id: string;
  readonly path: string;
}

/** What the rules say of both stacks when nothing is acknowledged. */
function findings(settings: object): Finding[] {
  const { app } = graceApp(settings, { acknowledged: [] });
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({ id: ruleName, path: constructPath ?? '' })),
  );
}

/** What is left when synth has applied the acknowledgements, warnings too. */
function unacknowledged(settings: object): unknown[] {
  const { app } = graceApp(settings);
  app.synth();
  const report = join(app.outdir, 'validation-report.json');
  if (!existsSync(report)) return [];
  return JSON.parse(readFileSync(report, 'utf8')).pluginReports.flatMap(
    ({ violations }: { violations: unknown[] }) => violations,
  );
}

/** Rule ids as the package documents them. */
const KNOWN = new Set(
  readFileSync(join(__dirname, '../../node_modules/cdk-nag/RULES.md'), 'utf8').match(
    /AwsSolutions-[A-Z0-9]+/g,
  ),
);

const MODES = [
  ['as it is by default', {}],
  ['of a trial', { ephemeral: true }],
] as const;

describe.each(MODES)('a deployment %s', (_mode, settings) => {
  const given = acknowledgements(parseSettings(settings));
  const raw = findings(settings);

  it('has findings, each of which is acknowledged', () => {
    expect(raw.length).toBeGreaterThan(20);
    expect(unacknowledged(settings)).toEqual([]);
  });

  it.each(given)(
    'acknowledges $id for a known rule, a real reason, and a finding that there still is',
    (each) => {
      const [rule] = each.id.split('[');
      expect(KNOWN).toContain(rule);
      expect(each.reason.trim().length).toBeGreaterThanOrEqual(20);
      expect(each.reason).toMatch(/ \S+ /);
      for (const path of each.on) {
        const firing = raw.filter(({ id, path: at }) => id === each.id && at.startsWith(`grace/${path}`));
        expect([path, firing.length > 0]).toEqual([path, true]);
      }
    },
  );
});

it('acknowledges nothing twice', () => {
  const all = acknowledgements(parseSettings({})).flatMap(({ id, on }) => on.map((path) => `${id} ${path}`));
  expect(new Set(all).size).toBe(all.length);
});

it('refuses to acknowledge for a construct that there is not', () => {
  const nowhere = [{ id: 'AwsSolutions-S1', on: ['Evidense'], reason: 'because of something' }];
  expect(() => graceApp({}, { acknowledged: nowhere })).toThrow('Evidense');
});

it('stops synth on a finding that nobody has acknowledged', () => {
  const rest = acknowledgements(parseSettings({})).filter(({ id }) => id !== 'AwsSolutions-S1');
  const { app } = graceApp({}, { acknowledged: rest });
  expect(() => app.synth()).toThrow('AwsSolutions-S1');
});

it('finds constructs by their path', () => {
  const { grace } = graceApp();
  expect(find(grace, '')).toBe(grace);
  expect(find(grace, 'Intake/sentinel')?.node.path).toBe('grace/Intake/sentinel');
  expect(find(grace, 'Intake/nobody')).toBeUndefined();
});
