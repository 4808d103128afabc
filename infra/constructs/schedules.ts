import { Aws, Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FUNCTIONS } from '../../shared/names';
import type { Evidence } from './evidence';
import { GraceFunction } from './grace-function';
import type { MachineAccess } from './machine-access';
import { allow, lookAtTargets, readIndex, writeState } from './permissions';
import type { Platform } from './platform';
import { DeadLetterQueue } from './work-queue';

export interface SchedulesProps {
  /** What the functions are built from. */
  readonly platform: Platform;
  /** The state table. */
  readonly stateTable: Table;
  /** Where golden snapshots are kept. */
  readonly evidence: Evidence;
  /** Starting executions that were planned and never started. */
  readonly machine: MachineAccess;
  /** Where the reaper asks again for what was not delivered. */
  readonly relayQueue: Queue;
}

/** What runs by the clock, and after each deployment. */
export class Schedules extends Construct {
  /** Each minute: expires requests, frees locks, starts what was left lying. */
  readonly reaper: GraceFunction;
  /** After each deployment: playbook versions, golden snapshots, the first benchmark. */
  readonly bootstrap: GraceFunction;
  /** Runs that were not taken, or failed for good. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    const { platform, stateTable, evidence, machine, relayQueue } = props;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters').queue;
    this.reaper = new GraceFunction(this, FUNCTIONS.reaper, {
      platform,
      statements: [
        ...writeState(stateTable),
        readIndex(stateTable, 'open'),
        ...machine.start(),
        allow(['sqs:SendMessage'], [relayQueue.queueArn]),
      ],
    });
    this.bootstrap = new GraceFunction(this, FUNCTIONS.bootstrap, {
      platform,
      statements: [
        ...writeState(stateTable),
        ...machine.start(),
        ...lookAtTargets(this),
        ...evidence.keep('golden/'),
      ],
    });
    // The next minute does what this one missed.
    this.invoke(this.reaper, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }).each(
      'EachMinute',
      Duration.minutes(1),
    );
    const started = this.invoke(this.bootstrap, { retryAttempts: 2, maxEventAge: Duration.hours(1) });
    started.afterDeployment();
    // The news of a deployment may be lost. The sentinel knows no playbook until this has run once, and
    // running again changes nothing.
    started.each('EachHour', Duration.hours(1));
  }

  /** An asynchronous edge has two places to fail: handing the event over, and running. Both have a way out. */
  private invoke(target: GraceFunction, limits: { retryAttempts: number; maxEventAge: Duration }) {
    const { lambda } = target;
    target.grant(allow(['sqs:SendMessage'], [this.deadLetters.queueArn]));
    new EventInvokeConfig(this, `${lambda.node.scope?.node.id}-invocations`, {
      function: lambda,
      ...limits,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
    const handOver = new LambdaFunction(lambda, {
      ...limits,
      deadLetterQueue: this.deadLetters,
      event: RuleTargetInput.fromObject({}),
    });
    return {
      each: (id: string, time: Duration) =>
        new Rule(this, id, {
          description: `${target.node.id}, ${id}`,
          schedule: Schedule.rate(time),
          targets: [handOver],
        }),
      // CloudFormation says when it is done. No provider function is needed, and a failure is a dead letter
      // and an alarm, not the rollback of a deployment that is well.
      afterDeployment: () =>
        new Rule(this, 'Deployed', {
          description: 'The bootstrap function, after each deployment of this stack',
          eventPattern: {
            source: ['aws.cloudformation'],
            detailType: ['CloudFormation Stack Status Change'],
            detail: {
              'stack-id': [Aws.STACK_ID],
              'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
            },
          },
          targets: [handOver],
        }),
    };
  }
}
