import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { type CloudWatchClients, cloudwatchClients } from '../../shared/executors/aws/telemetry';
import { MANAGED_TAG } from '../../shared/names';
import { assertEmulator, clientSettings, EMULATOR_REGION } from '../emulator/environment';

export interface TargetClients {
  readonly autoscaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
  readonly cloudwatch: CloudWatchClients;
  close(): void;
}

/** Tags that a target gets on top of the one that lets Grace act on it. */
export type Tags = Readonly<Record<string, string>>;

/** An alarm on one metric, which fires when the metric is over its threshold. */
export interface AlarmSpec {
  readonly name: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum';
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly threshold: number;
}

/** @throws EmulatorError `not_an_emulator`: targets are made on emulators only */
export function targetClients(endpoint: string): TargetClients {
  assertEmulator(endpoint);
  const settings = clientSettings(endpoint);
  const clients = {
    autoscaling: new AutoScalingClient(settings),
    ec2: new EC2Client(settings),
    rds: new RDSClient(settings),
    cloudwatch: cloudwatchClients(settings),
  };
  return {
    ...clients,
    close() {
      const { cloudwatch, ...others } = clients;
      for (const client of [...Object.values(others), cloudwatch.alarms, cloudwatch.cloudwatch])
        client.destroy();
    },
  };
}

/** Any image does: nothing runs on an emulator's instances. */
const IMAGE = 'ami-0123456789abcdef0';
const LAUNCH_TEMPLATE = 'grace-demo';

/** Makes a group, or leaves the one that is there as it is. */
export async function makeGroup(
  { autoscaling, ec2 }: TargetClients,
  group: { readonly name: string; readonly desired: number; readonly max: number; readonly tags?: Tags },
): Promise<void> {
  const AutoScalingGroupName = group.name;
  const found = await autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group.name] }),
  );
  if (found.AutoScalingGroups?.length) return;
  await ensureLaunchTemplate(ec2);
  await autoscaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      MinSize: 1,
      MaxSize: group.max,
      DesiredCapacity: group.desired,
      AvailabilityZones: [`${EMULATOR_REGION}a`],
      LaunchTemplate: { LaunchTemplateName: LAUNCH_TEMPLATE, Version: '$Default' },
      Tags: tagList(group.tags).map((tag) => ({ ...tag, PropagateAtLaunch: true })),
    }),
  );
  // Groups of some emulators have no instances before their capacity is set for the first time.
  await autoscaling.send(
    new SetDesiredCapacityCommand({
      AutoScalingGroupName,
      DesiredCapacity: group.desired,
      HonorCooldown: false,
    }),
  );
}

async function ensureLaunchTemplate(ec2: EC2Client): Promise<void> {
  const found = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  if (found.LaunchTemplates?.some(({ LaunchTemplateName }) => LaunchTemplateName === LAUNCH_TEMPLATE)) return;
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: LAUNCH_TEMPLATE,
      LaunchTemplateData: { ImageId: IMAGE, InstanceType: 't3.micro' },
    }),
  );
}

/** Makes an instance, or finds the running one of that name. Returns its id. */
export async function makeInstance(
  { ec2 }: TargetClients,
  instance: { readonly name: string; readonly tags?: Tags },
): Promise<string> {
  const found = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: 'tag:Name', Values: [instance.name] },
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
      ],
    }),
  );
  const existing = found.Reservations?.[0]?.Instances?.[0]?.InstanceId;
  if (existing !== undefined) return existing;
  const run = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: tagList({ Name: instance.name, ...instance.tags }) },
      ],
    }),
  );
  const id = run.Instances?.[0]?.InstanceId;
  if (id === undefined) throw new Error('RunInstances answered without an instance');
  return id;
}

/** Makes a database instance, or leaves the one that is there as it is. */
export async function makeDatabase(
  { rds }: TargetClients,
  database: { readonly name: string; readonly tags?: Tags },
): Promise<void> {
  const found = await rds.send(new DescribeDBInstancesCommand({}));
  if (found.DBInstances?.some(({ DBInstanceIdentifier }) => DBInstanceIdentifier === database.name)) return;
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: database.name,
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'grace',
      // Of a database that holds nothing, on an emulator.
      MasterUserPassword: 'emulator-only',
      Tags: tagList(database.tags),
    }),
  );
}

/** Makes the alarm, or sets it as given; its state stays. */
export async function makeAlarm({ cloudwatch }: TargetClients, alarm: AlarmSpec): Promise<void> {
  await cloudwatch.alarms.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm.name,
      AlarmDescription: 'Made by grace up for trying out',
      Namespace: alarm.namespace,
      MetricName: alarm.metric,
      Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: alarm.statistic,
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.evaluationPeriods,
      Threshold: alarm.threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      // What has no data stays as it is.
      TreatMissingData: 'ignore',
    }),
  );
}

function tagList(tags: Tags = {}): { Key: string; Value: string }[] {
  const all = { [MANAGED_TAG.key]: MANAGED_TAG.value, ...tags };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}
