import type { Plan } from '../contracts/plan';
import type { Person } from '../domain/person';

/** May this plan be executed, may this person approve it, may this person break the glass for it? */
export interface PolicyQuestion {
  readonly action: 'execute' | 'approve' | 'break_glass';
  /** Absent for `execute`: Grace itself asks. */
  readonly person?: Person;
  readonly plan: Plan;
  /** Tags of the plan's targets as they stand, by target key. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether people approved it; `break_glass` = one person did, in an emergency. */
  readonly approvedBy: 'nobody' | 'quorum' | 'break_glass';
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type PolicyDecision =
  | { readonly allowed: true; readonly policies: readonly string[] }
  | {
      readonly allowed: false;
      /** `FORBIDDEN`: a policy forbids it. `CONSTITUTION`: one that nothing overrides. `NOT_PERMITTED`: none permits it. */
      readonly code: 'FORBIDDEN' | 'CONSTITUTION' | 'NOT_PERMITTED' | 'POLICY_ERROR';
      /** Ids of the policies that decided. */
      readonly policies: readonly string[];
      readonly detail: string;
    };

/** Policies as data. Never throws for a policy's own error: that is a decision, and it is no. */
export interface Policies {
  /** SHA-256 of all policies and their schema, hex. */
  readonly version: string;
  decide(question: PolicyQuestion): Promise<PolicyDecision>;
}
