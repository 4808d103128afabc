import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArnFormat, Aws, Fn, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ASL_SUBSTITUTIONS, type FunctionName } from '../../shared/names';
import type { GraceFunction } from './grace-function';
import type { MachineAccess } from './machine-access';
import { allow, useHistoryKey } from './permissions';
import { dataRemoval, logRetention, type Platform } from './platform';

/** The file that the simulator interprets too. */
export const DEFINITION_FILE = join(__dirname, '../../statemachines/verified-action.asl.json');

export interface VerifiedActionProps {
  /** What the machine is built from. */
  readonly platform: Platform;
  /** The machine's name and the key of its history. */
  readonly machine: MachineAccess;
  /** The functions that the definition names. */
  readonly tasks: Readonly<Partial<Record<FunctionName, GraceFunction>>>;
  /** The functions that `admit` names at run time; the machine may call these and no others. */
  readonly executors: readonly GraceFunction[];
}

/**
 * The state machine, from its file. Written with the plain resource, since the high-level construct lets the
 * log service `kms:Decrypt*` and hides what it adds to the role.
 *
 * The task token stands in the history of each waiting execution. So the history has a key of its own, the
 * log holds no execution data, and only the relay's role may read a history.
 */
export class VerifiedAction extends Construct {
  /** The state machine. */
  readonly stateMachine: CfnStateMachine;

  constructor(scope: Construct, id: string, { platform, machine, tasks, executors }: VerifiedActionProps) {
    super(scope, id);
    const { settings } = platform;
    const log = new LogGroup(this, 'Log', {
      // This prefix keeps the log service's resource policy short; the stack's id keeps the name unused.
      logGroupName: `/aws/vendedlogs/states/${settings.deployment}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`,
      retention: logRetention(settings.retention.logDays),
      removalPolicy: dataRemoval(settings),
    });
    const substitutions: Record<string, string> = { Partition: Aws.PARTITION };
    for (const [placeholder, name] of Object.entries(ASL_SUBSTITUTIONS)) {
      const task = tasks[name];
      if (task === undefined)
        throw new Error(`the state machine names ${name}, which there is no function for`);
      substitutions[placeholder] = task.lambda.functionArn;
    }
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Grace (${settings.deployment}): the verified action`,
      managedPolicies: [platform.guardrails],
    });
    const callable = [...Object.values(tasks), ...executors].map(({ lambda }) => lambda.functionArn);
    for (const statement of this.statements(callable, machine)) role.addToPolicy(statement);
    letLogsDecrypt(machine);

    this.stateMachine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineName: machine.machineName,
      stateMachineType: 'STANDARD',
      definitionString: JSON.stringify(JSON.parse(readFileSync(DEFINITION_FILE, 'utf8'))),
      definitionSubstitutions: substitutions,
      roleArn: role.roleArn,
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: machine.key.keyArn,
        kmsDataKeyReusePeriodSeconds: 300,
      },
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: log.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    this.stateMachine.node.addDependency(role, machine.key);
  }

  private statements(callable: readonly string[], machine: MachineAccess): readonly PolicyStatement[] {
    return [
      allow(['lambda:InvokeFunction'], callable),
      useHistoryKey(machine.key, machine.machineArn),
      allow(['kms:GenerateDataKey'], [machine.key.keyArn], {
        // Not a pattern: this is the very text that the log service puts into the encryption context.
        StringEquals: {
          'kms:EncryptionContext:SourceArn': Stack.of(this).formatArn({
            service: 'logs',
            resource: '*',
            arnFormat: ArnFormat.NO_RESOURCE_NAME,
          }),
        },
      }),
      // Delivering logs and traces takes no resource.
      allow(
        [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        ['*'],
      ),
    ];
  }
}

/** Logs of an encrypted machine are encrypted on their way; the log service reads them. */
function letLogsDecrypt({ key }: MachineAccess): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}
