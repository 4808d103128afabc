import {
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { oneShotOptions } from '../../shared/executors/aws/client-options';
import { describeDatabase, rdsActions } from '../../shared/executors/aws/rds-instance';
import { awsResources } from '../../shared/executors/aws/resources';
import { ACCOUNT, fakeService, NOWHERE, serviceError, stepCall, target } from '../support/aws-answers';

const client = new RDSClient({ ...NOWHERE, ...oneShotOptions() });
const service = mockClient(client);
const orders = target('rds:instance', 'orders');
const reboot = stepCall('aws.rds_reboot', orders);
const actions = rdsActions({ client });
const RESTART = 'DB instance restarted';

beforeEach(() => {
  service.reset();
  found('available');
});

function found(DBInstanceStatus: string) {
  service.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [
      {
        DBInstanceIdentifier: 'orders',
        DBInstanceArn: `arn:aws:rds:us-east-1:${ACCOUNT}:db:orders`,
        DBInstanceStatus,
        Engine: 'postgres',
        DBInstanceClass: 'db.m7g.large',
        MultiAZ: true,
        TagList: [{ Key: 'grace:managed', Value: 'true' }],
      },
    ],
  });
}

describe('a look at a database instance', () => {
  it('finds status, engine, class and standby', async () => {
    expect(await describeDatabase(client, orders)).toEqual({
      target: orders,
      managed: true,
      tags: { 'grace:managed': 'true' },
      facts: { status: 'available', engine: 'postgres', instance_class: 'db.m7g.large', multi_az: true },
    });
  });

  it('says that there is none, as the wire and as the model name it', async () => {
    for (const code of ['DBInstanceNotFound', 'DBInstanceNotFoundFault']) {
      service.on(DescribeDBInstancesCommand).rejects(serviceError(code, 404));
      expect(await describeDatabase(client, orders)).toBeUndefined();
    }
    const fake = await fakeService((response) =>
      response
        .writeHead(404)
        .end(
          '<ErrorResponse><Error><Code>DBInstanceNotFound</Code><Message>no</Message></Error></ErrorResponse>',
        ),
    );
    const live = new RDSClient({ ...NOWHERE, endpoint: fake.endpoint });
    expect(await describeDatabase(live, orders)).toBeUndefined();
    await fake.close();
  });

  it('is what the resources find by the kind of the target', async () => {
    const resources = awsResources({ rds: client, autoscaling: undefined as never, ec2: undefined as never });
    expect((await resources.describe(orders))?.facts.status).toBe('available');
  });
});

describe('a reboot', () => {
  it('is asked for once, without failover', async () => {
    service.on(RebootDBInstanceCommand).resolves({});
    expect(await actions.send(reboot)).toEqual({ kind: 'accepted' });
    expect(service.commandCalls(RebootDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([
      { DBInstanceIdentifier: 'orders' },
    ]);
  });

  it('is refused in another state', async () => {
    service.on(RebootDBInstanceCommand).rejects(serviceError('InvalidDBInstanceState', 400));
    expect(await actions.send(reboot)).toMatchObject({ kind: 'rejected', code: 'InvalidDBInstanceState' });
  });
});

describe('evidence of a reboot', () => {
  const events = (...list: readonly (readonly [secondsAfterIntent: number, message: string])[]) =>
    service.on(DescribeEventsCommand).resolves({
      Events: list.map(([seconds, Message]) => ({
        Date: new Date(reboot.intentAt + seconds * 1000),
        Message,
      })),
    });

  it('is a restart at or after the intent', async () => {
    events([0, RESTART]);
    expect(await actions.evidence(reboot)).toBe('yes');
    expect(service.commandCalls(DescribeEventsCommand)[0]?.args[0].input).toEqual({
      SourceType: 'db-instance',
      SourceIdentifier: 'orders',
      StartTime: new Date(reboot.intentAt - 60_000),
    });
  });

  it('is not a restart before it, nor another event', async () => {
    events([-1, RESTART], [5, 'Backing up DB instance'], [6, 'DB instance shutdown']);
    expect(await actions.evidence(reboot)).toBe('unknown');
  });

  it('is found on a later page', async () => {
    service
      .on(DescribeEventsCommand)
      .resolvesOnce({ Events: [], Marker: 'next' })
      .resolves({ Events: [{ Date: new Date(reboot.intentAt + 1), Message: RESTART }] });
    expect(await actions.evidence(reboot)).toBe('yes');
    expect(service.commandCalls(DescribeEventsCommand)[1]?.args[0].input.Marker).toBe('next');
  });

  it('is that it is rebooting', async () => {
    found('rebooting');
    expect(await actions.evidence(reboot)).toBe('yes');
    expect(service.commandCalls(DescribeEventsCommand)).toHaveLength(0);
  });

  it('is not made up when RDS cannot be asked', async () => {
    service.on(DescribeEventsCommand).rejects(serviceError('AccessDenied', 403));
    await expect(actions.evidence(reboot)).rejects.toThrow('AccessDenied');
  });
});
