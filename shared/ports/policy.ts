import type { CalendarState, PolicyQuestion, PolicyRefusal } from '../domain/policy-request';

export type PolicyDecision =
  | { readonly allowed: true; readonly policies: readonly string[] }
  | {
      readonly allowed: false;
      readonly code: PolicyRefusal;
      /** Ids of the policies that decided; none for `NOT_PERMITTED`. */
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
