import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { cedarRequests } from '../../shared/contracts/cedar-request';
import { compilePolicies } from '../../shared/contracts/policy-files';
import { environmentOf } from '../../shared/domain/environment';
import { ROLES } from '../../shared/domain/person';
import {
  APPROVED_BY,
  CALENDAR_STATES,
  POLICY_ACTIONS,
  type PolicyRequest,
} from '../../shared/domain/policy-request';
import { cedarDecision } from '../../shared/stores/cedar-policies';

const shipped = shippedPolicies();
const decide = cedarDecision(shipped);

/** The constitution beside a policy that permits everything: what it does not forbid is allowed. */
const constitutionAlone = cedarDecision(
  ((): typeof shipped => {
    const compilation = compilePolicies([
      {
        file: 's.cedarschema',
        text: readFileSync(join(SHIPPED_POLICIES, 'schema.cedarschema'), 'utf8'),
        part: 'schema',
      },
      {
        file: 'everything.cedar',
        text: '@id("everything") @reason("Everything.") permit (principal, action, resource);',
        part: 'policy',
      },
      ...shipped.policies
        .filter(({ constitution }) => constitution)
        .map(({ file, text }) => ({ file: `${file}:${text.length}`, text, part: 'constitution' as const })),
    ]);
    if (!compilation.ok) throw new Error(compilation.problems[0]?.message);
    return compilation.compiled;
  })(),
);

const subject = fc.constantFrom('ana', 'ben', 'playbook:scale-out');
const tags = fc.dictionary(
  fc.constantFrom('grace:managed', 'environment', 'Environment', 'team', '__proto__', ''),
  fc.constantFrom('true', 'false', 'production', 'Prod', 'test', '', 'é', '"'),
);
const target = fc
  .record({
    kind: fc.constantFrom('autoscaling:group', 'rds:instance'),
    account: fc.constant('123456789012'),
    region: fc.constant('us-east-1'),
    id: fc.string({ minLength: 1, maxLength: 8 }),
    tags,
  })
  .map((made) => ({ ...made, environment: environmentOf(made.tags) }));
const request: fc.Arbitrary<PolicyRequest> = fc
  .record({
    action: fc.constantFrom(...POLICY_ACTIONS),
    targets: fc.oneof(
      { weight: 9, arbitrary: fc.array(target, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(target, { minLength: 26, maxLength: 27 }) },
    ),
    tier: fc.constantFrom(1, 2, 3),
    playbook: fc.string({ maxLength: 8 }),
    actions: fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }),
    reversible: fc.boolean(),
    share: fc.integer({ min: 0, max: 100 }),
    approvedBy: fc.constantFrom(...APPROVED_BY),
    quorum: fc.integer({ min: 0, max: 10 }),
    excluded: fc.uniqueArray(subject),
    calendar: fc.constantFrom(...CALENDAR_STATES),
    now: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    person: fc.record(
      {
        subject,
        roles: fc.uniqueArray(fc.constantFrom(...ROLES)),
        authenticatedSecondsAgo: fc.integer({ min: -300, max: 900 }),
      },
      { requiredKeys: ['subject', 'roles'] },
    ),
  })
  .map(({ person, ...rest }) => (rest.action === 'execute' ? rest : { ...rest, person }));

describe('the constitution', () => {
  test('holds for everybody: what it forbids is not allowed, whoever asks and whoever agreed', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const supreme = constitutionAlone(asked);
        const decision = decide(asked);
        if (!supreme.allowed) {
          expect(supreme.code).toBe('CONSTITUTION');
          expect(decision).toEqual(supreme);
        } else if (!decision.allowed) {
          expect(decision.code).not.toBe('CONSTITUTION');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is not opened by breaking the glass: what it forbids a quorum it forbids one person', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const agreed = { ...asked, approvedBy: 'quorum' as const };
        fc.pre(!constitutionAlone(agreed).allowed);
        expect(decide({ ...asked, approvedBy: 'break_glass' }).allowed).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('says in its own words what it forbids', () => {
    const { policies } = shipped;
    fc.assert(
      fc.property(request, (asked) => {
        const { action, targets, share, approvedBy, person } = asked;
        const decision = decide(asked);
        if (!decision.allowed) return;
        expect(targets.every((each) => each.tags['grace:managed'] === 'true')).toBe(true);
        expect(share).toBeLessThanOrEqual(90);
        expect(targets.length).toBeLessThanOrEqual(25);
        if (action === 'execute') {
          expect(asked.tier === 1 || approvedBy !== 'nobody').toBe(true);
          expect(asked.calendar).not.toBe('unknown');
        } else expect(asked.excluded).not.toContain(person?.subject);
        if (action === 'break_glass') {
          expect(person?.authenticatedSecondsAgo).toBeGreaterThanOrEqual(0);
          expect(person?.authenticatedSecondsAgo).toBeLessThanOrEqual(300);
        }
        if (action !== 'approve' && !asked.reversible && approvedBy !== 'quorum')
          expect(targets.map((each) => each.environment)).not.toContain('production');
        expect(decision.policies.every((id) => policies.some((policy) => policy.id === id))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test('every request is one that the schema takes, which the functions do not check again', () => {
  const schema = JSON.parse(shipped.schema);
  fc.assert(
    fc.property(request, (asked) => {
      for (const each of cedarRequests({ ...asked, targets: asked.targets.slice(0, 3) })) {
        const answer = isAuthorized({ ...each, schema, validateRequest: true, policies: {} });
        expect(answer).toMatchObject({ type: 'success' });
      }
    }),
    { numRuns: 100 },
  );
});
