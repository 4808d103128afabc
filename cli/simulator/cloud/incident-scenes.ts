/** Places where incidents happen: for each shipped playbook a resource, its metric, its alarm and a fault. */
import type { Vary } from './incident';
import { type Scene, scene } from './scene-builder';

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
      base: vary.number(38, 42),
      sigma: vary.number(0.02, 0.06),
    },
    raisesTo: vary.number(5, 8),
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
    alarm: {
      ...above('orders-db-connections', 'Connections are nearly exhausted', 700),
      evaluationPeriods: 5,
    },
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

/** scale-out-on-errors */
export const errorRate: Scene = (vary, twist) =>
  scene({
    vary,
    twist,
    resource: group(vary, 'basket-web'),
    metric: {
      namespace: 'Shop/Basket',
      metric: 'ErrorRate',
      dimensions: { AutoScalingGroupName: 'basket-web' },
      statistic: 'Average',
      base: vary.number(0.2, 0.6),
      sigma: vary.number(0.05, 0.15),
    },
    raisesTo: vary.number(8, 20),
    alarm: above('basket-errors-high', 'Too many requests to the basket fail (per cent)', 3),
    effect: { onAction: 'aws.scale_instances' },
  });
