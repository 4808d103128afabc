import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { policyTexts, SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { compiledPolicies, PoliciesError } from '../../infra/policies-asset';
import { CompiledPoliciesError, readCompiledPolicies } from '../../shared/contracts/compiled-policies';
import { compilePolicies, type PolicyText } from '../../shared/contracts/policy-files';

const SCHEMA: PolicyText = {
  file: 'schema.cedarschema',
  text: readFileSync(join(SHIPPED_POLICIES, 'schema.cedarschema'), 'utf8'),
  part: 'schema',
};
const FORBID =
  '@id("never")\n@reason("Never.")\nforbid (principal, action, resource) when { context.tier > 2 };';
const BOUND: PolicyText = { file: 'bound.cedar', text: FORBID, part: 'constitution' };
const rules = (text: string): PolicyText => ({ file: 'rules.cedar', text, part: 'policy' });
const permit = (
  id: string,
  when = 'context.tier == 1',
  annotations = `@id("${id}")\n@reason("Because.")\n`,
) => `${annotations}permit (principal, action == Grace::Action::"execute", resource)\nwhen { ${when} };\n`;

function compile(...texts: readonly PolicyText[]) {
  return compilePolicies([SCHEMA, BOUND, ...texts]);
}
/** The problems of policies that must not compile. */
function problems(...texts: readonly PolicyText[]) {
  const compilation = compile(...texts);
  return compilation.ok ? [] : compilation.problems;
}
function version(...texts: readonly PolicyText[]): string {
  const compilation = compile(...texts);
  if (!compilation.ok) throw new Error(compilation.problems[0]?.message);
  return compilation.compiled.version;
}

describe('policies that cannot be deployed', () => {
  test.each([
    ['no id', permit('', 'context.tier == 1', '@reason("Because.")\n'), 1, '(policy)', 'it has no id'],
    ['an id that is none', permit('Big Rule'), 1, 'Big Rule', 'its id "Big Rule" is none'],
    ['no reason', permit('a', 'context.tier == 1', '@id("a")\n'), 1, 'a', 'it has no reason'],
    ['an id twice', `${permit('a')}\n${permit('a')}`, 6, 'a', 'the id is taken by rules.cedar:1'],
    [
      'a mistake of grammar',
      `// é\n${permit('a').replace('when {', 'when')}`,
      5,
      '(file)',
      'unexpected token',
    ],
    ['a template', 'permit (principal, action, resource == ?resource);', 1, '(template)', 'a template'],
    ['a word that the schema does not have', permit('a', 'context.tire == 1'), 4, 'a', 'attribute `tire`'],
    ['a value of another type', permit('a', 'context.tier == "1"'), 4, 'a', 'not compatible'],
    [
      'a misspelt word of a fixed list',
      permit('a', 'context.approvedBy == Grace::ApprovedBy::"qourum"'),
      4,
      'a',
      'qourum',
    ],
    ['a tag that may be missing', permit('a', 'resource.getTag("team") == "x"'), 4, 'a', 'team'],
    ['one that can never apply', permit('a', 'context.tier == 1 && false'), 1, 'a', 'impossible'],
  ])('%s: the problem has file, line, policy and fix', (_what, text, line, field, message) => {
    const [first, ...more] = problems(rules(text));
    expect(first).toMatchObject({ file: 'rules.cedar', line, field });
    expect(first?.message).toContain(message);
    expect(first?.fix).not.toBe('');
    expect(more).toEqual([]);
  });

  test('a constitution that permits', () => {
    const file = { ...rules(permit('a')), part: 'constitution' as const };
    expect(problems(file)).toMatchObject([{ field: 'a', message: 'a policy of the constitution permits' }]);
  });

  test('no constitution, no schema, two schemas, a schema that does not take what Grace asks', () => {
    const messages = (texts: readonly PolicyText[]) => {
      const compilation = compilePolicies(texts);
      return compilation.ok ? [] : compilation.problems.map(({ message }) => message);
    };
    expect(messages([SCHEMA, rules(permit('a'))])).toEqual(['there is no constitution']);
    expect(messages([BOUND])).toEqual(['there must be one schema']);
    expect(messages([SCHEMA, SCHEMA, BOUND])).toEqual(['there must be one schema']);
    const lacking = { ...SCHEMA, text: SCHEMA.text.replace('    playbook: String,\n', '') };
    expect(messages([lacking, BOUND])).toEqual([expect.stringContaining('playbook')]);
    expect(messages([{ ...SCHEMA, text: 'entity X = {' }, BOUND])).toEqual(['unexpected end of input']);
  });

  test('too much of it', () => {
    expect(problems(rules(`// ${'x'.repeat(130_000)}\n`))[0]?.message).toContain('more than 131072 bytes');
  });

  test('stop the synth, with all of their places', () => {
    const wrong = resolve(__dirname, '../fixtures/policies-with-mistakes');
    expect(() => compiledPolicies(wrong)).toThrow(PoliciesError);
    expect(() => compiledPolicies(wrong)).toThrow(
      /policies\/constitution\/wrong\.cedar:3 lenient: .*permits/,
    );
    expect(() => compiledPolicies(wrong)).toThrow(/policies\/wrong\.cedar:1 \(policy\): it has no id/);
  });
});

describe('the version', () => {
  test('is of what decides: not of spaces, order, file names or what stands between policies', () => {
    const plain = version(rules(permit('a') + permit('b', 'context.tier == 2')));
    expect(version(rules(`// why\n${permit('b', 'context.tier  ==  2')}\n// end\n${permit('a')}`))).toBe(
      plain,
    );
    expect(version({ ...rules(permit('a')), file: 'x.cedar' }, rules(permit('b', 'context.tier == 2')))).toBe(
      plain,
    );
  });

  test('changes with a condition, a reason, an id, the schema, and what is of the constitution', () => {
    const forbid = FORBID.replace('never', 'other').replace('> 2', '> 1');
    const versions = [
      version(rules(permit('a'))),
      version(rules(permit('a', 'context.tier <= 1'))),
      version(rules(permit('a').replace('Because', 'Since'))),
      version(rules(permit('b'))),
      version(rules(permit('a') + forbid)),
      version(rules(permit('a')), { file: 'b.cedar', text: forbid, part: 'constitution' }),
    ];
    expect(new Set(versions).size).toBe(versions.length);
    const wider = { ...SCHEMA, text: SCHEMA.text.replace('tier: Long,', 'tier: Long,\n    extra?: Long,') };
    const other = compilePolicies([wider, BOUND, rules(permit('a'))]);
    expect(other.ok && other.compiled.version).not.toBe(versions[0]);
  });
});

describe('the compiled policies', () => {
  test('are the same from the command line and from synth, but for the names of files', () => {
    const { version, policies } = readCompiledPolicies(JSON.parse(compiledPolicies()));
    expect(version).toBe(shippedPolicies().version);
    expect(policies.map(({ file }) => file)).toContain('policies/constitution/targets.cedar');
    expect(policyTexts(SHIPPED_POLICIES).filter(({ part }) => part === 'schema')).toHaveLength(1);
  });

  test('are refused when anything in them was changed afterwards', () => {
    const asset = shippedPolicies();
    const policies = asset.policies.map((policy) =>
      policy.id === 'blast-radius' ? { ...policy, text: policy.text.replace('90', '100') } : policy,
    );
    const demoted = asset.policies.map((policy) => ({ ...policy, constitution: false }));
    const permitting = asset.policies.map((policy) => ({ ...policy, constitution: true }));
    for (const changed of [
      { policies },
      { policies: demoted },
      { schema: '{}' },
      { version: '0'.repeat(64) },
    ]) {
      expect(() => readCompiledPolicies({ ...asset, ...changed })).toThrow(/the policies are not version/);
    }
    expect(() => readCompiledPolicies({ ...asset, policies: permitting })).toThrow(/constitution permits/);
    expect(() => readCompiledPolicies([])).toThrow(CompiledPoliciesError);
  });
});

test('the examples in docs/policies.md are policies', () => {
  const document = readFileSync(resolve(__dirname, '../../docs/policies.md'), 'utf8');
  const examples = [...document.matchAll(/```cedar\n([\s\S]*?)```/g)].map(([, example]) =>
    rules(example ?? ''),
  );
  expect(examples.length).toBeGreaterThan(0);
  expect(problems(...examples)).toEqual([]);
});
