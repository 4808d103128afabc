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
