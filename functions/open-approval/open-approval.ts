import { sha256Hex } from '../../shared/domain/digest';
import { endParts } from '../../shared/domain/end-parts';
import { targetKey } from '../../shared/domain/target';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore } from '../../shared/ports/contract-store';
import { ImpossibleStateError, OvertakenError } from '../../shared/ports/errors';
import type { TokenCipher } from '../../shared/ports/outside';
import type { Electorates } from '../../shared/ports/people';
import type { TokenStore } from '../../shared/ports/stores';

export interface OpenApprovalDeps {
  readonly contracts: ContractStore;
  readonly tokens: TokenStore;
  readonly cipher: TokenCipher;
  readonly clock: Clock;
  readonly electorates: Electorates;
}

export interface OpenApprovalInput {
  readonly contractId: string;
  readonly taskToken: string;
}

/**
 * Opens the approval request and keeps the task token, encrypted and apart. A retried wait brings a new
 * token, which is kept beside the others. A request that nobody could answer is not opened: the contract
 * is refused, and the wait is answered at once.
 */
export async function openApproval(input: OpenApprovalInput, deps: OpenApprovalDeps): Promise<void> {
  const { contractId } = input;
  const contract = await deps.contracts.get(contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${contractId}`);
  const { plan } = await deps.contracts.plan(contractId);
  const generation = contract.approval?.generation ?? 1;
  const at = deps.clock.now();
  const ciphertext = await deps.cipher.encrypt(input.taskToken, {
    contractId,
    generation: String(generation),
  });
  const name = sha256Hex(input.taskToken).slice(0, 32);
  await deps.tokens.put({ contractId, generation, name, ciphertext, at });

  if (contract.status === 'planned') {
    const { eligible, escalation, excluded } = await deps.electorates.of(plan, at);
    const [first] = plan.targets;
    if (first === undefined) throw new ImpossibleStateError(`the plan of ${contractId} has no target`);
    const approval = {
      generation,
      targetKey: targetKey(first),
      planHash: contract.planHash,
      proposer: plan.proposer,
      excluded: new Set(excluded),
      eligible: [...eligible],
      ...(escalation.length === 0 ? {} : { escalation: [...escalation] }),
      quorum: plan.quorum,
      policyVersion: plan.policyVersion,
      requestedAt: at,
      expiresAt: plan.expiresAt,
      votes: {},
      callback: { due: false },
    };
    if (eligible.length >= plan.quorum) {
      const why = { actor: 'open-approval', reason: `TIER_${contract.tier}`, at };
      const opened = await deps.contracts.openApproval(contract, approval, approval.targetKey, why);
      if (opened.ok || opened.contract?.status !== 'planned') return wakeIfDecided(contractId, deps);
      if (opened.contract.rev !== contract.rev) throw new OvertakenError(contractId);
    }
    // Either nobody could meet the quorum, or the target already waits for a decision on the same playbook.
    const reason = eligible.length >= plan.quorum ? 'JOINED' : 'NO_QUORUM_POSSIBLE';
    const parts = endParts({ contract, plan, to: 'refused', reason, lines: [], at });
    await deps.contracts.end(contract, 'refused', { actor: 'open-approval', reason, at }, parts);
    throw new RequestRefusedError(`${contractId}: ${reason}`);
  }
  if (contract.approval === undefined) throw new RequestRefusedError(`${contractId} is ${contract.status}`);
  await wakeIfDecided(contractId, deps);
}

/** Ends the wait: there is nobody to wait for. The state machine does not try it again. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
}

/** A token opened after the decision is answered at once: the callback is due again. */
async function wakeIfDecided(contractId: string, deps: OpenApprovalDeps): Promise<void> {
  const contract = await deps.contracts.get(contractId);
  if (contract?.approval === undefined || contract.status === 'awaiting_approval') return;
  if (contract.approval.callback.due && contract.approval.callback.deliveredAt === undefined) return;
  const woken = await deps.contracts.amend(
    contract,
    'approval.callback_due',
    { actor: 'open-approval', reason: 'TOKEN_AFTER_DECISION', at: deps.clock.now() },
    { approval: { ...contract.approval, callback: { due: true } } },
  );
  if (!woken.ok) throw new OvertakenError(contractId);
}
