import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { PoliciesAnswer } from '../../shared/contracts/decision';

/** For whoever can prove who they are: the policies that everybody is held to are no secret from anybody here. */
export function policiesInForce({ version, policies }: CompiledPolicies): PoliciesAnswer {
  return {
    ok: true,
    version,
    policies: policies.map(({ id, effect, constitution, reason, text }) => ({
      id,
      effect,
      constitution,
      reason,
      text,
    })),
  };
}
