import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { testPolicies } from '../../cli/policies/run-cases';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { compilePolicies } from '../../shared/contracts/policy-files';
import { type Person, ROLES } from '../../shared/domain/person';
import type { PolicyQuestion } from '../../shared/domain/policy-request';
import { targetKey } from '../../shared/domain/target';
import { cedarPolicies } from '../../shared/stores/cedar-policies';
import { buildPlan, buildRebootPlan, database, group, START } from '../support/builders/plan';

const SCHEMA = {
  file: 's.cedarschema',
  text: readFileSync(join(SHIPPED_POLICIES, 'schema.cedarschema'), 'utf8'),
  part: 'schema' as const,
};
const shipped = cedarPolicies(shippedPolicies());
const ask = (changes: Partial<PolicyQuestion> = {}) =>
  shipped.decide({ action: 'execute', plan: buildPlan(), approvedBy: 'nobody', now: START, ...changes });
const production = { [targetKey(database())]: { 'grace:managed': 'true', Environment: 'PROD' } };
const person = (changes: Partial<Person> = {}): Person => ({
  subject: 'ana',
  roles: ['approver'],
  ...changes,
});

/** Policies of one text beside a constitution that forbids nothing that is asked here. */
function policiesOf(text: string) {
  const compilation = compilePolicies([
    SCHEMA,
    { file: 'rules.cedar', text, part: 'policy' },
    {
      file: 'constitution/never.cedar',
      text: '@id("never")\n@reason("Never.")\nforbid (principal, action, resource) when { context.tier == 99 };',
      part: 'constitution',
    },
  ]);
  if (!compilation.ok) throw new Error(compilation.problems[0]?.message);
  return cedarPolicies(compilation.compiled);
}

test('the policies that Grace ships answer every case as it says, and every policy is met by one', () => {
  const { cases, untested, problems } = testPolicies(SHIPPED_POLICIES);
  expect(problems).toEqual([]);
  expect(untested).toEqual([]);
  expect(cases.length).toBeGreaterThan(25);
  expect(cases.filter(({ passed }) => !passed)).toEqual([]);
});

describe('of a frozen plan, policies see', () => {
  test('tier, tags and agreement', async () => {
    expect(await ask()).toEqual({ allowed: true, policies: ['tier-1-by-itself'] });
    expect(await ask({ plan: buildPlan({ tier: 2, quorum: 1 }) })).toMatchObject({
      code: 'CONSTITUTION',
      policies: ['people-above-tier-1'],
      detail: 'Nothing above tier 1 is done without people.',
    });
    expect(await ask({ plan: buildPlan({ tags: {} }) })).toMatchObject({
      policies: ['managed-targets-only'],
    });
  });

  test('that an action has no inverse, whatever the plan promises, and the environment of the target', async () => {
    const plan = buildRebootPlan({ tags: production, undo: 'restore' });
    expect(await ask({ plan, approvedBy: 'quorum' })).toMatchObject({ allowed: true });
    expect(await ask({ plan, approvedBy: 'break_glass' })).toMatchObject({
      code: 'CONSTITUTION',
      policies: ['production-by-quorum'],
    });
    const unknown = buildPlan({
      tier: 2,
      tags: { [targetKey(group())]: production[targetKey(database())] ?? {} },
    });
    const steps = unknown.steps.map((step) => ({ ...step, action: 'somebody.else' }));
    expect(await ask({ plan: { ...unknown, steps }, approvedBy: 'break_glass' })).toMatchObject({
      policies: ['production-by-quorum'],
    });
  });

  test('every target: one that is forbidden forbids all', async () => {
    const targets = [group('a'), group('b')];
    expect(await ask({ plan: buildPlan({ targets }) })).toMatchObject({ allowed: true });
    const tags = { [targetKey(group('a'))]: { 'grace:managed': 'true' }, [targetKey(group('b'))]: {} };
    expect(await ask({ plan: buildPlan({ targets, tags }) })).toMatchObject({
      policies: ['managed-targets-only'],
    });
    expect(await ask({ plan: { ...buildPlan(), targets: [] } })).toMatchObject({ code: 'POLICY_ERROR' });
  });

  test('who agrees: role, whether they are party to it, how fresh their sign-in is', async () => {
    const approve = (who: Person, excluded: string[] = []) =>
      ask({ action: 'approve', person: who, plan: buildRebootPlan(), excluded });
    expect(await approve(person())).toEqual({ allowed: true, policies: ['approvers-approve'] });
    expect(await approve(person({ roles: ROLES.filter((role) => role !== 'approver') }))).toMatchObject({
      code: 'NOT_PERMITTED',
      policies: [],
    });
    expect(await approve(person(), ['ana'])).toMatchObject({ policies: ['nobody-agrees-to-their-own'] });
    expect(await approve(person({ subject: 'playbook:reboot' }))).toMatchObject({ code: 'CONSTITUTION' });

    const breakGlass = (authenticatedAt?: number) =>
      ask({
        action: 'break_glass',
        plan: buildRebootPlan(),
        person: person({
          roles: ['emergency'],
          ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
        }),
      });
    for (const authenticatedAt of [START - 300_000, START, START + 1, START + 60_000]) {
      expect(await breakGlass(authenticatedAt)).toMatchObject({ allowed: true });
    }
    for (const authenticatedAt of [START - 300_001, START + 60_001, undefined]) {
      expect(await breakGlass(authenticatedAt)).toMatchObject({ policies: ['fresh-sign-in-to-break-glass'] });
    }
    expect(await ask({ action: 'approve' })).toMatchObject({ code: 'POLICY_ERROR' });
  });

  test('the time, in UTC, so that change windows can be written', async () => {
    const windows = policiesOf(`
      @id("working-hours") @reason("It is working time.")
      permit (principal, action, resource)
      when { context.time.hour >= 9 && context.time.hour < 17 && context.time.minute < 60 };
      @id("weekend") @reason("It is the weekend.")
      forbid (principal, action, resource)
      when { [Grace::Weekday::"saturday", Grace::Weekday::"sunday"].contains(context.time.weekday) };
      @id("holidays") @reason("They are holidays.")
      forbid (principal, action, resource)
      when { context.time.at >= datetime("2026-12-24") && context.time.at < datetime("2027-01-02") };
      @id("inventory") @reason("It is the day of the inventory.")
      forbid (principal, action, resource) when { context.time.date == "2026-03-02" };`);
    const at = async (time: string) => {
      const decision = await windows.decide({
        action: 'execute',
        plan: buildPlan(),
        approvedBy: 'nobody',
        now: Date.parse(time),
      });
      return decision.allowed ? 'allowed' : (decision.policies[0] ?? decision.code);
    };
    expect(await at('2026-01-05T09:00:00Z')).toBe('allowed');
    expect(await at('2026-01-05T16:59:59Z')).toBe('allowed');
    expect(await at('2026-01-05T17:00:00Z')).toBe('NOT_PERMITTED');
    expect(await at('2026-01-10T10:00:00Z')).toBe('weekend');
    expect(await at('2026-01-11T10:00:00Z')).toBe('weekend');
    expect(await at('2026-12-31T10:00:00Z')).toBe('holidays');
    expect(await at('2026-03-02T10:00:00Z')).toBe('inventory');
  });
});

describe('doubt means no', () => {
  // An overflow is an error of the one policy; Cedar by itself would leave it out.
  const overflow = 'context.tier + 9223372036854775807 > 0';
  const permitAll = '@id("all") @reason("All.") permit (principal, action, resource);';
  const execute = { action: 'execute', plan: buildPlan(), approvedBy: 'nobody', now: START } as const;

  test('where a policy that forbids cannot be evaluated, though others permit', async () => {
    const policies = policiesOf(
      `${permitAll}\n@id("broken") @reason("Broken.") forbid (principal, action, resource) when { ${overflow} };`,
    );
    expect(await policies.decide(execute)).toMatchObject({
      allowed: false,
      code: 'POLICY_ERROR',
      policies: ['broken'],
      detail: expect.stringContaining('overflow'),
    });
  });

  test('where a policy that permits cannot be evaluated, though others permit', async () => {
    const policies = policiesOf(
      `${permitAll}\n@id("broken") @reason("Broken.") permit (principal, action, resource) when { ${overflow} };`,
    );
    expect(await policies.decide(execute)).toMatchObject({ code: 'POLICY_ERROR', policies: ['broken'] });
  });

  test('and a policy that forbids is named before an error of another', async () => {
    const policies = policiesOf(
      `@id("no") @reason("No.") forbid (principal, action, resource);
       @id("broken") @reason("Broken.") permit (principal, action, resource) when { ${overflow} };`,
    );
    expect(await policies.decide(execute)).toMatchObject({ code: 'POLICY_FORBIDS', policies: ['no'] });
  });

  test('where a request cannot be made of the question', async () => {
    const nowhere = { ...buildPlan(), tier: Number.NaN as never };
    expect(await shipped.decide({ ...execute, plan: nowhere })).toMatchObject({ code: 'POLICY_ERROR' });
    expect(await shipped.decide({ ...execute, now: Number.NaN })).toMatchObject({ code: 'POLICY_ERROR' });
  });

  test('of policies that Cedar cannot read there are none at all', () => {
    const [first] = shippedPolicies().policies;
    const broken = {
      ...shippedPolicies(),
      version: 'broken',
      policies: [{ ...first, text: 'permit' } as never],
    };
    expect(() => cedarPolicies(broken)).toThrow('unexpected end of input');
  });
});
