import {
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  type RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import type { LiveTarget, Target } from '../../domain/target';
import type { ActionPort, StepCall } from '../../ports/actions';
import { accountOf, given, liveTarget, requireAccount, requireRegion } from './live-target';
import { sendOnce } from './send-once';
import { hasCode } from './service-answer';

/** How far our clock may be ahead of what RDS searches by, in milliseconds. */
const CLOCK_ALLOWANCE = 60_000;
/** RDS-EVENT-0006, "DB instance restarted". */
const RESTARTED = /\brestarted\b/i;

/**
 * Facts `status`, `engine`, `instance_class` and `multi_az`, as RDS reports them. `undefined` = no such
 * database instance.
 * @throws TargetElsewhereError, MalformedAnswerError, and faults of the service
 */
export async function describeDatabase(client: RDSClient, target: Target): Promise<LiveTarget | undefined> {
  await requireRegion(client, target);
  try {
    const answer = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: target.id }));
    const database = answer.DBInstances?.[0];
    if (!database) return undefined;
    requireAccount(accountOf(database.DBInstanceArn), target);
    return liveTarget({
      target,
      tags: database.TagList,
      facts: {
        status: given(database.DBInstanceStatus, 'DBInstanceStatus'),
        engine: given(database.Engine, 'Engine'),
        instance_class: given(database.DBInstanceClass, 'DBInstanceClass'),
        multi_az: database.MultiAZ ?? false,
      },
    });
  } catch (error) {
    // The wire code, and the name that the SDK's model gives it.
    if (hasCode(error, 'DBInstanceNotFound', 'DBInstanceNotFoundFault')) return undefined;
    throw error;
  }
}

/** `aws.rds_reboot`: RebootDBInstance, without failover. The client must have `oneShotOptions`. */
export function rdsActions({ client }: { readonly client: RDSClient }): ActionPort {
  return {
    describe: (target) => describeDatabase(client, target),
    send: (call) =>
      sendOnce({
        client,
        call,
        action: 'aws.rds_reboot',
        kind: 'rds:instance',
        send: () => client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: call.target.id })),
      }),
    evidence: (call) => restartSince(client, call),
  };
}

/**
 * `yes`: it is rebooting (the plan required it to be available when we asked), or RDS recorded a restart
 * at or after the INTENT. A restart by somebody else in that time counts too: what matters is that
 * sending again would be a second one.
 */
async function restartSince(client: RDSClient, call: StepCall): Promise<'yes' | 'unknown'> {
  const live = await describeDatabase(client, call.target);
  if (live?.facts.status === 'rebooting') return 'yes';
  let marker: string | undefined;
  do {
    const page = await client.send(
      new DescribeEventsCommand({
        SourceType: 'db-instance',
        SourceIdentifier: call.target.id,
        StartTime: new Date(call.intentAt - CLOCK_ALLOWANCE),
        ...(marker ? { Marker: marker } : {}),
      }),
    );
    const found = page.Events?.some(
      ({ Date: at, Message }) => at && at.getTime() >= call.intentAt && RESTARTED.test(Message ?? ''),
    );
    if (found) return 'yes';
    marker = page.Marker;
  } while (marker);
  return 'unknown';
}
