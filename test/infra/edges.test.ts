/** Every asynchronous edge has a way out, everything kept is encrypted and kept for a stated time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNAUDITED_PREFIXES } from '../../shared/contracts/audited-items';
import { MESH_SOURCE, TTL_ATTRIBUTE } from '../../shared/names';
import {
  asText,
  functionNames,
  ofType,
  type Resource,
  resourceStatements,
  templates,
} from '../support/stack-template';

const { grace, operations } = templates();
const trial = templates({ ephemeral: true }).grace;
const names = functionNames(grace);
const queues = ofType(grace, 'AWS::SQS::Queue');
const rules = ofType(grace, 'AWS::Events::Rule');
const mappings = ofType(grace, 'AWS::Lambda::EventSourceMapping');
const tables = (of = grace) => ofType(of, 'AWS::DynamoDB::Table');
const targetsOf = ({ Properties }: Resource) => Properties.Targets as Record<string, unknown>[];

const deadLetterIds = new Set(queues.map(([id]) => id).filter((id) => /DeadLetters|Undelivered/.test(id)));
const isDeadLetterQueue = (arn: unknown) => {
  const id = asText(arn).replace(/^\$\{|\.Arn\}$/g, '');
  return deadLetterIds.has(id);
};
const functionOf = (mapping: Resource) => names.get(mapping.Properties.FunctionName.Ref) as string;

describe('every asynchronous edge ends in a dead-letter queue', () => {
  it('of a queue', () => {
    const working = queues.filter(([id]) => !deadLetterIds.has(id));
    expect(working).toHaveLength(5);
    for (const [id, { Properties }] of working) {
      expect(isDeadLetterQueue(Properties.RedrivePolicy.deadLetterTargetArn)).toBe(true);
      // A webhook's retries are receipts of its message; the sender counts its attempts and buries it itself.
      expect(Properties.RedrivePolicy.maxReceiveCount).toBe(id.startsWith('Notices') ? 1000 : 5);
    }
  });

  it('of a rule, a schedule or a forwarding', () => {
    expect(rules.length).toBe(13);
    for (const [id, rule] of rules) {
      for (const target of targetsOf(rule)) {
        const arn = (target['DeadLetterConfig'] as { Arn?: unknown })?.Arn;
        expect([id, isDeadLetterQueue(arn)]).toEqual([id, true]);
      }
    }
  });

  it('of a call that a rule makes', () => {
    const called = rules
      .flatMap(([, rule]) => targetsOf(rule).map(({ Arn }) => asText(Arn)))
      .filter((arn) => names.has(arn.slice(2, -5)));
    const configured = new Map(
      ofType(grace, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => [
        `\${${Properties.FunctionName.Ref}.Arn}`,
        Properties,
      ]),
    );
    expect(new Set(called.map((arn) => names.get(arn.slice(2, -5))))).toEqual(
      new Set(['reaper', 'bootstrap', 'audit-sealer', 'audit-check']),
    );
    for (const arn of called)
      expect(isDeadLetterQueue(configured.get(arn)?.DestinationConfig.OnFailure.Destination)).toBe(true);
  });

  it('of a stream: addresses in a queue, and for the audit log the whole records in the bucket', () => {
    const ways = mappings
      .filter(([, { Properties }]) => Properties.StartingPosition !== undefined)
      .map(([, mapping]) => [
        functionOf(mapping),
        asText(mapping.Properties.DestinationConfig.OnFailure.Destination),
      ]);
    expect(Object.fromEntries(ways)).toEqual({
      'mesh-publisher': expect.stringMatching(/^\$\{StreamsDeadLetters/),
      'audit-sequencer': expect.stringMatching(/^\$\{EvidenceBucket/),
    });
  });

  it('and somebody hears of it, where the settings name a topic', () => {
    const topicArn = 'arn:aws:sns:us-east-1:123456789012:on-call';
    const { operations } = templates({ alarms: { topicArn } });
    const [[, unwell] = []] = ofType(operations, 'AWS::CloudWatch::CompositeAlarm');
    const { AlarmActions, OKActions } = unwell?.Properties ?? {};
    expect({ AlarmActions, OKActions }).toEqual({ AlarmActions: [topicArn], OKActions: [topicArn] });
  });

  it('which is watched, and its alarm names a chapter of the operations guide that there is', () => {
    const alarms = [
      ...ofType(grace, 'AWS::CloudWatch::Alarm'),
      ...ofType(operations, 'AWS::CloudWatch::Alarm'),
      ...ofType(operations, 'AWS::CloudWatch::CompositeAlarm'),
    ];
    const watched = new Set(
      alarms.flatMap(([, { Properties }]) =>
        Properties.MetricName === 'ApproximateNumberOfMessagesVisible'
          ? [Properties.Dimensions[0].Value['Fn::GetAtt'][0]]
          : [],
      ),
    );
    expect(watched).toEqual(deadLetterIds);
    const guide = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    const chapters = new Set(
      [...guide.matchAll(/^#{2,3} (.+)$/gm)].map(([, title]) =>
        title
          ?.toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replace(/ /g, '-'),
      ),
    );
    for (const [, { Properties }] of alarms) {
      const [, chapter] = /docs\/operations\.md#([a-z-]+)$/.exec(Properties.AlarmDescription) ?? [];
      expect([Properties.AlarmDescription, chapters.has(chapter as string)]).toEqual([
        Properties.AlarmDescription,
        true,
      ]);
    }
  });
});

describe('what arrives', () => {
  const patternOf = (part: string) => rules.find(([id]) => id.startsWith(part))?.[1].Properties.EventPattern;

  it('comes from the default bus when it is an alarm, but not when it is an alarm of our own', () => {
    expect(patternOf('MeshAlarmChanges')).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ 'anything-but': { prefix: 'grace-self-' } }] },
    });
    for (const [, { Properties }] of ofType(grace, 'AWS::CloudWatch::Alarm'))
      expect(Properties.AlarmName).toMatch(/^grace-self-/);
  });

  it('comes from users, never from ourselves', () => {
    expect(patternOf('MeshErrorsIn')).toEqual({
      source: [{ 'anything-but': [MESH_SOURCE] }],
      'detail-type': ['error.detected', 'error.captured'],
    });
  });

  it('as a decision, a release, as news or as the canary comes from ourselves only', () => {
    expect(patternOf('MeshReleasesIn')).toEqual({
      source: [MESH_SOURCE],
      'detail-type': ['quarantine.released', 'audit.canary'],
    });
    expect(patternOf('MeshDecisionsOut')).toEqual({
      source: [MESH_SOURCE],
      'detail-type': [
        'approval.granted',
        'approval.rejected',
        'approval.expired',
        'approval.cancelled',
        'audit.canary',
      ],
    });
    expect(patternOf('MeshActionsOut')).toEqual({
      source: [MESH_SOURCE],
      'detail-type': [{ prefix: 'agentic.' }, { prefix: 'approval.' }, 'audit.canary'],
    });
  });
});

describe('a mapping', () => {
  it('of a queue reports single failures, and hides a message for six times what its function may take', () => {
    const ofQueues = mappings.filter(([, { Properties }]) => Properties.StartingPosition === undefined);
    expect(ofQueues.map(([, mapping]) => functionOf(mapping)).sort()).toEqual([
      'recorder',
      'relay',
      'replanner',
      'sentinel',
      'webhook-sender',
    ]);
    for (const [, { Properties }] of ofQueues) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      const queue = grace[Properties.EventSourceArn['Fn::GetAtt'][0]]?.Properties;
      const { Timeout } = (grace[Properties.FunctionName.Ref] as Resource).Properties;
      expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(
        6 * Timeout + (Properties.MaximumBatchingWindowInSeconds ?? 0),
      );
    }
  });

  it('of the stream starts at the first change, halves what fails, and passes over counters and leases', () => {
    const [, state] = tables().find(([id]) => id.startsWith('State')) as [string, Resource];
    expect(state.Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    for (const [, { Properties }] of mappings.filter((each) => each[1].Properties.StartingPosition)) {
      expect(Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
      });
      expect(Properties.FunctionResponseTypes).toBeUndefined();
      expect(
        Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
      ).toEqual([
        { dynamodb: { Keys: { pk: { S: [{ 'anything-but': { prefix: [...UNAUDITED_PREFIXES] } }] } } } },
      ]);
    }
  });

  it('of the sequencer never gives up before the stream forgets; the publisher does, for the sake of the others', () => {
    const of = (name: string) => mappings.find(([, mapping]) => functionOf(mapping) === name)?.[1].Properties;
    expect(of('audit-sequencer')).toMatchObject({
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 82_800,
      ParallelizationFactor: 1,
    });
    expect(of('mesh-publisher')).toMatchObject({
      MaximumRetryAttempts: 50,
      MaximumRecordAgeInSeconds: 21_600,
    });
  });
});

describe('what is kept', () => {
  it('is encrypted', () => {
    for (const [, { Properties }] of tables())
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true });
    for (const [, { Properties }] of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
    for (const [, { Properties }] of ofType(grace, 'AWS::S3::Bucket')) {
      expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    }
    // KMS does not rotate signing keys: the settings name a second one (docs/operations.md).
    const encrypting = ofType(grace, 'AWS::KMS::Key').filter(([id]) => !id.startsWith('AuditSealSigningKey'));
    expect(encrypting.length).toBeGreaterThan(0);
    for (const [, { Properties }] of encrypting) expect(Properties.EnableKeyRotation).toBe(true);
    const [[, machine]] = ofType(grace, 'AWS::StepFunctions::StateMachine') as [[string, Resource]];
    expect(machine.Properties.EncryptionConfiguration).toMatchObject({ Type: 'CUSTOMER_MANAGED_KMS_KEY' });
  });

  it('is sent and fetched by TLS only', () => {
    const insecure = resourceStatements(grace).filter(
      ({ effect, conditions }) =>
        effect === 'Deny' && conditions['Bool']?.['aws:SecureTransport'] === 'false',
    );
    const covered = new Set(
      insecure.flatMap(({ resources }) =>
        resources.map((resource) => resource.replace(/^\$\{|\.Arn\}.*$/g, '')),
      ),
    );
    expect(covered).toEqual(
      new Set([...queues.map(([id]) => id), ...ofType(grace, 'AWS::S3::Bucket').map(([id]) => id)]),
    );
  });

  it('as a log is kept as long as the settings say, or the next longer time there is', () => {
    const days = (of: ReturnType<typeof templates>['grace']) => [
      ...new Set(ofType(of, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.RetentionInDays)),
    ];
    expect(ofType(grace, 'AWS::Logs::LogGroup')).toHaveLength(
      // Of the state machine, and who called the API.
      ofType(grace, 'AWS::Lambda::Function').length + 2,
    );
    expect(days(grace)).toEqual([90]);
    expect(days(templates({ retention: { logDays: 100 } }).grace)).toEqual([120]);
    for (const [, { Properties }] of ofType(grace, 'AWS::Lambda::Function'))
      expect(Properties.LoggingConfig.LogGroup.Ref).toBeDefined();
    expect(ofType(operations, 'AWS::Events::Archive')[0]?.[1].Properties.RetentionDays).toBe(365);
  });

  it('cannot be deleted by mistake and can be recovered, unless the deployment is a trial', () => {
    expect(tables()).toHaveLength(3);
    for (const [, { Properties, DeletionPolicy }] of tables()) {
      expect(Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect([Properties.DeletionProtectionEnabled, DeletionPolicy]).toEqual([true, 'Retain']);
    }
    for (const [, { Properties, DeletionPolicy }] of tables(trial)) {
      expect(Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: false });
      expect([Properties.DeletionProtectionEnabled, DeletionPolicy]).toEqual([false, 'Delete']);
    }
    const kept = (of: typeof grace) =>
      ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'].flatMap((type) =>
        ofType(of, type).map(([, { DeletionPolicy }]) => DeletionPolicy),
      );
    expect(new Set(kept(grace))).toEqual(new Set(['Retain']));
    expect(new Set(kept(trial))).toEqual(new Set(['Delete']));
  });

  it('expires where items say so, but never from the audit log', () => {
    const expiring = tables().filter(
      ([, { Properties }]) => Properties.TimeToLiveSpecification !== undefined,
    );
    expect(expiring.map(([id]) => id.slice(0, 5)).sort()).toEqual(['State', 'Token']);
    for (const [, { Properties }] of expiring)
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: TTL_ATTRIBUTE, Enabled: true });
  });

  it('of an execution is not logged', () => {
    const [[, machine]] = ofType(grace, 'AWS::StepFunctions::StateMachine') as [[string, Resource]];
    expect(machine.Properties.LoggingConfiguration).toMatchObject({
      IncludeExecutionData: false,
      Level: 'ALL',
    });
  });
});

it('the stack for every place has nothing that emulators do not take', () => {
  const types = Object.values(grace).map(({ Type }) => Type);
  for (const type of ['AWS::Events::Archive', 'AWS::CloudWatch::CompositeAlarm', 'AWS::Logs::MetricFilter'])
    expect(types).not.toContain(type);
  for (const [, { Properties }] of ofType(grace, 'AWS::CloudWatch::Alarm'))
    expect(Properties.Metrics).toBeUndefined();
  expect([...new Set(Object.values(operations).map(({ Type }) => Type))].sort()).toEqual([
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::Events::Archive',
  ]);
});
