import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  EC2Client,
  RebootInstancesCommand,
} from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { oneShotOptions } from '../../shared/executors/aws/client-options';
import { describeInstance, ec2Actions } from '../../shared/executors/aws/ec2-instance';
import { ACCOUNT, fakeService, NOWHERE, serviceError, stepCall, target } from '../support/aws-answers';

const client = new EC2Client({ ...NOWHERE, ...oneShotOptions() });
const service = mockClient(client);
const api = target('ec2:instance', 'i-0123456789abcdef0');
const reboot = stepCall('aws.restart_ec2', api);

beforeEach(() => service.reset());

function found(state: 'running' | 'stopped') {
  service.on(DescribeInstancesCommand).resolves({
    Reservations: [
      {
        OwnerId: ACCOUNT,
        Instances: [
          { InstanceId: api.id, State: { Name: state }, Tags: [{ Key: 'grace:managed', Value: 'true' }] },
        ],
      },
    ],
  });
}

describe('a look at an EC2 instance', () => {
  it('finds its state and both checks, also of one that does not run', async () => {
    found('running');
    service.on(DescribeInstanceStatusCommand).resolves({
      InstanceStatuses: [
        { InstanceId: api.id, InstanceStatus: { Status: 'impaired' }, SystemStatus: { Status: 'ok' } },
      ],
    });
    expect(await describeInstance(client, api)).toEqual({
      target: api,
      managed: true,
      tags: { 'grace:managed': 'true' },
      facts: { state: 'running', instance_status: 'impaired', system_status: 'ok' },
    });
    expect(service.commandCalls(DescribeInstanceStatusCommand)[0]?.args[0].input).toEqual({
      InstanceIds: [api.id],
      IncludeAllInstances: true,
    });
  });

  it('never takes a check that is not reported for a good one', async () => {
    found('running');
    service.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [] });
    expect((await describeInstance(client, api))?.facts).toEqual({
      state: 'running',
      instance_status: 'insufficient-data',
      system_status: 'insufficient-data',
    });
  });

  it('says that there is none, where there is none', async () => {
    service.on(DescribeInstancesCommand).rejects(serviceError('InvalidInstanceID.NotFound', 400));
    service.on(DescribeInstanceStatusCommand).rejects(serviceError('InvalidInstanceID.NotFound', 400));
    expect(await describeInstance(client, api)).toBeUndefined();
    service.reset();
    service.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    service.on(DescribeInstanceStatusCommand).resolves({});
    expect(await describeInstance(client, api)).toBeUndefined();
  });

  it('throws on every other fault', async () => {
    service.on(DescribeInstancesCommand).rejects(serviceError('UnauthorizedOperation', 403));
    service.on(DescribeInstanceStatusCommand).resolves({});
    await expect(describeInstance(client, api)).rejects.toThrow('UnauthorizedOperation');
  });
});

describe('a reboot', () => {
  it('is asked for once, and leaves no evidence', async () => {
    service.on(RebootInstancesCommand).resolves({});
    expect(await ec2Actions({ client }).send(reboot)).toEqual({ kind: 'accepted' });
    expect(service.calls().map(({ args }) => args[0].input)).toEqual([{ InstanceIds: [api.id] }]);
    expect(await ec2Actions({ client }).evidence(reboot)).toBe('unknown');
  });

  it.each([
    ['IncorrectInstanceState', 400, 'IncorrectInstanceState'],
    ['UnauthorizedOperation', 403, 'UnauthorizedOperation'],
    ['DryRunOperation', 412, 'DryRunOperation'],
    ['RequestLimitExceeded', 503, 'THROTTLED'],
  ])('%s (%i) is a refusal', async (code, status, said) => {
    service.on(RebootInstancesCommand).rejects(serviceError(code, status));
    expect(await ec2Actions({ client }).send(reboot)).toMatchObject({ kind: 'rejected', code: said });
  });
});

describe('on the wire', () => {
  const xmlError = (code: string) =>
    `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`;

  it.each([
    ['InternalError', 500],
    ['Unavailable', 503],
  ])('%s (%i) is sent once and thrown', async (code, status) => {
    const fake = await fakeService((response) => response.writeHead(status).end(xmlError(code)));
    try {
      const live = new EC2Client({ ...NOWHERE, ...oneShotOptions(), endpoint: fake.endpoint });
      await expect(ec2Actions({ client: live }).send(reboot)).rejects.toMatchObject({ name: code });
      expect(fake.requests).toHaveLength(1);
    } finally {
      await fake.close();
    }
  });

  it.each([
    ['RequestLimitExceeded', 503, 'THROTTLED'],
    ['IncorrectInstanceState', 400, 'IncorrectInstanceState'],
  ])('%s (%i) is sent once and a refusal', async (code, status, said) => {
    const fake = await fakeService((response) => response.writeHead(status).end(xmlError(code)));
    try {
      const live = new EC2Client({ ...NOWHERE, ...oneShotOptions(), endpoint: fake.endpoint });
      expect(await ec2Actions({ client: live }).send(reboot)).toMatchObject({ kind: 'rejected', code: said });
      expect(fake.requests).toHaveLength(1);
      // A connection that is kept may be dead at the next call, whose fate would then be unknown.
      expect(fake.requests[0]?.headers.connection).toBe('close');
    } finally {
      await fake.close();
    }
  });

  it('a service that takes the request and does not answer is given up at the time-out, and thrown', async () => {
    const fake = await fakeService(() => undefined);
    try {
      const { requestHandler, ...options } = oneShotOptions();
      const live = new EC2Client({
        ...NOWHERE,
        ...options,
        requestHandler: { ...requestHandler, requestTimeout: 100 },
        endpoint: fake.endpoint,
      });
      await expect(ec2Actions({ client: live }).send(reboot)).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(fake.requests).toHaveLength(1);
    } finally {
      await fake.close();
    }
  });
});
