import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  type EC2Client,
  RebootInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { LiveTarget, Target } from '../../domain/target';
import type { ActionPort } from '../../ports/actions';
import { given, liveTarget, requireAccount, requireRegion } from './live-target';
import { sendOnce } from './send-once';
import { hasCode } from './service-answer';

/**
 * Facts `state`, `instance_status` and `system_status`, in EC2's words. Checks that EC2 does not report
 * count as `insufficient-data`, never as `ok`. `undefined` = no such instance (a terminated one is found
 * for about an hour).
 * @throws TargetElsewhereError, MalformedAnswerError, and faults of the service
 */
export async function describeInstance(client: EC2Client, target: Target): Promise<LiveTarget | undefined> {
  await requireRegion(client, target);
  const InstanceIds = [target.id];
  try {
    const [described, checked] = await Promise.all([
      client.send(new DescribeInstancesCommand({ InstanceIds })),
      // Without IncludeAllInstances only running ones are reported.
      client.send(new DescribeInstanceStatusCommand({ InstanceIds, IncludeAllInstances: true })),
    ]);
    const reservation = described.Reservations?.find(({ Instances }) =>
      Instances?.some(({ InstanceId }) => InstanceId === target.id),
    );
    const instance = reservation?.Instances?.find(({ InstanceId }) => InstanceId === target.id);
    if (!instance) return undefined;
    requireAccount(reservation?.OwnerId, target);
    const checks = checked.InstanceStatuses?.find(({ InstanceId }) => InstanceId === target.id);
    return liveTarget({
      target,
      tags: instance.Tags,
      facts: {
        state: given(instance.State?.Name, 'State'),
        instance_status: checks?.InstanceStatus?.Status ?? 'insufficient-data',
        system_status: checks?.SystemStatus?.Status ?? 'insufficient-data',
      },
    });
  } catch (error) {
    if (hasCode(error, 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed')) return undefined;
    throw error;
  }
}

/** `aws.restart_ec2`: RebootInstances. The client must have `oneShotOptions`. */
export function ec2Actions({ client }: { readonly client: EC2Client }): ActionPort {
  return {
    describe: (target) => describeInstance(client, target),
    send: (call) =>
      sendOnce({
        client,
        call,
        action: 'aws.restart_ec2',
        kind: 'ec2:instance',
        send: () => client.send(new RebootInstancesCommand({ InstanceIds: [call.target.id] })),
      }),
    /** A reboot changes neither the state nor the launch time; only CloudTrail, minutes later, knows of it. */
    evidence: async () => 'unknown',
  };
}
