import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../shared/names';
import type { GraceFunction } from './grace-function';
import type { MachineAccess } from './machine-access';

/** Follows the deployment's name in the names of Grace's own alarms, which the mesh does not take in. */
export const OWN_ALARMS = '-self-';
/** Where the chapters are that tell what to do. */
export const RUNBOOK = 'docs/operations.md';

export interface AlarmsProps {
  /** The deployment's name, which the alarms' names begin with. */
  readonly deployment: string;
  /** Queues that should be empty, by what is said of them. */
  readonly deadLetters: Readonly<Record<string, Queue>>;
  /** All functions. */
  readonly functions: readonly GraceFunction[];
  /** The readers of the state table's stream. */
  readonly streamReaders: readonly GraceFunction[];
  /** The queue that errors wait in for the sentinel. */
  readonly intake: Queue;
  /** The state machine. */
  readonly machine: MachineAccess;
  /** Who hears of the alarms that tell themselves. */
  readonly topic: ITopic | undefined;
}

/** What a person must look at. Each alarm's description names the chapter that says what to do. */
export class Alarms extends Construct {
  /** Names of the alarms that say that something of Grace is broken: all but those that tell themselves. */
  readonly names: string[] = [];
  private readonly prefix: string;
  private readonly topic: ITopic | undefined;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.prefix = `${props.deployment}${OWN_ALARMS}`;
    this.topic = props.topic;
    for (const [name, queue] of Object.entries(props.deadLetters)) this.deadLetters(name, queue);
    for (const reader of props.streamReaders) this.iteratorAge(reader);
    for (const each of props.functions) this.errors(each);
    this.intakeAge(props.intake);
    this.failedExecutions(props.machine);
    this.slowAnswers();
    this.unsureVerification();
    this.auditLog();
    this.closedEpoch();
  }

  private deadLetters(name: string, queue: Queue): void {
    this.alarm(`dead-letters-${name}`, {
      metric: queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
      says: `Something of ${name} could not be dealt with and waits for a person.`,
      chapter: 'dead-letters',
    });
  }

  private iteratorAge({ lambda, node }: GraceFunction): void {
    this.alarm(`behind-${node.id}`, {
      metric: lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(5).toMilliseconds(),
      says: `${node.id} is five minutes behind the state table; its stream forgets after 24 hours.`,
      chapter: 'behind-the-stream',
    });
  }

  private errors({ lambda, node }: GraceFunction): void {
    this.alarm(`errors-${node.id}`, {
      metric: lambda.metricErrors({ period: Duration.minutes(5), statistic: Stats.SUM }),
      threshold: 1,
      periods: 2,
      says: `${node.id} has been failing for ten minutes.`,
      chapter: 'failing-function',
    });
  }

  private intakeAge(queue: Queue): void {
    this.alarm('intake-age', {
      metric: queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: Duration.minutes(5).toSeconds(),
      says: 'Errors have been waiting for the sentinel for five minutes.',
      chapter: 'slow-intake',
    });
  }

  private failedExecutions({ machineArn }: MachineAccess): void {
    for (const ending of ['Failed', 'TimedOut', 'Aborted']) {
      this.alarm(`executions-${ending.toLowerCase()}`, {
        metric: new Metric({
          namespace: 'AWS/States',
          metricName: `Executions${ending}`,
          dimensionsMap: { StateMachineArn: machineArn },
          period: Duration.minutes(1),
          statistic: Stats.SUM,
        }),
        threshold: 1,
        says: 'An execution ended without closing its contract; the reaper ends it.',
        chapter: 'broken-execution',
      });
    }
  }

  /** One for each answer, since a metric's alarm knows the dimensions that it is of. */
  private slowAnswers(): void {
    for (const outcome of ['granted', 'rejected', 'expired']) {
      this.alarm(`approval-latency-${outcome}`, {
        metric: new Metric({
          namespace: METRIC_NAMESPACE,
          metricName: 'grace_approval_latency_seconds',
          dimensionsMap: { outcome },
          period: Duration.minutes(5),
          statistic: Stats.MAXIMUM,
        }),
        threshold: Duration.hours(1).toSeconds() + 1,
        says: `A request for approval was ${outcome} more than an hour after it was made.`,
        chapter: 'approval-latency',
      });
    }
  }

  /** The least sure one: an average would hide it behind those that were sure. */
  private unsureVerification(): void {
    this.alarm('action-confidence', {
      metric: ownMetric('grace_action_confidence', 5, Stats.MINIMUM),
      threshold: 0.5,
      isLow: true,
      tellsItself: true,
      says: 'An action was judged with a confidence below one half: what it did is hardly known.',
      chapter: 'action-confidence',
    });
  }

  /** Goes off again after five minutes: it is news, and not a state that somebody could mend. */
  private closedEpoch(): void {
    this.alarm('audit-epoch-closed', {
      metric: ownMetric('grace_audit_epochs_closed_total'),
      threshold: 1,
      tellsItself: true,
      says: 'Somebody closed an epoch of the audit log.',
      chapter: 'audit-epoch-closed',
    });
  }

  private auditLog(): void {
    this.alarm('audit-findings', {
      metric: ownMetric('grace_audit_findings_total'),
      threshold: 1,
      says: 'The check of the audit log found something, or the sealer refused to sign.',
      chapter: 'audit-findings',
    });
    this.alarm('audit-open', {
      metric: ownMetric('grace_audit_findings_open', 15),
      threshold: 1,
      says: 'A finding about the audit log is open: it has not passed, and nobody has closed it.',
      chapter: 'audit-findings',
    });
    this.alarm('audit-anomalies', {
      metric: ownMetric('grace_audit_anomalies_total'),
      threshold: 1,
      says: 'The state table was changed by somebody who cannot be named.',
      chapter: 'audit-findings',
    });
    this.alarm('audit-unchecked', {
      metric: ownMetric('grace_audit_checks_total', 15),
      threshold: 1,
      periods: 3,
      isLow: true,
      isSilenceBad: true,
      says: 'The audit log has not been checked for three quarters of an hour.',
      chapter: 'audit-unchecked',
    });
  }

  private alarm(name: string, condition: Condition): void {
    const { metric, threshold, periods = 1, isLow = false, isSilenceBad = false, says, chapter } = condition;
    const alarmName = `${this.prefix}${name}`;
    const alarm = new Alarm(this, name, {
      alarmName,
      alarmDescription: `${says} See ${RUNBOOK}#${chapter}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: isLow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: isSilenceBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    if (condition.tellsItself === true) tell(alarm, this.topic);
    else this.names.push(alarmName);
  }
}

/**
 * An alarm that tells the topic itself, and is none of those that make Grace `unwell`. `unwell` tells of the first that goes on, and
 * is silent of others until all are off: what lasts for hours, or what somebody might want to hide, must not stand in its line.
 */
export function tell(alarm: Alarm, topic: ITopic | undefined): void {
  if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic));
}

/** A metric of Grace's own, without dimensions: by default the sum of five minutes. */
export function ownMetric(metricName: string, minutes = 5, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    period: Duration.minutes(minutes),
    statistic,
  });
}

interface Condition {
  readonly metric: Metric;
  readonly threshold: number;
  readonly periods?: number;
  /** On when it is below the threshold, otherwise from the threshold on. Default false. */
  readonly isLow?: boolean;
  /** On when nothing is measured at all. Default false. */
  readonly isSilenceBad?: boolean;
  /** See `tell`. Default false. */
  readonly tellsItself?: boolean;
  readonly says: string;
  readonly chapter: string;
}
