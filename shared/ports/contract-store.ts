import type { Approval, Contract, LedgerStep, PolicyVerdict } from '../contracts/contract';
import type { Outcome } from '../contracts/outcome';
import type { Plan } from '../contracts/plan';
import type { Status } from '../domain/transitions';

/** Who moves a contract, and why. */
export interface Reason {
  readonly actor: string;
  /** A code such as `BUDGET`, or a person's words on a vote. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `moved_on`: somebody else's write came first; `contract` is how it stands now. */
export type MoveResult =
  | { readonly ok: true; readonly contract: Contract }
  | { readonly ok: false; readonly code: 'moved_on'; readonly contract: Contract | undefined };

export interface StoredPlan {
  readonly text: string;
  readonly plan: Plan;
  /** Hash of the text as it stands in the store, computed now. */
  readonly hash: string;
}

/** What a contract holds, to be given back when it ends. */
export interface Held {
  readonly targetKey: string;
  readonly cooldownUntil: number;
}

export interface ContractStore {
  get(contractId: string): Promise<Contract | undefined>;
  /** Throws `PlanUnreadableError` when the stored text is no plan (changed by hand). */
  plan(contractId: string): Promise<StoredPlan>;
  /** The same where ending the contract must not depend on it. `undefined` = the stored text is no plan. */
  planIfReadable(contractId: string): Promise<StoredPlan | undefined>;
  /** The whole story of a contract: every item of its partition. */
  story(contractId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Contracts that have not ended, or whose decision has not been delivered; oldest first. */
  open(limit: number): Promise<readonly string[]>;
  /** Newest first. */
  list(limit: number): Promise<readonly string[]>;
  /** A move that decides by what it read: conditioned on the contract's rev and on the transition table. */
  move(contract: Contract, to: Status, why: Reason, patch?: ContractPatch): Promise<MoveResult>;
  /** A change that leaves the status as it is. */
  amend(contract: Contract, event: string, why: Reason, patch: ContractPatch): Promise<MoveResult>;
  openApproval(
    contract: Contract,
    approval: Approval,
    waitingTargetKey: string,
    why: Reason,
  ): Promise<MoveResult>;
  /**
   * Writes a vote and the status that results from the recount. Conditions: rev, awaiting approval, not
   * expired, same plan hash, no fresh plan being made, voter not excluded, has not voted; of a delegate also that
   * the delegation still holds.
   */
  vote(
    contract: Contract,
    vote: { subject: string; decision: 'approve'; planHash: string; by?: string },
    to: Status | undefined,
    why: Reason,
  ): Promise<MoveResult>;
  /**
   * Ends a contract: status, outcome, locks given back or frozen, pool place given back, in one transaction.
   * `held`: locks to give back, where they are still this contract's.
   */
  end(contract: Contract, to: Status, why: Reason, parts: EndParts): Promise<MoveResult>;
}

export type ContractPatch = Partial<
  Pick<
    Contract,
    'tier' | 'reason' | 'policy' | 'approval' | 'startedAt' | 'lookAt' | 'extended' | 'verdict' | 'confidence'
  >
>;

export interface EndParts {
  readonly outcome: Omit<Outcome, 'pk' | 'sk' | 'schemaVersion' | 'rev' | 'change'>;
  readonly held: readonly Held[];
  /** What policies said, where that ends it. */
  readonly policy?: PolicyVerdict;
  /** `needs_person` freezes instead of giving back. */
  readonly waiting?: { readonly targetKey: string; readonly playbook: string };
  /** Not conditioned on rev: a closing move (deny, cancel, expire) that voters cannot starve. */
  readonly closing?: boolean;
  /** Name of the event, where it is not that of the status. */
  readonly event?: string;
  /** A decision that the waiting execution must be told. */
  readonly callbackDue?: boolean;
  /** For a deny: the vote to record. */
  readonly denial?: { readonly subject: string; readonly planHash: string; readonly by?: string };
}

/** The step ledger, the locks, the pool and the gate: what the executor needs. */
export interface Reservations {
  takePool(contractId: string, size: number): Promise<'taken' | 'full'>;
  /** Every take has a fence that no other take of this target had. */
  takeLock(targetKey: string, contractId: string, now: number, leaseUntil: number): Promise<LockResult>;
  /** How the target's lock stands. */
  lock(targetKey: string): Promise<LockState | undefined>;
  /** `false` = it is not this contract's any more, or was taken again under another fence. */
  releaseLock(lock: TakenLock & Held, contractId: string): Promise<boolean>;
  releasePool(contractId: string): Promise<void>;
  poolHolders(): Promise<readonly string[]>;
  /** A person lets a target go. Condition: it is this contract that froze it. */
  unfreeze(frozen: { readonly targetKey: string; readonly frozenBy: string }, why: Reason): Promise<boolean>;
  waiting(
    targetKey: string,
    playbook: string,
  ): Promise<{ readonly contractId: string; readonly missionId: string } | undefined>;
  isBudgetLeft(playbook: string, max: number, seconds: number, now: number): Promise<boolean>;
}

export interface TakenLock {
  readonly targetKey: string;
  readonly fence: number;
}
export interface LockState {
  readonly owner: string | undefined;
  readonly leaseUntil: number;
  readonly cooldownUntil: number;
  readonly fence: number;
  readonly frozenBy: string | undefined;
}
export type LockResult =
  | { readonly ok: true; readonly fence: number }
  | { readonly ok: false; readonly code: 'FROZEN' | 'BUSY' | 'COOLDOWN'; readonly until: number };

export interface Ledger {
  steps(contractId: string): Promise<readonly LedgerStep[]>;
  /**
   * The gate, the budget, the first INTENT and the check of the locks, in one transaction.
   * `code` names what did not let it through.
   */
  gate(input: GateInput): Promise<GateResult>;
  /** A later step's INTENT, or an undo's: the contract is as it was read and the lock is still mine. */
  intend(contract: Contract, step: NewStep, why: Reason): Promise<{ readonly ok: boolean }>;
  settle(
    contract: Contract,
    step: LedgerStep,
    state: LedgerStep['state'],
    outcome: string,
    why: Reason,
  ): Promise<LedgerStep>;
}

export type NewStep = Pick<
  LedgerStep,
  'n' | 'direction' | 'action' | 'targetKey' | 'intended' | 'prior' | 'fence' | 'clientToken'
>;

export interface GateInput {
  readonly contract: Contract;
  /** Hash of what is about to run, computed now from the stored plan. */
  readonly planHash: string;
  readonly step: NewStep;
  readonly locks: readonly TakenLock[];
  readonly budget: { readonly playbook: string; readonly max: number; readonly seconds: number };
  readonly why: Reason;
}
export type GateResult =
  | { readonly ok: true; readonly contract: Contract; readonly step: LedgerStep }
  | {
      readonly ok: false;
      readonly code:
        | 'NOT_APPROVED'
        | 'PLAN_CHANGED'
        | 'EXECUTE_BY_PASSED'
        | 'BUDGET'
        | 'LOCK_LOST'
        | 'ALREADY_INTENDED';
      readonly contract: Contract | undefined;
    };

export interface Closer {
  /**
   * Ends the contract as its status, its verdict and its ledger say: outcome, locks and pool place in one
   * transaction. A contract that has ended already is left as it is. Returns how it ended.
   */
  close(contractId: string, actor: string): Promise<Status>;
}

export interface OutcomeReader {
  outcome(contractId: string): Promise<Outcome | undefined>;
}
