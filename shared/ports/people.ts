import type { Plan } from '../contracts/plan';
import type { Person, Role } from '../domain/person';

/** Who may be asked, and what they are now: membership is looked up at each write, not taken from a token. */
export interface Directory {
  /** Everybody who has the role, as far as the deployment can know. */
  withRole(role: Role): Promise<readonly Person[]>;
  /** `undefined` = not known here, or not any more. */
  person(subject: string): Promise<Person | undefined>;
}

/** Who is asked about a plan, and who is not, whatever they are. */
export interface Electorate {
  readonly eligible: readonly string[];
  /** Become eligible when half of the time has passed. */
  readonly escalation: readonly string[];
  readonly excluded: ReadonlySet<string>;
}

export interface Electorates {
  of(plan: Plan, now: number): Promise<Electorate>;
}
