import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { FunctionName } from '../../shared/names';
import { MANAGED_TAG } from '../../shared/names';
import { type ActionName, EXECUTORS } from '../executor-registry';
import { GraceFunction } from './grace-function';
import { allow, databaseArns, writeState } from './permissions';
import type { Platform } from './platform';

export interface ExecutorsProps {
  /** What the functions are built from; its settings name the actions that there shall be. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
}

/**
 * One function a service, with the one permission of that service that changes something, on what carries the
 * tag. An action that the settings leave out has no function and no role: nothing could perform it.
 */
export class Executors extends Construct {
  /** The executors that there are. */
  readonly functions: readonly GraceFunction[];

  constructor(scope: Construct, id: string, { platform, stateTable }: ExecutorsProps) {
    super(scope, id);
    const wanted = new Set(platform.settings.executors.map((action) => EXECUTORS[action]));
    this.functions = [...wanted].map(
      (name) =>
        new GraceFunction(this, name, {
          platform,
          timeoutSeconds: platform.settings.limits.executorTimeout,
          statements: [...writeState(stateTable), ...statementsOf(this, name)],
        }),
    );
  }
}

/** What an executor's role may do to its service. */
function statementsOf(scope: IConstruct, name: ExecutorName): readonly PolicyStatement[] {
  switch (name) {
    case 'executor-autoscaling':
      return [
        allow(['autoscaling:DescribeAutoScalingGroups'], ['*']),
        allow(
          ['autoscaling:SetDesiredCapacity'],
          [arn(scope, 'autoscaling', 'autoScalingGroup', '*:autoScalingGroupName/*')],
          managed('autoscaling:ResourceTag'),
        ),
      ];
    case 'executor-ec2':
      return [
        allow(['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus'], ['*']),
        allow(
          ['ec2:RebootInstances'],
          [Stack.of(scope).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })],
          managed('ec2:ResourceTag'),
        ),
      ];
    case 'executor-rds':
      return [
        allow(['rds:DescribeDBInstances'], [databaseArns(scope)]),
        // Searches the events of all sources; takes no resource.
        allow(['rds:DescribeEvents'], ['*']),
        allow(['rds:RebootDBInstance'], [databaseArns(scope)], managed('aws:ResourceTag')),
      ];
  }
}

type ExecutorName = (typeof EXECUTORS)[ActionName];

const managed = (key: string) => ({ StringEquals: { [`${key}/${MANAGED_TAG.key}`]: MANAGED_TAG.value } });

function arn(scope: IConstruct, service: string, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({
    service,
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The ARN that a function of this name has; known before there is one. */
export function functionArn(scope: IConstruct, deployment: string, name: FunctionName): string {
  return arn(scope, 'lambda', 'function', `${deployment}-${name}`);
}
