import { type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Settings } from '../shared/contracts/settings';

/** A finding of the AwsSolutions rules that stands, and why. */
export interface Acknowledgement {
  /** The rule, with the finding where a rule has several. */
  readonly id: string;
  /** Paths of the constructs that it is acknowledged for, below the stack; '' = the whole stack. */
  readonly on: readonly string[];
  /** Why it is well as it is; at least 20 characters. */
  readonly reason: string;
}

const resource = (arn: string) => `AwsSolutions-IAM5[Resource::${arn}]`;
const here = (service: string) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>`;
const LOOKERS = [
  'Approval/replanner',
  'Intake/sentinel',
  'Actions/snapshot',
  'Actions/benchmark',
  'Schedules/bootstrap',
];
const API_PATHS = 'Api/Rest/Default/api/{proxy+}';
const STREAM = 'Api/Rest/Default/api/approvals/stream';
const OPENAPI = 'Api/Rest/Default/api/openapi.json';
const DOCS = 'Api/Rest/Default/api/docs';

/** Findings of the stack of this deployment. A test holds that each has a reason and still fires. */
export function acknowledgements({ deployment, ephemeral, signIn }: Settings): readonly Acknowledgement[] {
  const trial: Acknowledgement = {
    id: 'AwsSolutions-DDB3',
    on: ['State', 'AuditLog', 'TokenStore'],
    reason: 'The setting ephemeral says that this is a trial, whose data is deleted with the stack.',
  };
  return [
    ...(ephemeral ? [trial] : []),
    {
      id: 'AwsSolutions-L1',
      on: [''],
      reason:
        'Node.js 22 is supported until 2027 and is what the dependencies are pinned and tested for; the runtime is raised together with them, not by itself.',
    },
    {
      id: 'AwsSolutions-S1',
      on: ['Evidence'],
      reason:
        'Three roles read the bucket, each below its own prefix. Server access logs are best effort; CloudTrail data events tell who read what, and docs/operations.md says how to switch them on.',
    },
    {
      id: 'AwsSolutions-S1',
      on: ['AuditSeal'],
      reason:
        'Sealed copies are made to be shown to auditors; what matters is who writes, which one role may, and nobody deletes. CloudTrail data events tell who reads, as docs/operations.md says.',
    },
    {
      id: 'AwsSolutions-SQS3',
      on: ['Mesh/Undelivered', 'Streams/DeadLetters', 'Schedules/DeadLetters'],
      reason:
        'These are dead-letter queues themselves, of rule targets, stream mappings and asynchronous calls, which the rule does not count as such.',
    },
    {
      id: 'AwsSolutions-COG4',
      on: [OPENAPI, DOCS, API_PATHS, STREAM, 'Api/Rest/Default/machine/{proxy+}'],
      reason:
        'People pass an authorizer of our own, which takes any OpenID issuer and refuses ID tokens; a user pool authorizer does neither. Machines sign with SigV4.',
    },
    {
      id: 'AwsSolutions-APIG4',
      on: [OPENAPI, DOCS, `${API_PATHS}/OPTIONS`, `${STREAM}/OPTIONS`],
      reason:
        'The two documents say what this repository says, and a browser asks OPTIONS before it sends a token: neither reads or changes anything.',
    },
    {
      id: 'AwsSolutions-APIG2',
      on: ['Api/Rest'],
      reason:
        'The function validates every request itself, by the schemas that the API is documented with, before parsing: type, size, depth, duplicate keys, which the gateway cannot.',
    },
    {
      id: 'AwsSolutions-APIG3',
      on: ['Api/Rest'],
      reason:
        'Callers are authorised before the function runs, and throttled by stage and by person. Whoever opens it to the internet can attach a web ACL of their own to the stage.',
    },
    ...(signIn.issuer === undefined
      ? [
          {
            id: 'AwsSolutions-COG8',
            on: ['SignIn/People'],
            reason:
              'The plus tier is paid by the month for each person. Nobody signs up themselves, a second factor is required by default, and tokens live fifteen minutes.',
          },
        ]
      : []),
    ...(signIn.issuer === undefined && signIn.mfa === 'optional'
      ? [
          {
            id: 'AwsSolutions-COG2',
            on: ['SignIn/People'],
            reason: 'The settings say that a second factor is optional; the default is that it is required.',
          },
        ]
      : []),
    {
      id: resource(`${here('logs')}:*`),
      on: ['Api/LogRole'],
      reason:
        'One role of the account for all APIs of the region, whose log groups have names that API Gateway gives them: what the managed policy for it grants, in this region only.',
    },
    {
      id: resource('*'),
      on: [
        ...LOOKERS,
        'Actions/admit',
        'Executors/executor-autoscaling',
        'Executors/executor-ec2',
        'Executors/executor-rds',
      ],
      reason:
        'Reading only. Auto Scaling and EC2 describe calls, GetMetricData and RDS DescribeEvents take no resource; DescribeAlarms leaves composite alarms out unless it is granted on all.',
    },
    {
      id: resource('*'),
      on: ['VerifiedAction/Role'],
      reason:
        'Log delivery and X-Ray calls, which take no resource: what Step Functions asks of a role that has logging and tracing.',
    },
    {
      id: resource(`${here('rds')}:db:*`),
      on: [...LOOKERS, 'Executors/executor-rds'],
      reason:
        'The targets are not known when the stack is deployed. Describing is reading; rebooting is granted only where the database carries the tag grace:managed=true.',
    },
    {
      id: resource(`${here('autoscaling')}:autoScalingGroup:*:autoScalingGroupName/*`),
      on: ['Executors/executor-autoscaling'],
      reason:
        'The targets are not known when the stack is deployed: any group of this account and region, if it carries the tag grace:managed=true.',
    },
    {
      id: resource(`${here('ec2')}:instance/*`),
      on: ['Executors/executor-ec2'],
      reason:
        'The targets are not known when the stack is deployed: any instance of this account and region, if it carries the tag grace:managed=true.',
    },
    {
      id: resource(`${here('states')}:execution:${deployment}-verified-action:*`),
      on: ['Intake/sentinel', 'Approval/relay', 'Schedules/reaper', 'Schedules/bootstrap'],
      reason:
        'Executions are named by contracts, which are not known before: all executions of this one state machine.',
    },
    {
      id: resource('<StateTableEE95395C.Arn>/stream/*'),
      on: ['Streams/mesh-publisher', 'Streams/audit-sequencer'],
      reason:
        'ListStreams is asked about all streams of the one table; reading records is granted on its live stream only.',
    },
    {
      id: resource('<AuditSealBucket1AF10A27.Arn>/*'),
      on: ['AuditWatch/audit-sealer', 'AuditWatch/audit-check', 'Api/api'],
      reason:
        'Tiles and checkpoints are named by the size of the log: all objects of the one bucket that holds nothing else.',
    },
    ...(
      [
        ['snapshots', 'Actions/snapshot', 'Snapshot manifests are named by contract and content'],
        ['snapshots', 'Api/api', 'Snapshot manifests are named by contract and content, and only read here'],
        ['golden', 'Schedules/bootstrap', 'Golden snapshots are named by target and content'],
        ['aws/lambda', 'Streams/audit-sequencer', 'Lambda names the records that it gives up by time'],
      ] as const
    ).map(([prefix, on, why]) => ({
      id: resource(`<EvidenceBucketC67FF768.Arn>/${prefix}/*`),
      on: [on],
      reason: `${why}: all objects below one prefix of one bucket.`,
    })),
  ];
}

/** The function with which CDK puts files into a bucket, by the name that CDK gives it. */
const UPLOADER = 'Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';

/** Findings of the console's stack. */
export const CONSOLE_ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    id: 'AwsSolutions-S1',
    on: ['Bucket'],
    reason:
      'The bucket holds the built console and nothing else; whoever may see the page may read all of it.',
  },
  {
    id: 'AwsSolutions-CFR3',
    on: ['Distribution'],
    reason:
      'Requests that read or change anything are in the access log of the API; the others fetch public files.',
  },
  {
    id: 'AwsSolutions-CFR1',
    on: ['Distribution'],
    reason: 'Where people on call are is not known, and a country is no proof of who somebody is.',
  },
  {
    id: 'AwsSolutions-CFR2',
    on: ['Distribution'],
    reason:
      'The API throttles each caller and checks each request itself; a web ACL of the company can be attached.',
  },
  {
    id: 'AwsSolutions-CFR4',
    on: ['Distribution'],
    reason:
      'With the default cloudfront.net certificate the minimum TLS version cannot be set; browsers take the newest.',
  },
  {
    id: 'AwsSolutions-L1',
    on: [UPLOADER],
    reason:
      "CDK's own function, which runs only during a deployment; its runtime comes with the version of CDK.",
  },
  {
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    on: [UPLOADER],
    reason:
      "CDK's own function, which runs only during a deployment, writes its log by AWS's policy for that.",
  },
  ...[
    'Action::s3:GetObject*',
    'Action::s3:GetBucket*',
    'Action::s3:List*',
    'Action::s3:DeleteObject*',
    'Action::s3:Abort*',
    'Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*',
    'Resource::<Bucket83908E77.Arn>/*',
  ].map((finding) => ({
    id: `AwsSolutions-IAM5[${finding}]`,
    on: [UPLOADER],
    reason:
      "What CDK grants its own function, which runs only during a deployment: from the bucket of CDK's assets to the console's own, which holds public files.",
  })),
];

/**
 * Acknowledges the findings. An executor that the settings leave out has none.
 * @throws Error when there is no such construct
 */
export function acknowledgeFindings(stack: Stack, given: readonly Acknowledgement[]): void {
  for (const { id, on, reason } of given) {
    for (const path of on) {
      const construct = find(stack, path);
      if (construct === undefined && path.startsWith('Executors/')) continue;
      if (construct === undefined) throw new Error(`acknowledged: ${id} on ${path}, which there is not`);
      Validations.of(construct).acknowledge({ id: `AwsSolutions::${id}`, reason });
    }
  }
}

/** The construct at a path below the stack. */
export function find(stack: Stack, path: string): IConstruct | undefined {
  let found: IConstruct | undefined = stack;
  for (const id of path.split('/').filter(Boolean)) found = found?.node.tryFindChild(id);
  return found;
}
