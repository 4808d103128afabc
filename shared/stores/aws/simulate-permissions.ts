import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { ServicePermission } from '../../domain/actions';
import { MANAGED_TAG } from '../../names';

/** `denied_above`: by what the organization sets, not by the role's own policies. */
export interface Simulated {
  readonly action: string;
  readonly decision: 'allowed' | 'denied' | 'denied_above' | 'unanswered';
}

/**
 * Asks IAM what a role may do, each action by itself, since IAM refuses to simulate actions together that are
 * authorized by different things; on a target in the function's account and region that carries Grace's tag.
 * Nothing is called that changes anything. @throws faults of IAM
 */
export async function simulatePermissions({
  client,
  role,
  functionArn,
  permissions,
}: {
  readonly client: IAMClient;
  /** ARN of the role. */
  readonly role: string;
  readonly functionArn: string;
  readonly permissions: readonly ServicePermission[];
}): Promise<readonly Simulated[]> {
  const [, partition, , region, account] = functionArn.split(':');
  return Promise.all(
    permissions.map(async ({ action, on, tagKey }): Promise<Simulated> => {
      const { EvaluationResults } = await client.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: role,
          ActionNames: [action],
          ResourceArns: [on === undefined ? '*' : `arn:${partition}:${on[0]}:${region}:${account}:${on[1]}`],
          ...(tagKey === undefined ? {} : { ContextEntries: tagged(tagKey) }),
        }),
      );
      const result = EvaluationResults?.find(({ EvalActionName }) => EvalActionName === action);
      if (result?.EvalDecision === undefined) return { action, decision: 'unanswered' };
      if (result.EvalDecision === 'allowed') return { action, decision: 'allowed' };
      const above = result.OrganizationsDecisionDetail?.AllowedByOrganizations === false;
      return { action, decision: above ? 'denied_above' : 'denied' };
    }),
  );
}

/** The service's own key and the global one, whichever the role's policy goes by. */
function tagged(tagKey: string) {
  return [...new Set([tagKey, 'aws:ResourceTag'])].map((key) => ({
    ContextKeyName: `${key}/${MANAGED_TAG.key}`,
    ContextKeyValues: [MANAGED_TAG.value],
    ContextKeyType: 'string' as const,
  }));
}
