import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkLines, look } from '../../cli/doctor/checks';
import { localChecks } from '../../cli/doctor/local-checks';
import { stackChecks } from '../../cli/doctor/stack-checks';
import type { StackProbe, StackResource } from '../../cli/doctor/stack-probe';
import { storeChecks } from '../../cli/doctor/store-checks';
import { SHIPPED_POLICIES } from '../../cli/policies/policy-directory';
import { shippedPolicies } from '../../cli/policies/shipped-policies';
import { play } from '../../cli/scenario/play';
import { controlStore } from '../../shared/stores/control-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { shippedPlaybooks } from '../benchmarks/incident-corpus';

const SHIPPED = resolve(__dirname, '../../playbooks');
const folder = (files: Readonly<Record<string, string>> = {}) => {
  const directory = mkdtempSync(join(tmpdir(), 'grace-doctor-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
};
type Found = readonly { readonly name: string; readonly status: string; readonly fix?: string }[];
const statusOf = (checks: Found, name: string) => checks.find((check) => check.name === name)?.status;
const hasFixes = (checks: Found) =>
  checks.every(({ status, fix }) => status === 'ok' || (fix ?? '').length > 3);

describe('what the doctor looks at on this machine', () => {
  it('finds nothing wrong in a fresh clone', () => {
    const checks = localChecks({ cwd: folder(), playbooks: SHIPPED, policies: SHIPPED_POLICIES });
    expect(checks.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it.each([
    ['v18.20.0', 'wrong'],
    ['v20.18.1', 'wrong'],
    ['v20.19.0', 'ok'],
    ['v24.0.0', 'ok'],
  ])('says of Node %s: %s', (nodeVersion, status) => {
    const checks = localChecks({
      cwd: folder(),
      playbooks: SHIPPED,
      policies: SHIPPED_POLICIES,
      nodeVersion,
    });
    expect(statusOf(checks, 'Node')).toBe(status);
    expect(hasFixes(checks)).toBe(true);
  });

  it('names settings, playbooks and policies that cannot be used, with the fix', () => {
    const cwd = folder({ 'grace.config.json': '{"mod":"act"}' });
    const checks = localChecks({
      cwd,
      playbooks: folder({ 'web.yaml': 'schema: 1\n' }),
      policies: folder({ 'web.cedar': 'permit' }),
    });
    expect(checks).toMatchObject([
      { name: 'Node', status: 'ok' },
      { name: 'settings', status: 'wrong', fix: expect.stringContaining('`mode`') },
      { name: 'playbooks', status: 'wrong', fix: expect.stringContaining('playbook check') },
      { name: 'policies', status: 'wrong', fix: expect.stringContaining('policy check') },
    ]);
  });

  it('warns of settings that are safe and probably not meant', () => {
    const cwd = folder({ 'grace.config.yaml': 'mode: act\n' });
    expect(statusOf(localChecks({ cwd, playbooks: SHIPPED, policies: SHIPPED_POLICIES }), 'settings')).toBe(
      'warning',
    );
  });
});

const RESOURCES: readonly StackResource[] = [
  { logicalId: 'IntakeQueue', type: 'AWS::SQS::Queue', physicalId: 'intake' },
  { logicalId: 'IntakeDeadLettersQueue', type: 'AWS::SQS::Queue', physicalId: 'dead' },
  { logicalId: 'Key', type: 'AWS::KMS::Key', physicalId: 'key' },
];
const OUTPUTS = new Map(
  Object.entries({
    StateTable: 'state',
    TokensTable: 'tokens',
    AuditTable: 'audit',
    EvidenceBucket: 'bucket',
    BusName: 'bus',
    StateMachineArn: 'arn:machine',
    FunctionPattern: 'grace-<role>',
    IntakeQueueUrl: 'intake',
  }),
);
const ACTION_CHECKS = ['aws.scale_instances', 'aws.restart_ec2', 'aws.rds_reboot'].map(
  (name) => `action ${name}`,
);
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

function probe(change: Partial<StackProbe> = {}): StackProbe {
  return {
    caller: async () => 'arn:aws:iam::123456789012:user/anna',
    stack: async () => ({ status: 'CREATE_COMPLETE', outputs: OUTPUTS }),
    resources: async () => RESOURCES,
    functionState: async () => ({ state: 'Active', reason: '' }),
    mappings: async () => [{ id: '1', state: 'Enabled' }],
    table: async () => ({ status: 'ACTIVE', stream: true }),
    stateMachine: async () => 'ACTIVE',
    depth: async () => 0,
    bus: async () => ({ rules: 4, disabled: [] }),
    bucket: async () => {},
    key: async () => 'Enabled',
    capability: async () => ({ usable: 'yes', missing: [], detail: 'its role may do what it takes' }),
    ...change,
  };
}

describe('what the doctor looks at in a stack', () => {
  it('finds a whole stack well', async () => {
    const { checks, nothing } = await stackChecks(probe(), 'AWS');
    expect(nothing).toBe(false);
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(ACTION_CHECKS));
  });

  it('says of each action which permission its role lacks, and where nobody could tell', async () => {
    const lacks = 'autoscaling:UpdateAutoScalingGroup';
    const capability: StackProbe['capability'] = async (action, functionName) => {
      if (action === 'aws.scale_instances')
        return { usable: 'no', missing: [lacks], detail: `${functionName} lacks ${lacks}` };
      if (action === 'aws.restart_ec2') throw named('AccessDenied', 'not for you');
      return { usable: 'unknown', missing: [], detail: 'IAM does not say' };
    };
    const { checks } = await stackChecks(probe({ capability }), 'AWS');
    const [scale, restart, reboot] = ACTION_CHECKS.map((name) => checks.find((one) => one.name === name));
    expect(scale).toMatchObject({
      status: 'wrong',
      detail: `grace-executor-autoscaling lacks ${lacks}`,
      fix: expect.stringContaining(lacks),
    });
    expect(restart?.status).not.toBe('ok');
    expect(reboot).toMatchObject({ status: 'not_checked', detail: 'IAM does not say' });
    expect(hasFixes(checks)).toBe(true);
  });

  it('asks no emulator what a role may do: it has no IAM', async () => {
    const capability = async () => {
      throw new Error('asked');
    };
    const { checks } = await stackChecks(probe({ capability }), 'the emulator');
    const rest = checks.filter(({ status }) => status !== 'ok');
    expect(rest.map(({ name, status }) => [name, status])).toEqual(
      ACTION_CHECKS.map((name) => [name, 'not_checked']),
    );
  });

  it.each<[string, string, Partial<StackProbe>]>([
    [
      'functions',
      'a function is missing',
      {
        functionState: async () => {
          throw named('ResourceNotFoundException', 'no');
        },
      },
    ],
    [
      'functions',
      'a function failed',
      { functionState: async () => ({ state: 'Failed', reason: 'no image' }) },
    ],
    ['event sources', 'a mapping is disabled', { mappings: async () => [{ id: '1', state: 'Disabled' }] }],
    ['event sources', 'nothing feeds a function', { mappings: async () => [] }],
    ['state table', 'its stream is off', { table: async () => ({ status: 'ACTIVE', stream: false }) }],
    [
      'audit table',
      'it is not there',
      {
        table: async () => {
          throw named('ResourceNotFoundException', 'no');
        },
      },
    ],
    ['state machine', 'it is being deleted', { stateMachine: async () => 'DELETING' }],
    ['queues', 'there are dead letters', { depth: async (url) => (url === 'dead' ? 3 : 0) }],
    ['bus', 'a rule is disabled', { bus: async () => ({ rules: 4, disabled: ['AlarmsIn'] }) }],
    ['keys', 'a key is being deleted', { key: async () => 'PendingDeletion' }],
    [
      'evidence bucket',
      'it is gone',
      {
        bucket: async () => {
          throw named('NotFound', 'no bucket');
        },
      },
    ],
    [
      'outputs',
      'one is missing',
      { stack: async () => ({ status: 'CREATE_COMPLETE', outputs: new Map([...OUTPUTS].slice(1)) }) },
    ],
    [
      'stack',
      'it was rolled back',
      { stack: async () => ({ status: 'ROLLBACK_COMPLETE', outputs: OUTPUTS }) },
    ],
  ])('names %s where %s', async (name, _, change) => {
    const { checks } = await stackChecks(probe(change), 'AWS');
    expect(statusOf(checks, name)).toBe('wrong');
    expect(hasFixes(checks)).toBe(true);
  });

  it('says that there is nothing where there is no stack, or nobody answers', async () => {
    expect(await stackChecks(probe({ stack: async () => undefined }), 'AWS')).toMatchObject({
      nothing: true,
    });
    const silent = await stackChecks(
      probe({
        caller: async () => {
          throw named('TimeoutError', 'connect ECONNREFUSED');
        },
      }),
      'the emulator',
    );
    expect(silent).toMatchObject({ nothing: true, checks: [{ name: 'connection', status: 'wrong' }] });
    expect(silent.checks[0]?.fix).toContain('npm run up');
  });

  it('takes a look that is not allowed for no finding, and names the permission', async () => {
    const denied = named(
      'AccessDeniedException',
      'User is not authorized to perform: lambda:GetFunctionConfiguration on x',
    );
    const { checks } = await stackChecks(
      probe({
        functionState: async () => {
          throw denied;
        },
      }),
      'AWS',
    );
    expect(checks.find(({ name }) => name === 'functions')).toMatchObject({
      status: 'not_checked',
      fix: 'allow lambda:GetFunctionConfiguration to your role',
    });
  });
});

describe('what the doctor reads in the tables', () => {
  const shipped = shippedPlaybooks();
  const policyVersion = shippedPolicies().version;
  const clock = { now: () => 1_800_000_000_000, sleep: async () => {} };

  it('finds a deployment well that has played an incident', async () => {
    const { deployment, kernel } = await play({ iterations: [], playbooks: shipped, seed: 'doctor' });
    const view = {
      state: deployment.state,
      audit: deployment.audit,
      now: kernel.now,
      shipped,
      policyVersion,
    };
    const checks = await storeChecks({ ...view, items: deployment.state.items() });
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['playbook versions', 'ok'],
      ['policy version', 'ok'],
      ['kill switch', 'ok'],
      ['audit log', 'ok'],
      ['audit chain', 'ok'],
      ['orphans', 'ok'],
    ]);
  });

  it('names an empty deployment, and a pause with who and why', async () => {
    const [state, audit] = [createMemoryTable({ clock }), createMemoryTable({ clock })];
    await controlStore(state).set(true, { actor: 'anna', reason: 'storm', at: clock.now() });
    const checks = await storeChecks({ state, audit, now: clock.now, shipped, policyVersion });
    expect(statusOf(checks, 'playbook versions')).toBe('wrong');
    expect(statusOf(checks, 'policy version')).toBe('warning');
    expect(checks.find(({ name }) => name === 'kill switch')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/anna.*storm/),
      fix: 'grace resume',
    });
    expect(statusOf(checks, 'orphans')).toBe('not_checked');
    expect(hasFixes(checks)).toBe(true);
  });

  it('finds a log that has fallen behind', async () => {
    const { deployment, kernel } = await play({ iterations: [], playbooks: shipped, seed: 'doctor' });
    const empty = createMemoryTable({ clock });
    const late = {
      state: deployment.state,
      audit: empty,
      now: () => kernel.now() + 3_600_000,
      shipped,
      policyVersion,
    };
    expect(statusOf(await storeChecks(late), 'audit log')).toBe('wrong');
    expect(statusOf(await storeChecks({ ...late, now: kernel.now }), 'audit log')).toBe('warning');
  });
});

describe('a look', () => {
  it('never throws', async () => {
    expect(
      await look('x', async () => {
        throw new Error('boom');
      }),
    ).toMatchObject([{ name: 'x', status: 'wrong' }]);
  });

  it('is one line, with its fix below', () => {
    const checks = [
      { name: 'a', status: 'ok' as const, detail: 'fine' },
      { name: 'b', status: 'wrong' as const, detail: 'gone', fix: 'make it' },
      { name: 'c', status: 'not_checked' as const, detail: 'unseen', fix: 'look' },
    ];
    expect(checkLines(checks)).toEqual(['✓ a: fine', '✗ b: gone', '    make it', '– c: unseen', '    look']);
  });
});
