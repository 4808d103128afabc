import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import type { LiveTarget, Target } from '../../domain/target';
import type { ActionPort } from '../../ports/actions';
import { accountOf, given, liveTarget, requireAccount, requireRegion } from './live-target';
import { notSent, sendOnce } from './send-once';

/**
 * Facts `desired_capacity`, `min_size`, `max_size` and `in_service`, all in instances; in service are
 * those that the group counts as InService and Healthy. `undefined` = no such group.
 * @throws TargetElsewhereError, MalformedAnswerError, and faults of the service
 */
export async function describeGroup(
  client: AutoScalingClient,
  target: Target,
): Promise<LiveTarget | undefined> {
  await requireRegion(client, target);
  const answer = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [target.id] }),
  );
  const group = answer.AutoScalingGroups?.find(
    ({ AutoScalingGroupName }) => AutoScalingGroupName === target.id,
  );
  if (!group) return undefined;
  requireAccount(accountOf(group.AutoScalingGroupARN), target);
  const healthy = (group.Instances ?? []).filter(
    ({ LifecycleState, HealthStatus }) =>
      LifecycleState === 'InService' && HealthStatus?.toLowerCase() === 'healthy',
  );
  return liveTarget({
    target,
    tags: group.Tags,
    facts: {
      desired_capacity: given(group.DesiredCapacity, 'DesiredCapacity'),
      min_size: given(group.MinSize, 'MinSize'),
      max_size: given(group.MaxSize, 'MaxSize'),
      in_service: healthy.length,
    },
  });
}

/**
 * `aws.scale_instances`. Cooldown is not honoured: a healing that waits for the cooldown of the scaling
 * that did not help comes too late. The client must have `oneShotOptions`.
 */
export function autoscalingActions({ client }: { readonly client: AutoScalingClient }): ActionPort {
  return {
    describe: (target) => describeGroup(client, target),
    async send(call) {
      const capacity = call.intended.desired_capacity;
      if (typeof capacity !== 'number' || !Number.isInteger(capacity) || capacity < 0) {
        return notSent('ARGUMENT', 'desired_capacity must be a whole number of instances');
      }
      return sendOnce({
        client,
        call,
        action: 'aws.scale_instances',
        kind: 'autoscaling:group',
        send: () =>
          client.send(
            new SetDesiredCapacityCommand({
              AutoScalingGroupName: call.target.id,
              DesiredCapacity: capacity,
              HonorCooldown: false,
            }),
          ),
      });
    },
    /** An absolute action: what a replay needs is the live value, not evidence. */
    evidence: async () => 'unknown',
  };
}
