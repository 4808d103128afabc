import type { Contract } from '../../shared/contracts/contract';
import type { IdentityProof } from '../../shared/contracts/identity-proof';
import { identityBinding } from '../../shared/domain/caller';
import { endParts } from '../../shared/domain/end-parts';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore } from '../../shared/ports/contract-store';
import type { Callers } from '../../shared/ports/outside';

export interface DecideDeps {
  readonly contracts: ContractStore;
  readonly clock: Clock;
  /** Tries of a vote that other voters' votes get ahead of. */
  readonly tries?: number;
}

export interface DecideInput {
  readonly contractId: string;
  readonly decision: 'approve' | 'deny';
  /** Who decides, as the platform vouches for it. */
  readonly principal: string;
  readonly planHash: string;
  readonly reason: string;
}

export type DecideOutput =
  | { readonly ok: true; readonly status: string; readonly approvals: number; readonly quorum: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

const refuse = (code: string, message: string): DecideOutput => ({ ok: false, code, message });

/** A decision with the proof of who decides; the principal is what STS says of the proof. */
export async function decideAs(
  { proof, ...decision }: Omit<DecideInput, 'principal'> & { readonly proof: IdentityProof },
  deps: DecideDeps & { readonly callers: Callers },
): Promise<DecideOutput> {
  const person = await deps.callers.identify(proof, identityBinding(decision));
  if (person === undefined) {
    return refuse('UNAUTHENTICATED', 'STS does not vouch for who made this decision: sign it again');
  }
  return decide({ ...decision, principal: person.subject }, deps);
}

/**
 * One person's decision. The vote and the status that follows from the recount are one conditional write;
 * a deny closes the request, and vetoes until the gate. The same answer is given for a contract that does
 * not exist and for one that this person has no part in.
 */
export async function decide(input: DecideInput, deps: DecideDeps): Promise<DecideOutput> {
  for (let tries = deps.tries ?? 20; tries > 0; tries -= 1) {
    const contract = await deps.contracts.get(input.contractId);
    const refusal = refusalOf(contract, input, deps.clock.now());
    if (refusal !== undefined) return refusal;
    const answer =
      input.decision === 'deny'
        ? await deny(contract as Contract, input, deps)
        : await approve(contract as Contract, input, deps);
    if (answer !== 'again') return answer;
  }
  return refuse('BUSY', 'other decisions came first each time: try again');
}

function refusalOf(
  contract: Contract | undefined,
  input: DecideInput,
  now: number,
): DecideOutput | undefined {
  const approval = contract?.approval;
  if (contract === undefined || approval === undefined || !approval.eligible.includes(input.principal)) {
    return refuse('NOT_FOUND', `there is no request ${input.contractId} that ${input.principal} may decide`);
  }
  if (approval.excluded.has(input.principal)) {
    return refuse('EXCLUDED', 'whoever proposed an action cannot approve it');
  }
  const awaiting = contract.status === 'awaiting_approval';
  const vetoes = input.decision === 'deny' && contract.status === 'approved';
  if (!awaiting && !vetoes)
    return refuse('CLOSED', `the request is closed: the contract is ${contract.status}`);
  if (input.planHash !== contract.planHash) {
    return refuse('PLAN_CHANGED', 'this is not the plan that the request is about: read it again');
  }
  if (awaiting && approval.expiresAt <= now) return refuse('EXPIRED', 'the request has expired');
  if (approval.votes[input.principal] !== undefined && !vetoes)
    return refuse('ALREADY_VOTED', 'one person, one vote');
  return undefined;
}

async function approve(
  contract: Contract,
  input: DecideInput,
  deps: DecideDeps,
): Promise<DecideOutput | 'again'> {
  const approval = contract.approval as NonNullable<Contract['approval']>;
  const approvals = 1 + Object.values(approval.votes).filter((vote) => vote.decision === 'approve').length;
  const why = { actor: input.principal, reason: input.reason, at: deps.clock.now() };
  const vote = { subject: input.principal, decision: 'approve' as const, planHash: input.planHash };
  const to = approvals >= approval.quorum ? ('approved' as const) : undefined;
  const written = await deps.contracts.vote(contract, vote, to, why);
  if (!written.ok) return 'again';
  return { ok: true, status: written.contract.status, approvals, quorum: approval.quorum };
}

async function deny(
  contract: Contract,
  input: DecideInput,
  deps: DecideDeps,
): Promise<DecideOutput | 'again'> {
  const plan = (await deps.contracts.planIfReadable(contract.contractId))?.plan;
  const at = deps.clock.now();
  const parts = endParts({ contract, plan, to: 'denied', reason: 'DENIED', lines: [], at });
  const ended = await deps.contracts.end(
    contract,
    'denied',
    { actor: input.principal, reason: input.reason, at },
    {
      ...parts,
      closing: true,
      callbackDue: true,
      denial: { subject: input.principal, planHash: input.planHash },
    },
  );
  if (!ended.ok) return 'again';
  return { ok: true, status: 'denied', approvals: 0, quorum: contract.approval?.quorum ?? 0 };
}
