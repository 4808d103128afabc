import type { Approval, Contract } from '../contracts/contract';
import type { Plan } from '../contracts/plan';

/** Voices that agree. */
export function approvalsOf(approval: Pick<Approval, 'votes'>): number {
  return Object.values(approval.votes).filter(({ decision }) => decision === 'approve').length;
}

/**
 * Who has no part in the decision, whatever settings and policies say: who proposed, who asked for it, and who
 * wrote the rule. Their delegates join them where delegations are known.
 */
export function excludedBy(plan: Pick<Plan, 'proposer' | 'requestedBy' | 'authors'>): ReadonlySet<string> {
  const { proposer, requestedBy = [], authors = [] } = plan;
  return new Set([proposer, ...requestedBy, ...authors]);
}

/** A voice that a person may use: their own, or that of the one who delegated to them. */
export interface Voice {
  readonly subject: string;
  /** The delegate who speaks; absent = they do themselves. */
  readonly by?: string;
}

/** Everybody whom a voice makes party to what is said with it: whose it is, and who speaks. */
export const peopleOf = ({ subject, by }: Voice): readonly string[] =>
  by === undefined ? [subject] : [subject, by];

/** A delegation as far as power is concerned. */
interface Given {
  readonly delegate: string;
  readonly givenAt: number;
  readonly until: number;
  readonly revokedAt?: number | undefined;
}

/** Whether the delegation gives power now: to the millisecond of `until`, not at it. */
export function holdsAt(delegation: Given | undefined, now: number): delegation is Given {
  return delegation !== undefined && delegation.revokedAt === undefined && delegation.until > now;
}

/** Those who let `subject` speak for them now. */
export function delegatorsOf(
  subject: string,
  given: readonly (Given & { readonly delegator: string })[],
  now: number,
): readonly string[] {
  return given
    .filter((one) => one.delegate === subject && holdsAt(one, now))
    .map(({ delegator }) => delegator);
}

/**
 * In whose place somebody decides about a request: their own where they are eligible, else that of the first eligible
 * person who lets them; `undefined` = they are not asked.
 */
export function askedAs(
  { eligible }: Pick<Approval, 'eligible'>,
  { subject, delegators }: { readonly subject: string; readonly delegators: readonly string[] },
): string | undefined {
  return eligible.includes(subject) ? subject : eligible.find((one) => delegators.includes(one));
}

/** When those named for it join the eligible: half of the request's time. */
export function escalatesAt({ requestedAt, expiresAt }: Pick<Approval, 'requestedAt' | 'expiresAt'>): number {
  return requestedAt + Math.floor((expiresAt - requestedAt) / 2);
}

/** What is told of a vote of several people: who was asked, who took part, and what came of it. */
export interface Participation {
  readonly contractId: string;
  readonly tier: 1 | 2 | 3;
  readonly quorum: number;
  readonly eligible: number;
  readonly approvals: number;
  readonly denials: number;
  /** Share of the eligible that voted, 0 to 1. */
  readonly participation: number;
  readonly outcome: 'open' | 'approved' | 'broken_glass' | 'denied' | 'expired' | 'cancelled' | 'closed';
  readonly requestedAt: number;
  /** When the last vote came, or the request ended without one; absent while it is open without a vote. */
  readonly decidedAt?: number;
  readonly votes: readonly {
    readonly subject: string;
    readonly by?: string;
    readonly decision: 'approve' | 'deny';
    readonly at: number;
  }[];
}

/** Participation and outcome of the contract's request, from what is stored alone. `undefined` = nobody was asked. */
export function participationOf(contract: Contract): Participation | undefined {
  const { approval, contractId, tier, endedAt } = contract;
  if (approval === undefined) return undefined;
  const votes = Object.entries(approval.votes)
    .map(([subject, { by, decision, at }]) => ({
      subject,
      ...(by === undefined ? {} : { by }),
      decision,
      at,
    }))
    .sort((a, b) => a.at - b.at || (a.subject < b.subject ? -1 : 1));
  const approvals = approvalsOf(approval);
  const outcome = outcomeOf(contract, approval, approvals);
  const decidedAt = votes.at(-1)?.at ?? (outcome === 'open' ? undefined : endedAt);
  return {
    contractId,
    tier,
    quorum: approval.quorum,
    eligible: approval.eligible.length,
    approvals,
    denials: votes.length - approvals,
    participation: approval.eligible.length === 0 ? 0 : Math.min(1, votes.length / approval.eligible.length),
    outcome,
    requestedAt: approval.requestedAt,
    ...(decidedAt === undefined ? {} : { decidedAt }),
    votes,
  };
}

function outcomeOf(contract: Contract, approval: Approval, approvals: number): Participation['outcome'] {
  switch (contract.status) {
    case 'awaiting_approval':
      return 'open';
    case 'denied':
    case 'expired':
      return contract.status;
    case 'cancelled':
      // Of an approved action nothing may have been sent; that is no decision of the people asked.
      if (contract.startedAt === undefined) return 'cancelled';
      break;
    default:
  }
  if (approval.brokenBy !== undefined) return 'broken_glass';
  return approvals >= approval.quorum ? 'approved' : 'closed';
}
