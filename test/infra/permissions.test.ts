/** What each role may do, and what none may: read from the templates, since no emulator enforces it. */
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

  it('of an action that the settings leave out cannot be changed by anybody', () => {
    const fewer = templates({ executors: ['aws.scale_instances'] }).grace;
    const actions = roleStatements(fewer).flatMap((statement) => statement.actions);
    expect(actions).toContain('autoscaling:SetDesiredCapacity');
    expect(actions).not.toContain('ec2:RebootInstances');
    expect(actions).not.toContain('rds:RebootDBInstance');
  });
});

describe('the audit log', () => {
  const audit = statements.filter(on('AuditLog'));
  const ownPolicy = onResources.filter((statement) => statement.who === tableId(grace, 'AuditLog'));
  const sequencerRole = [...roleOwners(grace)].find(([, name]) => name === 'audit-sequencer')?.[0];

  it('is put to by the sequencer only', () => {
    expect(
      whoMay(
        audit.filter(({ effect }) => effect === 'Allow'),
        'dynamodb:PutItem',
      ),
    ).toEqual(['audit-sequencer']);
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

  it('is denied to every other role, and bulk writes, deletion and updates of entries to the sequencer too', () => {
    const denied = audit.filter(
      ({ effect, conditions }) => effect === 'Deny' && Object.keys(conditions).length === 0,
    );
    const others = everyone.filter((name) => name !== 'audit-sequencer');
    for (const action of AUDIT_CHANGES.slice(0, 2))
      expect([action, whoMay(denied, action)]).toEqual([action, others]);
    for (const action of AUDIT_CHANGES.slice(2))
      expect([action, whoMay(denied, action)]).toEqual([action, everyone]);
    expect(
      audit.filter(({ effect, conditions }) => effect === 'Deny' && conditions['ForAnyValue:StringNotLike']),
    ).toEqual([
      expect.objectContaining({
        who: 'audit-sequencer',
        actions: ['dynamodb:UpdateItem'],
        conditions: { 'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['HEAD#*'] } },
      }),
    ]);
  });

  it('denies by its own policy whoever is not the sequencer, people too', () => {
    expect(ownPolicy.every(({ effect, principals }) => effect === 'Deny' && /"\*"/.test(principals))).toBe(
      true,
    );
    const [others, bulk, entries] = ownPolicy;
    expect([...(others?.actions ?? [])].sort()).toEqual([...AUDIT_CHANGES].sort());
    expect(asText(others?.conditions['ArnNotEquals']?.['aws:PrincipalArn'])).toBe(`\${${sequencerRole}.Arn}`);
    expect(bulk?.conditions).toEqual({});
    expect([...(bulk?.actions ?? [])].sort()).toEqual(AUDIT_CHANGES.slice(2).sort());
    expect(entries?.actions).toEqual(['dynamodb:UpdateItem']);
  });
});

describe('the state table', () => {
  const state = allowed.filter(on('StateTable'));

  it('is never scanned, and its items are deleted only when they are leases of waiting contracts', () => {
    expect(whoMay(state, 'dynamodb:Scan')).toEqual([]);
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
    expect(whoMay(state, 'dynamodb:GetRecords')).toEqual(['audit-sequencer', 'mesh-publisher']);
  });
});
