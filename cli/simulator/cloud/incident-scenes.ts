/** Places where incidents happen: for each shipped playbook a resource, its metric, its alarm and a fault. */
import type { Vary } from './incident';
import {
  type AlarmFile,
  type CauseFile,
  type EffectFile,
  type MetricFile,
  type ResourceFile,
  WorldFile,
} from './world-file';

/** How one incident differs from its scene. */
export interface Twist {
  readonly effect?: Partial<EffectFile>;
  readonly cause?: Partial<Pick<CauseFile, 'flapping' | 'spontaneousRecovery' | 'rampSeconds'>>;
  readonly metric?: Partial<Pick<MetricFile, 'missing' | 'late' | 'levels'>>;
  readonly alarm?: { readonly treatMissingData?: 'missing' | 'notBreaching'; readonly fewer?: boolean };
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly interference?: WorldFile['interference'];
  readonly errors?: WorldFile['errors'];
}

export type Scene = (vary: Vary, twist?: Twist) => WorldFile;

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

interface Parts {
  readonly vary: Vary;
  readonly twist: Twist | undefined;
  readonly resource: { readonly kind: ResourceFile['kind']; readonly id: string } & Readonly<Record<string, unknown>>;
  readonly metric: Pick<MetricFile, 'namespace' | 'metric' | 'dimensions' | 'statistic' | 'base'> & {
    readonly sigma: number;
  };
  readonly raisesTo: number;
  readonly alarm: {
    readonly name: string;
    readonly description: string;
    readonly comparison: Extract<AlarmFile, { type: 'metric' }>['comparison'];
    readonly threshold: number;
    readonly periodSeconds: number;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
  };
  readonly effect: Pick<EffectFile, 'onAction'> & Partial<EffectFile>;
  readonly interference?: (faultAt: number) => WorldFile['interference'];
}

/** The fault begins within the first minutes; the alarm fires by itself once its points breach. */
function scene(parts: Parts): WorldFile {
  const { vary, twist = {}, metric, alarm } = parts;
  const faultAt = vary.whole(90, 420);
  const { fewer, ...alarmTwist } = twist.alarm ?? {};
  const periods = fewer ? { evaluationPeriods: 2, datapointsToAlarm: 2 } : {};
  const { sigma, ...described } = metric;
  return WorldFile.parse({
    schema: 1,
    seed: String(vary.whole(0, 1e9)),
    account: ACCOUNT,
    region: REGION,
    resources: [{ ...parts.resource, ...twist.resource }],
    metrics: [
      {
        id: 'symptom',
        ...described,
        noise: { sigma, autocorrelation: vary.number(0, 0.6) },
        ...twist.metric,
      },
    ],
    alarms: [{ type: 'metric', metric: 'symptom', ...alarm, ...periods, ...alarmTwist }],
    causes: [
      {
        id: 'fault',
        fromSeconds: faultAt,
        metrics: [{ metric: 'symptom', raisesTo: parts.raisesTo }],
        effects: [{ outcome: 'heals', afterSeconds: vary.whole(45, 100), ...parts.effect, ...twist.effect }],
        ...twist.cause,
      },
    ],
    interference: [...(parts.interference?.(faultAt) ?? []), ...(twist.interference ?? [])],
    errors: twist.errors ?? [],
    horizonSeconds: 14_400,
  });
}

const group = (vary: Vary, id: string) => ({
  kind: 'autoscaling:group' as const,
  id,
  desired: 4,
  min: 2,
  max: 12,
  launchSeconds: vary.whole(25, 60),
  inServiceLagSeconds: vary.whole(10, 30),
});

const above = (name: string, description: string, threshold: number) => ({
  name,
  description,
  comparison: 'GreaterThanThreshold' as const,
  threshold,
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
});

/** scale-out-on-latency */
export const latency: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: group(vary, 'checkout-web'),
    metric: {
      namespace: 'Shop/Checkout',
      metric: 'RequestLatency',
      dimensions: { AutoScalingGroupName: 'checkout-web' },
      statistic: 'p99',
      base: vary.number(0.3, 0.5),
      sigma: vary.number(0.03, 0.1),
    },
    raisesTo: vary.number(1.8, 3.5),
    alarm: above('checkout-latency-high', 'Checkout answers slowly (p99, seconds)', 1),
    effect: { onAction: 'aws.scale_instances' },
  });

/** scale-out-on-alb-latency */
export const albLatency: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: group(vary, 'search'),
    metric: {
      namespace: 'AWS/ApplicationELB',
      metric: 'TargetResponseTime',
      dimensions: { LoadBalancer: 'app/search/50dc6c495c0c9188' },
      statistic: 'Average',
      base: vary.number(0.15, 0.3),
      sigma: vary.number(0.03, 0.1),
    },
    raisesTo: vary.number(1.2, 2.5),
    alarm: { ...above('search-response-time', 'Search answers slowly', 0.6), evaluationPeriods: 5 },
    effect: { onAction: 'aws.scale_instances' },
  });

/** scale-out-on-cpu */
export const groupCpu: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: group(vary, 'render'),
    metric: {
      namespace: 'AWS/EC2',
      metric: 'CPUUtilization',
      dimensions: { AutoScalingGroupName: 'render' },
      statistic: 'Average',
      base: vary.number(35, 55),
      sigma: vary.number(0.02, 0.06),
    },
    raisesTo: vary.number(94, 98),
    alarm: { ...above('render-cpu-high', 'Render workers are too busy', 80), evaluationPeriods: 5 },
    effect: { onAction: 'aws.scale_instances' },
  });

/** scale-out-on-backlog */
export const backlog: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: group(vary, 'orders-workers'),
    metric: {
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: 'orders' },
      statistic: 'Maximum',
      base: vary.number(50, 200),
      sigma: vary.number(0.05, 0.15),
    },
    raisesTo: vary.number(4000, 9000),
    alarm: { ...above('orders-backlog', 'Orders wait too long', 1000), evaluationPeriods: 5 },
    effect: { onAction: 'aws.scale_instances' },
  });

/** scale-in-on-idle-cpu: the "fault" is a group that has next to nothing to do. */
export const idleCpu: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: group(vary, 'reports'),
    metric: {
      namespace: 'AWS/EC2',
      metric: 'CPUUtilization',
      dimensions: { AutoScalingGroupName: 'reports' },
      statistic: 'Average',
      base: vary.number(38, 45),
      sigma: vary.number(0.02, 0.06),
    },
    raisesTo: vary.number(4, 8),
    alarm: {
      name: 'reports-cpu-low',
      description: 'The reports group has been idle for half an hour',
      comparison: 'LessThanThreshold',
      threshold: 15,
      periodSeconds: 300,
      evaluationPeriods: 6,
      datapointsToAlarm: 6,
    },
    effect: { onAction: 'aws.scale_instances', direction: 'less', outcome: 'nothing' },
  });

const database = (vary: Vary) => ({
  kind: 'rds:instance' as const,
  id: 'orders-db',
  rebootSeconds: vary.whole(30, 90),
});

/** reboot-rds-on-connections */
export const databaseConnections: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: database(vary),
    metric: {
      namespace: 'AWS/RDS',
      metric: 'DatabaseConnections',
      dimensions: { DBInstanceIdentifier: 'orders-db' },
      statistic: 'Average',
      base: vary.number(90, 180),
      sigma: vary.number(0.03, 0.08),
    },
    raisesTo: vary.number(880, 980),
    alarm: { ...above('orders-db-connections', 'Connections are nearly exhausted', 700), evaluationPeriods: 5 },
    effect: { onAction: 'aws.rds_reboot' },
  });

/** reboot-rds-on-saturation */
export const databaseSaturation: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: database(vary),
    metric: {
      namespace: 'AWS/RDS',
      metric: 'CPUUtilization',
      dimensions: { DBInstanceIdentifier: 'orders-db' },
      statistic: 'Average',
      base: vary.number(25, 45),
      sigma: vary.number(0.02, 0.05),
    },
    raisesTo: vary.number(97, 99),
    alarm: {
      ...above('orders-db-cpu', 'The database is saturated', 85),
      evaluationPeriods: 15,
      datapointsToAlarm: 12,
    },
    effect: { onAction: 'aws.rds_reboot' },
  });

const instance = (vary: Vary) => ({
  kind: 'ec2:instance' as const,
  id: 'i-0a1b2c3d4e5f60718',
  rebootSeconds: vary.whole(60, 150),
});

/** restart-ec2-on-status-check */
export const statusCheck: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: instance(vary),
    metric: {
      namespace: 'AWS/EC2',
      metric: 'StatusCheckFailed_Instance',
      dimensions: { InstanceId: 'i-0a1b2c3d4e5f60718' },
      statistic: 'Maximum',
      base: 0,
      sigma: 0,
    },
    raisesTo: 1,
    alarm: { ...above('ledger-status-check', 'The instance check fails', 0), evaluationPeriods: 3 },
    effect: { onAction: 'aws.restart_ec2' },
    interference: (faultAt) => [
      {
        when: { atSeconds: faultAt },
        resource: 'i-0a1b2c3d4e5f60718',
        change: { set: { instance_status: 'impaired' } },
      },
    ],
  });

/** restart-ec2-on-hang: no alarm watches it; the application reports the error itself. */
export const applicationHang: Scene = (vary, twist) => {
  const world = statusCheck(vary, {
    errors: [
      {
        cause: 'fault',
        everySeconds: 60,
        error: {
          service: 'ledger',
          name: 'WorkerHangError',
          message: 'no worker has answered for 30 s',
          attributes: { instance_id: 'i-0a1b2c3d4e5f60718' },
        },
      },
    ],
    ...twist,
  });
  return { ...world, alarms: [], interference: twist?.interference ?? [] };
};
