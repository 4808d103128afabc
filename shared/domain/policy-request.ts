import type { Plan } from '../contracts/plan';
import { actionNamed } from './actions';
import { environmentOf } from './environment';
import type { Person, Role } from './person';
import { secondsSinceSignIn } from './sign-in-age';
import { targetKey } from './target';

/**
 * Why policies do not let something happen. `POLICY_FORBIDS`: a policy forbids it. `CONSTITUTION`: one that nothing
 * overrides. `NOT_PERMITTED`: none permits it. `POLICY_ERROR`: it could not be decided.
 */
export const POLICY_REFUSALS = ['POLICY_FORBIDS', 'CONSTITUTION', 'NOT_PERMITTED', 'POLICY_ERROR'] as const;
export type PolicyRefusal = (typeof POLICY_REFUSALS)[number];

/** `break_glass`: one person, in an emergency, alone. */
export const APPROVED_BY = ['nobody', 'quorum', 'break_glass'] as const;
export type ApprovedBy = (typeof APPROVED_BY)[number];

/** What change calendars say of now. `none`: none is configured. `unknown`: they could not be asked. */
export const CALENDAR_STATES = ['none', 'open', 'closed', 'unknown'] as const;
export type CalendarState = (typeof CALENDAR_STATES)[number];

export const POLICY_ACTIONS = ['execute', 'approve', 'break_glass'] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/**
 * May this plan be executed, may this person approve it, may this person break the glass for it? Tags and share are
 * the plan's own: the executor compares them with the live target right before the gate.
 */
export interface PolicyQuestion {
  readonly action: PolicyAction;
  /** Absent for `execute`: Grace itself asks. */
  readonly person?: Person;
  readonly plan: Plan;
  /** Whether people approved it. */
  readonly approvedBy: ApprovedBy;
  /** Subjects that may not agree to it; the plan's proposer always is one. */
  readonly excluded?: Iterable<string>;
  /** Default `none`. */
  readonly calendar?: CalendarState;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One target as policies see it. */
export interface PolicyTarget {
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly id: string;
  /** Of its tags: see `environmentOf`. */
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Everything that a policy can speak of, in plain values. It must hold for each of the targets. */
export interface PolicyRequest {
  readonly action: PolicyAction;
  readonly person?: {
    readonly subject: string;
    readonly roles: readonly Role[];
    /** Since they last proved who they are, 0 or more; absent = not known. */
    readonly authenticatedSecondsAgo?: number;
  };
  readonly targets: readonly PolicyTarget[];
  readonly tier: number;
  readonly playbook: string;
  /** Names of the steps' actions. */
  readonly actions: readonly string[];
  /** Every step has an inverse. */
  readonly reversible: boolean;
  /** Percent of the targets that are touched, rounded up. */
  readonly share: number;
  readonly approvedBy: ApprovedBy;
  /** How many people must agree. */
  readonly quorum: number;
  readonly excluded: readonly string[];
  readonly calendar: CalendarState;
  readonly now: number;
}

/** What policies are asked, made of the frozen plan. */
export function policyRequest(question: PolicyQuestion): PolicyRequest {
  const { action, person, plan, approvedBy, now } = question;
  const signedInAgo = secondsSinceSignIn(person?.authenticatedAt, now);
  return {
    action,
    ...(person === undefined
      ? {}
      : {
          person: {
            subject: person.subject,
            roles: person.roles,
            ...(signedInAgo === undefined ? {} : { authenticatedSecondsAgo: signedInAgo }),
          },
        }),
    targets: plan.targets.map((target) => {
      const tags = plan.tags[targetKey(target)] ?? {};
      const { kind, account, region, id } = target;
      return { kind, account, region, id, environment: environmentOf(tags), tags };
    }),
    tier: plan.tier,
    playbook: plan.playbook.name,
    actions: [...new Set(plan.steps.map((step) => step.action))],
    reversible: plan.steps.every((step) => actionNamed(step.action)?.reversible === true),
    share: Math.ceil(plan.blastRadius * 100),
    approvedBy,
    quorum: plan.quorum,
    excluded: [...new Set([plan.proposer, ...(question.excluded ?? [])])],
    calendar: question.calendar ?? 'none',
    now,
  };
}
