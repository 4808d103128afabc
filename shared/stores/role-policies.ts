import type { Policies } from '../ports/policy';

/** Policies where there are none but the roles': approvers approve, `emergency` breaks the glass. */
export const rolePolicies: Policies = {
  version: 'roles',
  async decide({ action, person }) {
    const role = action === 'approve' ? 'approver' : 'emergency';
    if (action === 'execute' || person?.roles.includes(role)) return { allowed: true, policies: ['roles'] };
    return { allowed: false, code: 'NOT_PERMITTED', policies: [], detail: `needs the role ${role}` };
  },
};
