import type { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { GraceFunction } from './grace-function';
import { allow } from './permissions';

export interface ClockWorkProps {
  /** What is called. */
  readonly target: GraceFunction;
  /** How often. A call that fails is not repeated: the next turn does what it missed. */
  readonly every: Duration;
  /** Where calls go that were not taken, or failed. */
  readonly deadLetters: Queue;
}

/** A function that is called by the clock, and whose next call does what a failed one left undone. */
export class ClockWork extends Construct {
  constructor(scope: Construct, id: string, { target, every, deadLetters }: ClockWorkProps) {
    super(scope, id);
    const limits = { retryAttempts: 0, maxEventAge: every };
    target.grant(allow(['sqs:SendMessage'], [deadLetters.queueArn]));
    new EventInvokeConfig(this, 'Invocations', {
      function: target.lambda,
      ...limits,
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    });
    new Rule(this, 'Rule', {
      description: `${target.node.id}, every ${every.toHumanString()}`,
      schedule: Schedule.rate(every),
      targets: [
        new LambdaFunction(target.lambda, {
          ...limits,
          deadLetterQueue: deadLetters,
          event: RuleTargetInput.fromObject({}),
        }),
      ],
    });
  }
}
