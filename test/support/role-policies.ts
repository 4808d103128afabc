import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Policies } from '../../shared/ports/policy';

/** Policies that know roles only: approvers approve, `emergency` breaks the glass. Of the version that built plans name. */
export const rolePolicies: Policies = {
  version: 'policy-1',
  async decide({ action, person }) {
    const role = action === 'approve' ? 'approver' : 'emergency';
    if (action === 'execute' || person?.roles.includes(role)) return { allowed: true, policies: ['roles'] };
    return { allowed: false, code: 'NOT_PERMITTED', policies: [], detail: `needs the role ${role}` };
  },
};

/** Their text, for whoever asks. */
export const ROLES_AS_POLICIES: CompiledPolicies = {
  version: rolePolicies.version,
  schema: '{}',
  policies: [
    {
      id: 'roles',
      effect: 'permit',
      constitution: false,
      reason: 'Who has the role may.',
      file: 'policies/roles.cedar',
      text: 'permit (principal, action, resource);',
    },
  ],
};
