import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../../shared/contracts/settings';
import { EncryptionKey } from './encryption-key';
import { allow, useHistoryKey } from './permissions';

export interface MachineAccessProps {
  /** Settings as validated. */
  readonly settings: Settings;
}

/**
 * The state machine's name and the key of its history, and what others may do with it: all that is known
 * before the machine itself, which needs the functions, which need this.
 */
export class MachineAccess extends Construct {
  /** Name of the state machine. */
  readonly machineName: string;
  /** ARN of the state machine. */
  readonly machineArn: string;
  /** The key that executions and their history are encrypted with. */
  readonly key: Key;

  constructor(scope: Construct, id: string, { settings }: MachineAccessProps) {
    super(scope, id);
    this.machineName = `${settings.deployment}-verified-action`;
    this.machineArn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: this.machineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.key = new EncryptionKey(this, 'History', {
      settings,
      description: `Grace (${settings.deployment}): executions of the verified action and their history`,
      // People who look at executions are let in by IAM policies.
      delegated: ['kms:Decrypt', 'kms:GenerateDataKey'],
    }).key;
  }

  /** Starts executions and asks how they stand. */
  start(): readonly PolicyStatement[] {
    return [
      allow(['states:StartExecution'], [this.machineArn]),
      allow(['states:DescribeExecution'], [this.executionArns()]),
      useHistoryKey(this.key, this.machineArn),
    ];
  }

  /** Answers a waiting execution, and finds out whether it still waits. Only the relay has this. */
  answer(): readonly PolicyStatement[] {
    return [
      allow(['states:SendTaskSuccess'], [this.machineArn]),
      allow(['states:DescribeExecution', 'states:GetExecutionHistory'], [this.executionArns()]),
      useHistoryKey(this.key, this.machineArn),
    ];
  }

  private executionArns(): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.machineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
