import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OWN_ALARMS, ownMetric, RUNBOOK, tell } from './alarms';
import { API_STAGE, apiName } from './api';

export interface ShareAlarmsProps {
  /** The deployment's name, which the alarms' names begin with. */
  readonly deployment: string;
  /** Who hears of the alarms that tell themselves. */
  readonly topic: ITopic | undefined;
  /** Calls of the functions on the path of an action; with `errors` ten at most, which is what one expression takes. */
  readonly calls: readonly Metric[];
  /** How many of them failed. */
  readonly errors: readonly Metric[];
}

/**
 * Alarms on how many of all: one number over another, which takes an expression, and emulators do not take those.
 *
 * A share of very few must not wake anybody, so most of them also want a least number of bad ones, and are 0 below it. That
 * is not a least number of all: three failures of three are worse than three of thirty. Without data nothing is wrong.
 */
export class ShareAlarms extends Construct {
  /** Those that say that something of Grace is broken. */
  readonly ofGrace: readonly Alarm[];
  private readonly deployment: string;

  constructor(scope: Construct, id: string, props: ShareAlarmsProps) {
    super(scope, id);
    this.deployment = props.deployment;
    this.ofGrace = [this.failingCalls(props), this.failingRequests()];
    // Grace works, and what it does helps little: news of their own, and for hours.
    for (const ofActions of [this.failingActions(), this.rollbacks()]) tell(ofActions, props.topic);
  }

  /** Errors in proportion to calls, which single alarms on counts cannot tell. */
  private failingCalls({ calls, errors }: ShareAlarmsProps): Alarm {
    const named = (letter: string, metrics: readonly Metric[]) =>
      Object.fromEntries(metrics.map((metric, index) => [`${letter}${index}`, metric]));
    const sum = (metrics: Record<string, Metric>) => Object.keys(metrics).join('+');
    const [c, e] = [named('c', calls), named('e', errors)];
    return this.alarm('failing-share', {
      expression: `100*(${sum(e)})/(${sum(c)})`,
      metrics: { ...c, ...e },
      percent: 5,
      period: Duration.minutes(5),
      periods: 3,
      says: 'More than a twentieth of the calls on the path of an action fail.',
      chapter: 'failing-function',
    });
  }

  /** A day, since Grace acts a few times in one: the share of an hour would be of one or two. */
  private failingActions(): Alarm {
    return this.alarm('action-errors', {
      ...shareOf(ownMetric('grace_actions_failed_total'), ownMetric('grace_actions_executed_total'), 3),
      percent: 10,
      period: Duration.days(1),
      says: 'More than a tenth of the actions of the last 24 hours did not end well.',
      chapter: 'action-errors',
    });
  }

  /**
   * A rollback is Grace doing what it should; many at once are not. Three in an hour, and a quarter of what was done in it. Say
   * one action of ten is rolled back as a rule: an hour of three then has three of them once in a thousand, and an hour of twenty has
   * five once in 23; three alone it would have one time in three. Not anomaly detection: it learns from weeks of points,
   * which so few actions do not make, and takes a bad month for the rule.
   */
  private rollbacks(): Alarm {
    return this.alarm('rollback-spike', {
      ...shareOf(ownMetric('grace_rollbacks_total'), ownMetric('grace_actions_executed_total'), 3),
      percent: 25,
      isFrom: true,
      period: Duration.hours(1),
      says: 'Of the actions of the last hour at least three, and a quarter of them, were rolled back.',
      chapter: 'rollback-spike',
    });
  }

  /** What people and machines are answered; it also sees what never came to a function, or timed out in one. */
  private failingRequests(): Alarm {
    const ofStage = (metricName: string) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        dimensionsMap: { ApiName: apiName(this.deployment), Stage: API_STAGE },
        statistic: Stats.SUM,
      });
    return this.alarm('api-errors', {
      ...shareOf(ofStage('5XXError'), ofStage('Count'), 5),
      percent: 10,
      period: Duration.minutes(5),
      periods: 2,
      says: 'More than a tenth of the requests to the API have been answered with a 5xx for ten minutes.',
      chapter: 'api-errors',
    });
  }

  private alarm(name: string, share: Share): Alarm {
    const { expression, metrics, percent, isFrom = false, period, periods = 1, says, chapter } = share;
    return new Alarm(this, name, {
      alarmName: `${this.deployment}${OWN_ALARMS}${name}`,
      alarmDescription: `${says} See ${RUNBOOK}#${chapter}`,
      metric: new MathExpression({
        expression,
        usingMetrics: { ...metrics },
        period,
        label: `${name}, percent`,
      }),
      threshold: percent,
      evaluationPeriods: periods,
      comparisonOperator: isFrom
        ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Percent of `all` that are `bad`, and 0 while there are fewer than `least` bad ones. */
function shareOf(bad: Metric, all: Metric, least: number): Pick<Share, 'expression' | 'metrics'> {
  return { expression: `IF(bad >= ${least}, 100*bad/all, 0)`, metrics: { bad, all } };
}

interface Share {
  readonly expression: string;
  readonly metrics: Readonly<Record<string, IMetric>>;
  /** On above so many percent. */
  readonly percent: number;
  /** On also at exactly so many. Default false. */
  readonly isFrom?: boolean;
  /** Of every metric in it. */
  readonly period: Duration;
  readonly periods?: number;
  readonly says: string;
  readonly chapter: string;
}
