import type { CompiledPolicies } from '../../shared/contracts/compiled-policies';
import type { Approval, Contract } from '../../shared/contracts/contract';
import type { Refusal, RequestAnswer, RequestCommand } from '../../shared/contracts/decision';
import { approvalsOf } from '../../shared/domain/approval';
import type { Person } from '../../shared/domain/person';
import type { ApprovalStore, DelegationStore, ReviewStore } from '../../shared/ports/approvals';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Clock, Random } from '../../shared/ports/clock';
import type { ContractStore, Reason, Reservations } from '../../shared/ports/contract-store';
import type { EpochClosings } from '../../shared/ports/epoch-closings';
import type { Policies } from '../../shared/ports/policy';
import type { StandingDeps } from './standing';

export interface DecideDeps extends StandingDeps {
  readonly contracts: ContractStore;
  readonly approvals: ApprovalStore;
  readonly delegations: DelegationStore;
  readonly reviews: ReviewStore;
  readonly closings: EpochClosings;
  readonly log: Pick<AuditLog, 'head'>;
  readonly reservations: Pick<Reservations, 'unfreeze'>;
  readonly policies: Pick<Policies, 'decide'>;
  /** What `policies` decides by, as this function has loaded it. */
  readonly inForce: () => CompiledPolicies;
  readonly clock: Clock;
  readonly random: Random;
  /** How far ahead a delegation may end, seconds. */
  readonly longestDelegation: number;
  /** Tries of a write that other people's writes get ahead of. */
  readonly tries?: number;
}

/** One person's command about one request, as it stands now. */
export interface Asked {
  readonly command: RequestCommand;
  readonly person: Person;
  readonly contract: Contract;
  readonly approval: Approval;
  readonly now: number;
}

/** `again`: another write came first, so everything is looked at again. */
export type Answer = RequestAnswer | Refusal | 'again';

export const refuse = (code: string, message: string): Refusal => ({ ok: false, code, message });

/** The same for a contract that does not exist and for one that this person has no part in. */
export const notFound = (contractId: string, { subject }: Person): Refusal =>
  refuse('NOT_FOUND', `there is no request ${contractId} that ${subject} may decide`);

/**
 * Who writes, why, and when: made when everything has been looked up, since looking up takes time in which a
 * request may expire or a delegation end. Each write compares this very time.
 */
export const whyOf = ({ person, command }: Asked, { clock }: Pick<DecideDeps, 'clock'>): Reason => ({
  actor: person.subject,
  reason: command.reason,
  at: clock.now(),
});

/** How the request stands after a write. */
export function answerOf({ status, approval }: Contract): RequestAnswer {
  const approvals = approval === undefined ? 0 : approvalsOf(approval);
  return { ok: true, status, approvals, quorum: approval?.quorum ?? 0 };
}

/** What stands against a command that needs an open request; `undefined` = nothing. */
export function closedTo({ command, contract, approval, now }: Asked): Refusal | undefined {
  if (contract.status !== 'awaiting_approval') return closed(contract);
  if (command.planHash !== contract.planHash) return planChanged();
  if (approval.expiresAt <= now) return refuse('EXPIRED', 'the request has expired');
  return undefined;
}

export const closed = ({ status }: Contract): Refusal =>
  refuse('CLOSED', `the request is closed: the contract is ${status}`);
export const planChanged = (): Refusal =>
  refuse('PLAN_CHANGED', 'this is not the plan that the request is about: read it again');
export const replanning = (): Refusal =>
  refuse('REPLANNING', 'a fresh plan is being made: read the request again in a moment');
