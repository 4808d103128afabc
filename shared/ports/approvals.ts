import type { Delegation, Review } from '../contracts/approval-items';
import type { Contract } from '../contracts/contract';
import type { Plan } from '../contracts/plan';
import type { Voice } from '../domain/approval';
import type { MoveResult, Reason } from './contract-store';
import type { Electorate } from './people';

/** What people do about a request beside voting; each is one conditional write. */
export interface ApprovalStore {
  /** Takes one's own agreement back. Conditions: rev, awaiting approval, the voice has agreed. */
  withdraw(contract: Contract, voice: string, why: Reason): Promise<MoveResult>;
  /**
   * One person agrees in an emergency, in the place of the quorum; opens the review in the same transaction.
   * Conditions: awaiting approval, in time, same plan, not excluded, and not broken by this person within a day.
   */
  breakGlass(contract: Contract, planHash: string, why: Reason): Promise<MoveResult | TooSoon>;
  /** Half of the time has passed: those named for it become eligible. Once. */
  escalate(contract: Contract, why: Reason): Promise<MoveResult>;
  /**
   * From now on nobody can vote; the votes are cleared, and whoever asks is kept beside those who asked before.
   * Conditions: rev, awaiting approval, in time, and a delegate's delegation holds.
   */
  askReplan(contract: Contract, voice: Voice, why: Reason): Promise<MoveResult>;
  /** No fresh plan can be made: people are asked about the one that they know. */
  keepPlan(contract: Contract, why: Reason): Promise<MoveResult>;
  /** The fresh plan takes the place of the old one. Conditions: rev, awaiting approval, asked for. */
  replan(contract: Contract, fresh: FreshPlan, why: Reason): Promise<MoveResult>;
}

/** This person has broken the glass within the last 24 hours. */
export interface TooSoon {
  readonly ok: false;
  readonly code: 'too_soon';
}

export interface FreshPlan {
  readonly plan: Plan;
  readonly text: string;
  readonly planHash: string;
  /** Who is asked about it. */
  readonly electorate: Electorate;
}

/** Who speaks for whom. */
export interface DelegationStore {
  /** As it is stored, also when it has ended. */
  of(delegator: string): Promise<Delegation | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly Delegation[]>;
  /** Replaces an earlier one. `undefined` = another write came first. */
  give(delegation: GivenDelegation, why: Reason): Promise<Delegation | undefined>;
  /** `undefined` = there is none that still holds, or another write came first. */
  revoke(delegator: string, why: Reason): Promise<Delegation | undefined>;
}
export type GivenDelegation = Pick<Delegation, 'delegator' | 'delegate' | 'until'>;

/** What was done when the glass was broken, until somebody else has looked at it. */
export interface ReviewStore {
  get(contractId: string): Promise<Review | undefined>;
  /** Those that nobody has closed, oldest first. */
  open(limit: number): Promise<readonly Review[]>;
  /** `undefined` = there is none that is open. Conditions: open, and not by whoever broke the glass. */
  close(contractId: string, why: Reason): Promise<Review | undefined>;
}
