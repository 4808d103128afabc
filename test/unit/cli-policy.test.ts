import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { loadPolicies } from '../../cli/policies/run-cases';
import type { Explanation } from '../../cli/why/explain-contract';
import { grace, graceJson, scratch } from '../support/memory-io';

const EVENT = resolve(__dirname, '../fixtures/events/database-connections-alarm.json');
const FREEZE =
  '@id("year-end")\n@reason("Nothing changes at the end of the year.")\nforbid (principal, action, resource) when { context.tier >= 1 };\n';

/** A directory whose `policies/` are those that come with Grace, and one more file. */
function withPolicy(text: string) {
  const here = scratch();
  cpSync(SHIPPED_POLICIES, join(here.cwd, 'policies'), { recursive: true });
  writeFileSync(join(here.cwd, 'policies/own.cedar'), text);
  return here;
}

describe('grace policy', () => {
  it('checks the policies that come with Grace, and has a case for each', async () => {
    const empty = scratch();
    const check = await graceJson<{ ok: boolean; version: string; policies: { id: string }[] }>(empty.cwd, [
      'policy',
      'check',
    ]);
    expect([check.code, check.value.ok]).toEqual([0, true]);
    expect(check.value.version).toBe(loadPolicies(SHIPPED_POLICIES).version);
    const test = await grace(empty.cwd, ['policy', 'test']);
    expect([test.code, test.out]).toEqual([0, expect.not.stringContaining('✘')]);
    expect((await grace(empty.cwd, ['policy', 'check'])).out).toMatch(/blast-radius +constitution/);
    empty.remove();
  });

  it('names file, line, policy and fix of what is wrong, and ends with 1', async () => {
    const here = withPolicy(FREEZE.replace('@reason("Nothing changes at the end of the year.")\n', ''));
    const { code, err } = await grace(here.cwd, ['policy', 'check']);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/own\.cedar:1 year-end: it has no reason; fix: write/),
    ]);
    expect((await grace(here.cwd, ['policy', 'test'])).code).toBe(1);
    here.remove();
  });

  it('fails a test that answers otherwise, a case that cannot be read, and a policy without a case', async () => {
    const here = withPolicy(FREEZE);
    const failing = await grace(here.cwd, ['policy', 'test']);
    expect(failing.code).toBe(1);
    expect(failing.out).toContain(
      'POLICY_FORBIDS by year-end, expected allowed by tier-1-by-itself (Nothing changes at the end of the year.)',
    );
    writeFileSync(join(here.cwd, 'policies/own.cedar'), FREEZE.replace('tier >= 1', 'tier > 3'));
    expect((await grace(here.cwd, ['policy', 'test'])).out).toContain('✘ no case meets year-end');
    writeFileSync(join(here.cwd, 'policies/cases/own.yaml'), '- summary: x\n  action: vote\n');
    expect((await grace(here.cwd, ['policy', 'test'])).err).toMatch(/own\.yaml:2 0\.action: /);
    here.remove();
  });

  it('ends with 2 where there is nothing', async () => {
    const empty = scratch();
    for (const command of ['check', 'test']) {
      expect((await grace(empty.cwd, ['policy', command, '--policies', empty.cwd])).code).toBe(2);
      expect((await grace(empty.cwd, ['policy', command, '--policies', 'nowhere'])).code).toBe(2);
    }
    empty.remove();
  });
});

describe('policies of one’s own', () => {
  it('and their case, as docs/policies.md shows them', async () => {
    const document = readFileSync(resolve(__dirname, '../../docs/policies.md'), 'utf8');
    const block = (language: string) =>
      new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(document)?.[1] ?? '';
    const here = withPolicy(block('cedar'));
    writeFileSync(join(here.cwd, 'policies/cases/own.yaml'), block('yaml'));
    const { value } = await graceJson<{ cases: { file: string; passed: boolean }[] }>(here.cwd, [
      'policy',
      'test',
    ]);
    expect(value.cases.filter(({ file }) => file === 'own.yaml')).toMatchObject([{ passed: true }]);
    expect(value.cases.filter(({ passed }) => !passed)).toEqual([]);
    here.remove();
  });

  it('are used by grace simulate', async () => {
    const here = withPolicy(FREEZE);
    const { value } = await graceJson<{ decision: string; reason: string; status: string }[]>(here.cwd, [
      'simulate',
      EVENT,
    ]);
    expect(value).toMatchObject([{ decision: 'ignore', reason: 'POLICY_FORBIDS', status: 'refused' }]);
    here.remove();
  });
});

describe('grace why', () => {
  const here = scratch();
  afterAll(here.remove);
  const why = async (contractId: string) =>
    (await graceJson<Explanation>(here.cwd, ['why', contractId])).value;

  it('says of each contract which rule let it through, who agreed, and what was found', async () => {
    const { value: demo } = await graceJson<{ incidents: { contractId: string; tier: number }[] }>(here.cwd, [
      'demo',
    ]);
    const [automatic, asked] = [1, 2].map((tier) => demo.incidents.find((each) => each.tier === tier));
    expect(await why(automatic?.contractId ?? '')).toMatchObject({
      status: 'resolved',
      reason: 'EFFECT_MET',
      tier: { tier: 1, reasons: ['the playbook asks for tier 1'] },
      policy: {
        basis: 'recorded',
        decision: 'ALLOWED',
        by: [{ id: 'tier-1-by-itself', effect: 'permit', reason: expect.stringContaining('nobody') }],
      },
      votes: null,
      gate: { passed: true, at: expect.stringMatching(/Z$/) },
      verdict: { verdict: 'met', fields: expect.arrayContaining([expect.anything()]) },
    });
    const explained = await why(asked?.contractId ?? '');
    expect(explained).toMatchObject({
      policy: { basis: 'replayed', decision: 'ALLOWED', by: [{ id: 'agreed-by-quorum' }] },
      votes: { quorum: 1, approvedBy: 'quorum', votes: [{ subject: 'alice', decision: 'approve' }] },
    });
    expect(explained.moves.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['approval.requested', 'approval.granted', 'agentic.action_executing']),
    );
    const { code, out } = await grace(here.cwd, ['why', asked?.contractId ?? '']);
    expect([code, out]).toEqual([0, expect.stringContaining('· agreed-by-quorum: As many people')]);
  });

  it('says which policy stopped one, under policies that were deployed since', async () => {
    const own = withPolicy(FREEZE);
    const file = join(here.cwd, '.grace/run.json');
    const run = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...run, policies: loadPolicies(join(own.cwd, 'policies')) }));
    await grace(here.cwd, [
      'release',
      'ec2:instance:us-east-1:123456789012:i-0a1b2c3d4e5f60718',
      '--reason',
      'x',
    ]);
    const { value } = await graceJson<{ decisions: { contractId: string; status: string }[] }>(here.cwd, [
      'emit',
      '--service',
      'ledger',
      '--name',
      'WorkerHangError',
      '--attribute',
      'instance_id=i-0a1b2c3d4e5f60718',
    ]);
    expect(value.decisions).toMatchObject([{ status: 'refused' }]);
    const explained = await why(value.decisions[0]?.contractId ?? '');
    expect(explained).toMatchObject({
      reason: 'POLICY_FORBIDS',
      policy: { basis: 'recorded', decision: 'POLICY_FORBIDS', by: [{ id: 'year-end' }] },
      gate: { passed: false, at: null },
      verdict: null,
    });
    own.remove();
  });

  it('knows no contract that is not there', async () => {
    expect((await grace(here.cwd, ['why', 'NOWHERE'])).code).toBe(2);
  });
});
