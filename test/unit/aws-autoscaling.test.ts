import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { mockClient } from 'aws-sdk-client-mock';
import { autoscalingActions, describeGroup } from '../../shared/executors/aws/autoscaling-group';
import { oneShotOptions } from '../../shared/executors/aws/client-options';
import { ACCOUNT, NOWHERE, networkError, serviceError, stepCall, target } from '../support/aws-answers';

const client = new AutoScalingClient({ ...NOWHERE, ...oneShotOptions() });
const service = mockClient(client);
const web = target('autoscaling:group', 'web');
const actions = autoscalingActions({ client });
const toFour = stepCall('aws.scale_instances', web, { desired_capacity: 4 });

const group = (more: object = {}) => ({
  AutoScalingGroupName: 'web',
  AutoScalingGroupARN: `arn:aws:autoscaling:us-east-1:${ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/web`,
  DesiredCapacity: 3,
  MinSize: 1,
  MaxSize: 6,
  DefaultCooldown: 300,
  AvailabilityZones: ['us-east-1a'],
  HealthCheckType: 'EC2',
  CreatedTime: new Date(0),
  Instances: [],
  ...more,
});
const instance = (LifecycleState: string, HealthStatus: string) => ({
  InstanceId: 'i-1',
  AvailabilityZone: 'us-east-1a',
  LifecycleState: LifecycleState as 'InService',
  HealthStatus,
  ProtectedFromScaleIn: false,
});

beforeEach(() => service.reset());

describe('a look at an Auto Scaling group', () => {
  it('finds the sizes, and counts as in service only those that are InService and Healthy', async () => {
    service.on(DescribeAutoScalingGroupsCommand).resolves({
      AutoScalingGroups: [
        group({
          Instances: [
            instance('InService', 'Healthy'),
            instance('InService', 'Unhealthy'),
            instance('Pending', 'Healthy'),
            instance('Terminating', 'Healthy'),
          ],
          Tags: [
            { Key: 'grace:managed', Value: 'true' },
            { Key: 'team', Value: 'shop' },
          ],
        }),
      ],
    });
    expect(await describeGroup(client, web)).toEqual({
      target: web,
      managed: true,
      tags: { 'grace:managed': 'true', team: 'shop' },
      facts: { desired_capacity: 3, min_size: 1, max_size: 6, in_service: 1 },
    });
  });

  it.each([
    ['no tag', []],
    ['another value', [{ Key: 'grace:managed', Value: 'True' }]],
    ['another case of the key', [{ Key: 'Grace:Managed', Value: 'true' }]],
  ])('is not managed with %s', async (_what, Tags) => {
    service.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group({ Tags })] });
    expect((await describeGroup(client, web))?.managed).toBe(false);
  });

  it('says that there is none, where there is none', async () => {
    service.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    expect(await describeGroup(client, web)).toBeUndefined();
  });

  it('throws on a fault, a half answer, and a group of the same name elsewhere', async () => {
    service.on(DescribeAutoScalingGroupsCommand).rejectsOnce(serviceError('AccessDenied', 403));
    await expect(describeGroup(client, web)).rejects.toThrow('AccessDenied');

    service
      .on(DescribeAutoScalingGroupsCommand)
      .resolves({ AutoScalingGroups: [group({ MaxSize: undefined })] });
    await expect(describeGroup(client, web)).rejects.toMatchObject({ name: 'MalformedAnswerError' });

    service.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group()] });
    await expect(describeGroup(client, { ...web, account: '999999999999' })).rejects.toMatchObject({
      name: 'TargetElsewhereError',
    });
    await expect(describeGroup(client, { ...web, region: 'eu-west-1' })).rejects.toMatchObject({
      name: 'TargetElsewhereError',
    });
  });
});

describe('scaling', () => {
  it('sets the capacity once, without waiting for the cooldown', async () => {
    service.on(SetDesiredCapacityCommand).resolves({});
    expect(await actions.send(toFour)).toEqual({ kind: 'accepted' });
    expect(service.commandCalls(SetDesiredCapacityCommand).map(({ args }) => args[0].input)).toEqual([
      { AutoScalingGroupName: 'web', DesiredCapacity: 4, HonorCooldown: false },
    ]);
  });

  it.each([
    ['ValidationError', 400, 'ValidationError'],
    ['ScalingActivityInProgress', 400, 'ScalingActivityInProgress'],
    ['ScalingActivityInProgressFault', 400, 'ScalingActivityInProgressFault'],
    ['AccessDenied', 403, 'AccessDenied'],
    ['Throttling', 400, 'THROTTLED'],
    ['ThrottlingException', 429, 'THROTTLED'],
  ])('%s (%i) is a refusal: nothing happened', async (code, status, said) => {
    service.on(SetDesiredCapacityCommand).rejects(serviceError(code, status));
    expect(await actions.send(toFour)).toMatchObject({ kind: 'rejected', code: said });
    expect(service.commandCalls(SetDesiredCapacityCommand)).toHaveLength(1);
  });

  it.each([
    ['an internal failure', serviceError('InternalFailure', 500)],
    ['a service that is not there', serviceError('ServiceUnavailable', 503)],
    ['a request that timed out at the service', serviceError('RequestTimeout', 400)],
    ['a 4xx without a code of the service', serviceError('Unknown', 403)],
    ['no answer', networkError()],
    ['a broken connection', networkError('ECONNRESET')],
  ])('of %s it is not known what happened', async (_what, error) => {
    service.on(SetDesiredCapacityCommand).rejects(error);
    await expect(actions.send(toFour)).rejects.toBe(error);
    expect(service.commandCalls(SetDesiredCapacityCommand)).toHaveLength(1);
  });

  it.each([
    ['ACTION', stepCall('aws.restart_ec2', web, { desired_capacity: 4 })],
    ['TARGET', stepCall('aws.scale_instances', target('ec2:instance', 'i-1'), { desired_capacity: 4 })],
    ['REGION', stepCall('aws.scale_instances', { ...web, region: 'eu-west-1' }, { desired_capacity: 4 })],
    ['ARGUMENT', stepCall('aws.scale_instances', web, {})],
    ['ARGUMENT', stepCall('aws.scale_instances', web, { desired_capacity: -1 })],
    ['ARGUMENT', stepCall('aws.scale_instances', web, { desired_capacity: 1.5 })],
  ])('sends nothing that is not its own (%s)', async (what, call) => {
    expect(await actions.send(call)).toMatchObject({ kind: 'rejected', code: `NOT_SENT_${what}` });
    expect(service.calls()).toHaveLength(0);
  });

  it('sends nothing by a client that would send again', async () => {
    const retrying = new AutoScalingClient(NOWHERE);
    const calls = mockClient(retrying);
    expect(await autoscalingActions({ client: retrying }).send(toFour)).toMatchObject({
      kind: 'rejected',
      code: 'NOT_SENT_RETRIES',
    });
    expect(calls.calls()).toHaveLength(0);
  });
});
