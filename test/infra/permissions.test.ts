/** What each role may do, and what none may: read from the templates, since no emulator enforces it. */
import { ACTIONS } from '../../shared/domain/actions';
import { FUNCTIONS } from '../../shared/names';
import {
  asText,
  isOn,
  ofType,
  resourceStatements,
  roleOwners,
  roleStatements,
  tableId,
  templates,
  whoMay,
} from '../support/stack-template';

const { grace, operations } = templates();
const statements = roleStatements(grace);
const allowed = statements.filter(({ effect }) => effect === 'Allow');
const onResources = resourceStatements(grace);

const on = (table: string) => isOn(tableId(grace, table));

/** Actions that cannot be limited to a resource; each is reading, or how logs and traces are delivered. */
const TAKE_NO_RESOURCE = [
  'autoscaling:DescribeAutoScalingGroups',
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstances',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'rds:DescribeEvents',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];
/** Services whose resources Grace acts on. */
const TARGET_SERVICES = ['autoscaling', 'ec2', 'rds', 'ecs', 'ssm', 'lambda:Update', 'elasticache'];
const READS = /:(Describe|List|Get)/;
const AUDIT_CHANGES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];
const TAG_CHANGES = [
  'autoscaling:CreateOrUpdateTags',
  'autoscaling:DeleteTags',
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'rds:AddTagsToResource',
  'rds:RemoveTagsFromResource',
  'tag:TagResources',
  'tag:UntagResources',
];
const everyone = [...Object.values(FUNCTIONS), 'verified-action'].sort();

describe('change calendars', () => {
  it('are asked by admit alone, each by its own ARN, and only where the settings name some', () => {
    expect(whoMay(allowed, 'ssm:GetCalendarState')).toEqual([]);
    const shared = 'arn:aws:ssm:eu-west-1:210987654321:document/company-freeze';
    const { grace: configured } = templates({ policy: { changeCalendars: ['releases', shared] } });
    const asking = roleStatements(configured).filter(({ actions }) =>
      actions.includes('ssm:GetCalendarState'),
    );
    expect(asking.map(({ who }) => who)).toEqual(['admit']);
    expect(asking[0]?.resources).toEqual([
      expect.stringMatching(/^arn:\$\{AWS::Partition\}:ssm:.*:document\/releases$/),
      shared,
    ]);
  });
});

describe('every policy', () => {
  it('names its actions, with no wildcard', () => {
    const all = [...allowed, ...onResources.filter(({ effect }) => effect === 'Allow')];
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ actions }) => actions.some((action) => action.includes('*')))).toEqual([]);
    expect(ofType(operations, 'AWS::IAM::Policy')).toEqual([]);
  });

  it('grants on every resource only what takes no resource', () => {
    const anywhere = allowed.filter(({ resources }) => resources.includes('*'));
    expect([...new Set(anywhere.flatMap(({ actions }) => actions))].sort()).toEqual(TAKE_NO_RESOURCE);
  });

  it('uses neither NotAction, NotResource nor NotPrincipal', () => {
    expect(JSON.stringify(grace)).not.toMatch(/"Not(Action|Resource|Principal)"/);
  });

  it('belongs to one role, and each function has its own', () => {
    const owners = [...roleOwners(grace).values()].sort();
    expect(owners).toEqual(everyone);
    const other = ofType(grace, 'AWS::IAM::Role').filter(([id]) => !roleOwners(grace).has(id));
    expect(
      other.map(([, { Properties }]) =>
        asText(Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service),
      ),
    ).toEqual(['events.amazonaws.com', 'apigateway.amazonaws.com']);
    for (const [, { Properties }] of ofType(grace, 'AWS::IAM::Policy'))
      expect(Properties.Roles).toHaveLength(1);
  });
});

describe('targets', () => {
  const mutating = allowed.flatMap((statement) =>
    statement.actions
      .filter(
        (action) => TARGET_SERVICES.some((service) => action.startsWith(service)) && !READS.test(action),
      )
      .map((action) => ({ ...statement, action })),
  );

  it('are changed by their executor only, in the one way it is for', () => {
    expect(mutating.map(({ who: role, action }) => [role, action]).sort()).toEqual([
      ['executor-autoscaling', 'autoscaling:SetDesiredCapacity'],
      ['executor-ec2', 'ec2:RebootInstances'],
      ['executor-rds', 'rds:RebootDBInstance'],
    ]);
  });

  it('are changed only where they carry the tag grace:managed=true', () => {
    for (const { conditions } of mutating) {
      const tags = Object.entries(conditions['StringEquals'] ?? {});
      expect(tags).toEqual([[expect.stringMatching(/^[a-z0-9]+:ResourceTag\/grace:managed$/), 'true']]);
    }
  });

  it('keep their tags: every role is denied tag changes, whatever it is granted', () => {
    const denied = statements.filter(({ effect, resources }) => effect === 'Deny' && resources.includes('*'));
    for (const action of TAG_CHANGES) expect([action, whoMay(denied, action)]).toEqual([action, everyone]);
  });

  it.each(Object.values(ACTIONS))(
    'of $name: its executor is given what the action says it needs, and nothing else',
    ({ executor, permissions }) => {
      const given = allowed
        .filter(({ who, actions }) => who === executor && !/^(logs|dynamodb):/.test(actions[0] ?? ''))
        .flatMap((statement) => statement.actions.map((action) => ({ ...statement, action })));
      expect(given.map(({ action }) => action).sort()).toEqual(
        permissions.map(({ action }) => action).sort(),
      );
      for (const { action, on: example, tagKey } of permissions) {
        const { resources = [], conditions = {} } = given.find((each) => each.action === action) ?? {};
        const [pattern = ''] = resources;
        expect(resources).toHaveLength(1);
        if (example === undefined) expect(pattern).toBe('*');
        else {
          const [service, resource] = example;
          const where = ['Partition', service, 'Region', 'AccountId'].map((part) =>
            part === service ? part : `\${AWS::${part}}`,
          );
          expect(matches(pattern, `arn:${where.join(':')}:${resource}`)).toBe(true);
        }
        expect(conditions).toEqual(
          tagKey === undefined ? {} : { StringEquals: { [`${tagKey}/grace:managed`]: 'true' } },
        );
      }
    },
  );

  it('of an action that the settings leave out cannot be changed by anybody', () => {
    const fewer = templates({ executors: ['aws.scale_instances'] }).grace;
    const actions = roleStatements(fewer).flatMap((statement) => statement.actions);
    expect(actions).toContain('autoscaling:SetDesiredCapacity');
    expect(actions).not.toContain('ec2:RebootInstances');
    expect(actions).not.toContain('rds:RebootDBInstance');
  });
});

/** As IAM matches a resource: `*` is any text. */
function matches(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\^$.+?()[\]{}|\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}

describe('permissions of executors', () => {
  const simulating = (settings: object = {}) =>
    roleStatements(templates(settings).grace).filter(({ actions }) =>
      actions.includes('iam:SimulatePrincipalPolicy'),
    );
  const names = ({ resources }: { readonly resources: readonly string[] }) =>
    resources
      .map((resource) => /^\$\{(\w+)\.Arn\}$/.exec(resource)?.[1] ?? resource)
      .map((id) => roleOwners(grace).get(id))
      .sort();

  it('are simulated by the API alone, and of no role but the executors', () => {
    const [api, ...others] = simulating();
    expect(others).toEqual([]);
    expect(api).toMatchObject({ who: 'api', effect: 'Allow', actions: ['iam:SimulatePrincipalPolicy'] });
    expect(names(api as never)).toEqual(['executor-autoscaling', 'executor-ec2', 'executor-rds']);
    expect(simulating({ executors: ['aws.restart_ec2'] }).map(names)).toEqual([['executor-ec2']]);
  });
});

describe('the audit log', () => {
  const audit = statements.filter(on('AuditLog'));

  it('shows whoever decides which epoch is open, and nothing else', () => {
    const deciding = audit.filter(({ who, effect }) => who === 'decide' && effect === 'Allow');
    expect(deciding.map(({ actions, conditions }) => ({ actions, conditions }))).toEqual([
      {
        actions: ['dynamodb:GetItem'],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['HEAD#*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ]);
  });
  const ownPolicy = onResources.filter((statement) => statement.who === tableId(grace, 'AuditLog'));
  const roleOf = (name: string) => [...roleOwners(grace)].find(([, owner]) => owner === name)?.[0];
  const SEALED = ['CHECKPOINT#*'];

  it('is put to by the sequencer, and by the sealer where checkpoints are, and neither where the other is', () => {
    const puts = audit.filter(({ actions }) => actions.includes('dynamodb:PutItem'));
    const allowing = puts.filter(({ effect }) => effect === 'Allow');
    expect(whoMay(allowing, 'dynamodb:PutItem')).toEqual(['audit-sealer', 'audit-sequencer']);
    expect(allowing.find(({ who }) => who === 'audit-sealer')?.conditions).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': SEALED },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    const denying = puts.filter(
      ({ effect, conditions }) => effect === 'Deny' && Object.keys(conditions).length > 0,
    );
    expect(denying.map(({ who, conditions }) => [who, conditions]).sort()).toEqual([
      ['audit-sealer', { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': SEALED } }],
      ['audit-sequencer', { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': SEALED } }],
    ]);
  });

  it('has no entry that a role may update or delete; the sequencer updates the head, by leading key', () => {
    const changes = audit.filter(({ effect }) => effect === 'Allow');
    const updates = changes.filter(({ actions }) => actions.includes('dynamodb:UpdateItem'));
    expect(updates).toHaveLength(1);
    expect(updates[0]).toMatchObject({
      who: 'audit-sequencer',
      actions: ['dynamodb:UpdateItem'],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['HEAD#*'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
    for (const action of AUDIT_CHANGES.slice(2))
      expect([action, whoMay(changes, action)]).toEqual([action, []]);
  });

  it('is denied to every other role, and bulk writes, deletion and updates of entries to its writers too', () => {
    const denied = audit.filter(
      ({ effect, conditions }) => effect === 'Deny' && Object.keys(conditions).length === 0,
    );
    const others = everyone.filter((name) => name !== 'audit-sequencer');
    expect(whoMay(denied, 'dynamodb:UpdateItem')).toEqual(others);
    expect(whoMay(denied, 'dynamodb:PutItem')).toEqual(others.filter((name) => name !== 'audit-sealer'));
    for (const action of AUDIT_CHANGES.slice(2))
      expect([action, whoMay(denied, action)]).toEqual([action, everyone]);
    expect(
      audit.filter(
        ({ effect, actions, conditions }) =>
          effect === 'Deny' &&
          actions.includes('dynamodb:UpdateItem') &&
          conditions['ForAnyValue:StringNotLike'],
      ),
    ).toEqual([
      expect.objectContaining({
        who: 'audit-sequencer',
        actions: ['dynamodb:UpdateItem'],
        conditions: { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['HEAD#*'] } },
      }),
    ]);
  });

  it('denies by its own policy whoever is neither sequencer nor sealer, people too', () => {
    expect(ownPolicy.every(({ effect, principals }) => effect === 'Deny' && /"\*"/.test(principals))).toBe(
      true,
    );
    const [others, bulk, entries] = ownPolicy;
    expect([...(others?.actions ?? [])].sort()).toEqual([...AUDIT_CHANGES].sort());
    const allowedArns = others?.conditions['ArnNotEquals']?.['aws:PrincipalArn'] as unknown[];
    expect(allowedArns.map(asText)).toEqual(
      ['audit-sequencer', 'audit-sealer'].map((name) => `\${${roleOf(name)}.Arn}`),
    );
    expect(bulk?.conditions).toEqual({});
    expect([...(bulk?.actions ?? [])].sort()).toEqual(AUDIT_CHANGES.slice(2).sort());
    expect(entries?.actions).toEqual(['dynamodb:UpdateItem']);
  });
});

describe('the sealed copies of the log', () => {
  const bucketId = ofType(grace, 'AWS::S3::Bucket').find(([id]) => id.startsWith('AuditSeal'))?.[0] as string;
  const sealer = [...roleOwners(grace)].find(([, owner]) => owner === 'audit-sealer')?.[0];
  const onBucket = onResources.filter(({ resources }) =>
    resources.some((resource) => resource.startsWith(`\${${bucketId}.`)),
  );
  const keys = ofType(grace, 'AWS::KMS::Key').filter(([id]) => id.startsWith('AuditSeal'));

  it('are put by the sealer only: no other role may, and the bucket denies it to everybody else', () => {
    const puts = allowed.filter(
      ({ actions, resources }) =>
        actions.includes('s3:PutObject') && resources.some((resource) => resource.includes(bucketId)),
    );
    expect(puts.map(({ who }) => who)).toEqual(['audit-sealer']);
    const denied = onBucket.filter(
      ({ effect, actions }) => effect === 'Deny' && actions.includes('s3:PutObject'),
    );
    expect(denied).toHaveLength(1);
    expect(asText(denied[0]?.conditions['ArnNotEquals']?.['aws:PrincipalArn'])).toBe(`\${${sealer}.Arn}`);
  });

  it('are deleted, unlocked or aged out by nobody, whoever it is', () => {
    const denied = onBucket.filter(
      ({ effect, conditions }) => effect === 'Deny' && Object.keys(conditions).length === 0,
    );
    expect(denied.flatMap(({ actions }) => [...actions]).sort()).toEqual([
      's3:BypassGovernanceRetention',
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutBucketObjectLockConfiguration',
      's3:PutBucketVersioning',
      's3:PutLifecycleConfiguration',
      's3:PutObjectRetention',
    ]);
    expect(denied.every(({ principals }) => /"\*"/.test(principals))).toBe(true);
    expect(whoMay(allowed, 's3:DeleteObject')).toEqual([]);
  });

  it('are locked for the time that the settings say, and not at all in a trial', () => {
    const lockOf = (settings: object) =>
      ofType(templates(settings).grace, 'AWS::S3::Bucket').find(([id]) => id.startsWith('AuditSeal'))?.[1]
        .Properties.ObjectLockConfiguration;
    const locked = (Mode: string, Days: number) => ({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode, Days } },
    });
    expect(lockOf({})).toEqual(locked('GOVERNANCE', 365));
    expect(lockOf({ audit: { lock: 'compliance', lockDays: 2555 } })).toEqual(locked('COMPLIANCE', 2555));
    expect(lockOf({ ephemeral: true })?.Rule).toBeUndefined();
  });

  it('are signed for by the sealer only, with Ed25519, by one key for each name in the settings', () => {
    expect(keys).toHaveLength(1);
    const policy = onResources.filter(({ who }) => who === keys[0]?.[0]);
    const signing = policy.filter(({ actions }) => actions.includes('kms:Sign'));
    expect(signing).toHaveLength(1);
    expect(signing[0]?.principals).toContain(`"${sealer}"`);
    expect(signing[0]?.conditions).toEqual({
      StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' },
    });
    expect(whoMay(allowed, 'kms:Sign')).toEqual([]);
    const two = templates({ audit: { signingKeys: ['a', 'b'] } }).grace;
    const specs = ofType(two, 'AWS::KMS::Key').filter(([id]) => id.startsWith('AuditSeal'));
    expect(specs.map(([, { Properties }]) => [Properties.KeySpec, Properties.KeyUsage])).toEqual([
      ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
      ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY'],
    ]);
  });
});

describe('the state table', () => {
  const state = allowed.filter(on('StateTable'));

  it('is scanned by the audit check only, which serves no person, and its items are deleted only when they are leases of waiting contracts', () => {
    expect(whoMay(state, 'dynamodb:Scan')).toEqual(['audit-check']);
    const deletions = state.filter(({ actions }) => actions.includes('dynamodb:DeleteItem'));
    expect(deletions.length).toBeGreaterThan(0);
    for (const { actions, conditions } of deletions) {
      expect(actions).toEqual(['dynamodb:DeleteItem']);
      expect(conditions['ForAllValues:StringLike']).toEqual({ 'dynamodb:LeadingKeys': ['WAITING#*'] });
    }
  });

  it('is written by neither of its readers', () => {
    const writers = whoMay(state, 'dynamodb:UpdateItem');
    expect(writers).not.toContain('mesh-publisher');
    expect(writers).not.toContain('audit-sequencer');
    const ofAudit = (name: string) =>
      state.find(({ who, actions }) => who === name && actions.includes('dynamodb:PutItem'))?.conditions[
        'ForAllValues:StringLike'
      ]?.['dynamodb:LeadingKeys'];
    expect(ofAudit('audit-sealer')).toEqual(['FINDING#*']);
    expect(ofAudit('audit-check')).toEqual(['FINDING#*', 'CANARY#audit*', 'CURSOR#*', 'SUMMARY#*']);
    expect(whoMay(state, 'dynamodb:GetRecords')).toEqual(['audit-sequencer', 'mesh-publisher']);
  });
});
