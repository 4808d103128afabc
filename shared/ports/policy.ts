import type { Plan } from '../contracts/plan';
import type { Person } from '../domain/person';
import type { ApprovedBy, CalendarState, PolicyRefusal } from '../domain/policy-request';

/**
 * May this plan be executed, may this person approve it, may this person break the glass for it? Tags and share are
 * the plan's own: the executor compares them with the live target right before the gate.
 */
export interface PolicyQuestion {
  readonly action: 'execute' | 'approve' | 'break_glass';
  /** Absent for `execute`: Grace itself asks. */
  readonly person?: Person;
  readonly plan: Plan;
  /** Whether people approved it; `break_glass` = one person did, in an emergency. */
  readonly approvedBy: ApprovedBy;
  /** Subjects that may not agree to it; the plan's proposer always is one. */
  readonly excluded?: Iterable<string>;
  /** Default `none`. */
  readonly calendar?: CalendarState;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type PolicyDecision =
  | { readonly allowed: true; readonly policies: readonly string[] }
  | {
      readonly allowed: false;
      readonly code: PolicyRefusal;
      /** Ids of the policies that decided. */
      readonly policies: readonly string[];
      /** For a person: the policies' own reasons, or what went wrong. */
      readonly detail: string;
    };

/** Policies as data. Never throws for a policy's own error: that is a decision, and it is no. */
export interface Policies {
  /** SHA-256 of all policies and their schema, hex. */
  readonly version: string;
  decide(question: PolicyQuestion): Promise<PolicyDecision>;
}

/** Change windows that are kept outside of Grace. */
export interface ChangeCalendars {
  /** Now, of all configured calendars: one that is closed closes. Never throws: what cannot be asked is `unknown`. */
  state(): Promise<CalendarState>;
}
