import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeleteAlarmsCommand, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLaunchTemplateCommand, DeleteLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { MANAGED_TAG, SCENARIO_TAG } from '../../shared/names';
import { removeAll } from './emulator-load';
import { HELPS, IN_VAIN, type LiveLoad } from './live-load';

const CAPACITY = 8;
const THRESHOLD = 1;
const PERIOD_SECONDS = 60;
const IMAGE = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const NAMESPACE = 'Grace/Scenario';
const METRIC = 'RequestLatency';

/** What a person is told before anything costs anything. */
export const costOf = (iterations: number): string =>
  `This makes ${iterations} Auto Scaling groups of ${CAPACITY} t4g.nano instances and an alarm each in this account, tagged grace:scenario=true, and removes them again. It takes up to 45 minutes.`;

/**
 * Load on AWS: groups and alarms of its own, and a metric of its own that recovers once the group has really
 * grown. The alarms are CloudWatch's, and so are their events; the playbook is the shipped scale-out-on-latency.
 */
export function awsLoad({ region }: { readonly region: string }): LiveLoad {
  const autoscaling = new AutoScalingClient({});
  const ec2 = new EC2Client({});
  const { alarms, cloudwatch } = cloudwatchClients({});
  const made: { readonly what: string; remove(): Promise<unknown> }[] = [];
  const watched: { readonly id: string; readonly cured: boolean; grown: boolean }[] = [];
  const Tags = [MANAGED_TAG, SCENARIO_TAG].map(({ key, value }) => ({ Key: key, Value: value }));

  async function pump(): Promise<void> {
    const names = watched.map(({ id }) => id);
    if (names.length === 0) return;
    const { AutoScalingGroups = [] } = await autoscaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: names.slice(0, 50) }),
    );
    for (const each of watched) {
      const group = AutoScalingGroups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === each.id);
      each.grown ||= (group?.DesiredCapacity ?? CAPACITY) > CAPACITY;
    }
    const MetricData = watched.map(({ id, cured, grown }) => ({
      MetricName: METRIC,
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: id }],
      Value: cured && grown ? THRESHOLD / 2 : THRESHOLD * 2,
    }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData }));
  }
  // A point that could not be sent is missing data for the alarm; the next one is tried all the same.
  const missed = (error: unknown) => console.error(`the load's metric could not be sent: ${String(error)}`);
  const timer = setInterval(() => pump().catch(missed), (PERIOD_SECONDS * 1000) / 3);

  async function makeGroup(name: string): Promise<void> {
    const LaunchTemplateName = name;
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName,
        LaunchTemplateData: { ImageId: IMAGE, InstanceType: 't4g.nano' },
        TagSpecifications: [{ ResourceType: 'launch-template', Tags }],
      }),
    );
    made.push({
      what: `launch template ${name}`,
      remove: () => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName })),
    });
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: 1,
        MaxSize: CAPACITY + 4,
        DesiredCapacity: CAPACITY,
        AvailabilityZones: [`${region}a`],
        LaunchTemplate: { LaunchTemplateName, Version: '$Default' },
        Tags: Tags.map((tag) => ({ ...tag, PropagateAtLaunch: true })),
      }),
    );
    made.push({
      what: `group ${name}`,
      remove: () =>
        autoscaling.send(
          new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }),
        ),
    });
  }

  return {
    notice: 'The metric is published by this command; groups, alarms and events are AWS’s own.',
    incidents: [HELPS, IN_VAIN].map((incident) => ({
      ...incident,
      // The shipped playbook has its budget; what it refuses is refused rightly.
      ends: [...incident.ends, 'refused' as const],
    })),
    playbooks: [],
    longestMs: 45 * 60_000,
    async begin({ cure }, name) {
      await makeGroup(name);
      await alarms.send(
        new PutMetricAlarmCommand({
          AlarmName: name,
          Namespace: NAMESPACE,
          MetricName: METRIC,
          Dimensions: [{ Name: 'AutoScalingGroupName', Value: name }],
          Statistic: 'Average',
          Period: PERIOD_SECONDS,
          EvaluationPeriods: 3,
          Threshold: THRESHOLD,
          ComparisonOperator: 'GreaterThanThreshold',
          Tags,
        }),
      );
      made.push({
        what: `alarm ${name}`,
        remove: () => alarms.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
      });
      watched.push({ id: name, cured: cure === 'effect', grown: false });
      return name;
    },
    async remove() {
      clearInterval(timer);
      const left = await removeAll(made);
      for (const client of [autoscaling, ec2, alarms, cloudwatch]) client.destroy();
      return left;
    },
  };
}
