import { ArnFormat, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmRule,
  AlarmState,
  CompositeAlarm,
  Dashboard,
  GraphWidget,
  Metric,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnArchive } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Settings } from '../shared/contracts/settings';
import { FUNCTIONS, METRIC_NAMESPACE } from '../shared/names';
import { alarmTopic } from './constructs/alarm-topic';
import { OWN_ALARMS, ownMetric } from './constructs/alarms';
import { functionName } from './constructs/grace-function';
import { meshName } from './constructs/mesh';
import { ShareAlarms } from './constructs/share-alarms';
import type { GraceStack } from './grace-stack';

export interface OperationsStackProps extends StackProps {
  /** Settings as validated. */
  readonly settings: Settings;
  /** The stack that is watched; it is deployed first. */
  readonly grace: GraceStack;
}

/** What is deployed on AWS only, since emulators do not take it: archive, alarms on alarms, dashboard. */
export class OperationsStack extends Stack {
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, { settings, grace, ...props }: OperationsStackProps) {
    super(scope, id, {
      stackName: `${settings.deployment}-operations`,
      description: 'Grace: event archive, composite alarms, dashboard',
      ...props,
    });
    this.settings = settings;
    this.addStackDependency(grace);
    this.archive();
    const topic = alarmTopic(this, settings);
    const shares = new ShareAlarms(this, 'Shares', {
      deployment: settings.deployment,
      topic,
      calls: this.lambdaMetrics('Invocations', Stats.SUM),
      errors: this.lambdaMetrics('Errors', Stats.SUM),
    });
    this.summary(grace.alarms.names, shares.ofGrace, topic);
    this.dashboard();
  }

  /** Every event of the mesh, so that it can be replayed. */
  private archive(): void {
    new CfnArchive(this, 'Archive', {
      archiveName: `${this.settings.deployment}-mesh`,
      description: 'All events of the Trigger Mesh',
      retentionDays: this.settings.retention.archiveDays,
      sourceArn: this.formatArn({
        service: 'events',
        resource: 'event-bus',
        resourceName: meshName(this.settings.deployment),
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
  }

  /** One alarm to subscribe a person to. */
  private summary(names: readonly string[], shares: readonly Alarm[], topic: ITopic | undefined): void {
    const unwell = new CompositeAlarm(this, 'Unwell', {
      compositeAlarmName: `${this.settings.deployment}${OWN_ALARMS}unwell`,
      alarmDescription:
        'Something of Grace itself is broken: one of its alarms is on. See docs/operations.md#unwell',
      alarmRule: AlarmRule.anyOf(
        ...shares.map((share) => AlarmRule.fromAlarm(share, AlarmState.ALARM)),
        ...names.map((name) => AlarmRule.fromString(`ALARM("${name}")`)),
      ),
    });
    if (topic === undefined) return;
    const hears = new SnsAction(topic);
    unwell.addAlarmAction(hears);
    unwell.addOkAction(hears);
  }

  private dashboard(): void {
    const graph = (title: string, left: readonly Metric[]) =>
      new GraphWidget({ title, left: [...left], width: 12 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: this.settings.deployment,
      widgets: [
        [
          new TextWidget({
            markdown: `# Grace: ${this.settings.deployment}\nWhat to do: docs/operations.md. Own metrics: namespace ${METRIC_NAMESPACE}.`,
            width: 24,
            height: 2,
          }),
        ],
        [
          graph('Actions: sent, failed, rolled back', [
            ownMetric('grace_actions_executed_total', 60),
            ownMetric('grace_actions_failed_total', 60),
            ownMetric('grace_rollbacks_total', 60),
          ]),
          graph('Confidence of verdicts: least, average', [
            ownMetric('grace_action_confidence', 60, Stats.MINIMUM),
            ownMetric('grace_action_confidence', 60, Stats.AVERAGE),
          ]),
        ],
        [
          graph('Calls', this.lambdaMetrics('Invocations', Stats.SUM)),
          graph('Errors', this.lambdaMetrics('Errors', Stats.SUM)),
        ],
        [
          graph('Duration, p95', this.lambdaMetrics('Duration', Stats.p(95))),
          graph('Behind the stream', [
            this.lambdaMetric(FUNCTIONS.meshPublisher, 'IteratorAge', Stats.MAXIMUM),
            this.lambdaMetric(FUNCTIONS.auditSequencer, 'IteratorAge', Stats.MAXIMUM),
          ]),
        ],
      ],
    });
  }

  /** One metric of the functions on the path of every action; ten is what one alarm's expression takes. */
  private lambdaMetrics(name: string, statistic: string): readonly Metric[] {
    return [FUNCTIONS.sentinel, FUNCTIONS.admit, FUNCTIONS.benchmark, FUNCTIONS.verify, FUNCTIONS.close].map(
      (each) => this.lambdaMetric(each, name, statistic),
    );
  }

  private lambdaMetric(
    name: Parameters<typeof functionName>[1],
    metricName: string,
    statistic: string,
  ): Metric {
    return new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      statistic,
      period: Duration.minutes(5),
      dimensionsMap: { FunctionName: functionName(this.settings.deployment, name) },
    });
  }
}
