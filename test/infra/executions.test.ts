/** Who may keep and read tokens, start and wake executions, publish, and keep evidence. */
import { FUNCTIONS } from '../../shared/names';
import {
  isOn,
  ofType,
  resourceStatements,
  roleOwners,
  roleStatements,
  tableId,
  templates,
  whoMay,
} from '../support/stack-template';

const { grace } = templates();
const allowed = roleStatements(grace).filter(({ effect }) => effect === 'Allow');
const onResources = resourceStatements(grace);
const functions: readonly string[] = Object.values(FUNCTIONS);

describe('task tokens', () => {
  const tokens = allowed.filter(isOn(tableId(grace, 'TokenStore')));
  const [keyId] = ofType(grace, 'AWS::KMS::Key').find(([id]) => id.startsWith('TokenStore')) as [
    string,
    unknown,
  ];
  const role = (name: string) => [...roleOwners(grace)].find(([, owner]) => owner === name)?.[0];

  it('are stored by open-approval, which cannot read them, and read by the relay, which cannot store them', () => {
    expect(tokens.map(({ who: name, actions }) => [name, ...actions]).sort()).toEqual([
      ['open-approval', 'dynamodb:PutItem'],
      ['relay', 'dynamodb:GetItem', 'dynamodb:Query'],
    ]);
  });

  it('are encrypted and decrypted by these two roles only, bound to contract and generation', () => {
    const use = onResources
      .filter((statement) => statement.who === keyId)
      .filter(({ actions }) => actions.some((action) => /crypt|DataKey/.test(action)));
    expect(
      use.map(({ actions, principals }) => [actions, JSON.parse(principals).AWS['Fn::GetAtt'][0]]),
    ).toEqual([
      [['kms:Encrypt'], role('open-approval')],
      [['kms:Decrypt'], role('relay')],
    ]);
    for (const { conditions } of use) {
      expect(conditions).toEqual({
        'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['contractId', 'generation'] },
        Null: { 'kms:EncryptionContextKeys': 'false' },
      });
    }
    expect(JSON.stringify(allowed)).not.toContain(keyId);
  });
});

describe('executions', () => {
  it('are started by the sentinel and the reaper, answered and read by the relay', () => {
    expect(whoMay(allowed, 'states:StartExecution')).toEqual(['bootstrap', 'reaper', 'sentinel']);
    expect(whoMay(allowed, 'states:SendTaskSuccess')).toEqual(['relay']);
    expect(whoMay(allowed, 'states:GetExecutionHistory')).toEqual(['relay']);
    const others = allowed
      .flatMap(({ actions }) => actions)
      .filter((action) => /states:(SendTask|Stop|Redrive)/.test(action));
    expect(others).toEqual(['states:SendTaskSuccess']);
  });

  it('call the functions that are registered and no others; of the functions only the API and the audit check call any', () => {
    expect(whoMay(allowed, 'lambda:InvokeFunction')).toEqual(['api', 'audit-check', 'verified-action']);
    const names = new Map(
      ofType(grace, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
        `\${${id}.Arn}`,
        Properties.FunctionName,
      ]),
    );
    const calledBy = (name: string) =>
      allowed
        .find(({ who, actions }) => who === name && actions.includes('lambda:InvokeFunction'))
        ?.resources.map((arn) => names.get(arn))
        .sort();
    expect(calledBy('api')).toEqual(['grace-decide']);
    expect(calledBy('audit-check')).toEqual(['grace-audit-sealer', 'grace-audit-sequencer']);
    expect(calledBy('verified-action')).toEqual(
      [
        'admit',
        'benchmark',
        'close',
        'executor-autoscaling',
        'executor-ec2',
        'executor-rds',
        'open-approval',
        'rollback',
        'snapshot',
        'verify',
      ].map((name) => `grace-${name}`),
    );
  });

  it('cannot be woken by whoever decides, nor decided by whoever wakes them', () => {
    const relay = allowed.filter((statement) => statement.who === 'relay').flatMap(({ actions }) => actions);
    expect(relay).not.toContain('dynamodb:PutItem');
    const decide = allowed
      .filter((statement) => statement.who === 'decide')
      .flatMap(({ actions }) => actions);
    expect(decide.filter((action) => action.startsWith('states:') || action.startsWith('kms:'))).toEqual([]);
  });
});

it('the mesh is published to by the two stream readers; the API reports errors there under its own name', () => {
  expect(whoMay(allowed, 'events:PutEvents').filter((name) => functions.includes(name))).toEqual([
    'api',
    'audit-sequencer',
    'mesh-publisher',
  ]);
  const reports = allowed.find(({ who, actions }) => who === 'api' && actions.includes('events:PutEvents'));
  expect(reports?.conditions).toEqual({ StringEquals: { 'events:source': 'grace.api' } });
});

it('the evidence is kept by three roles, each below its own prefix', () => {
  const keepers = allowed.filter(
    ({ actions, resources }) =>
      actions.includes('s3:PutObject') && resources[0]?.startsWith('${EvidenceBucket'),
  );
  expect(
    keepers.map(({ who: name, resources }) => [name, resources[0]?.replace(/^.*\}/, '')]).sort(),
  ).toEqual([
    ['audit-sequencer', '/aws/lambda/*'],
    ['bootstrap', '/golden/*'],
    ['snapshot', '/snapshots/*'],
  ]);
});
