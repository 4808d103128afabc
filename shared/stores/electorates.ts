import { excludedBy, holdsAt } from '../domain/approval';
import type { Person } from '../domain/person';
import type { DelegationStore } from '../ports/approvals';
import type { Directory, Electorates } from '../ports/people';
import type { Policies } from '../ports/policy';

/**
 * Who may decide about a plan: approvers whom policies permit it, without those who asked for it, proposed it or
 * wrote its rule, and without the delegates of any of them. Nobody at all is a possible answer, and means that
 * nothing is done.
 */
export function electorates(deps: {
  readonly directory: Directory;
  readonly policies: Pick<Policies, 'decide'>;
  readonly delegations: Pick<DelegationStore, 'of'>;
  /** Subjects who are approvers of a request once it has escalated to them. */
  readonly escalation: readonly string[];
}): Electorates {
  return {
    async of(plan, now) {
      const excluded = new Set(excludedBy(plan));
      for (const subject of [...excluded]) {
        const delegation = await deps.delegations.of(subject);
        if (holdsAt(delegation, now)) excluded.add(delegation.delegate);
      }
      const permitted = async (people: readonly Person[]): Promise<string[]> => {
        const subjects: string[] = [];
        for (const person of people) {
          if (excluded.has(person.subject)) continue;
          const question = { action: 'approve', person, plan, approvedBy: 'nobody', excluded, now } as const;
          if ((await deps.policies.decide(question)).allowed) subjects.push(person.subject);
        }
        return subjects;
      };
      const eligible = await permitted(await deps.directory.withRole('approver'));
      const escalated = deps.escalation
        .filter((subject) => !eligible.includes(subject))
        .map((subject): Person => ({ subject, roles: ['approver'] }));
      return { eligible, escalation: await permitted(escalated), excluded };
    },
  };
}
