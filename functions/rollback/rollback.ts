import { undoOf } from '../../shared/domain/ending';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore, Ledger } from '../../shared/ports/contract-store';
import { ImpossibleStateError, OvertakenError } from '../../shared/ports/errors';

export interface RollbackDeps {
  readonly contracts: ContractStore;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly executors: Readonly<Record<string, string>>;
}

export interface RollbackOutput {
  readonly contractId: string;
  readonly next: 'undo' | 'close';
  readonly executor: string;
}

/**
 * Decides what may be undone: only what the ledger says was done, only where an inverse exists. An
 * irreversible action is never claimed to be rolled back: it goes to a person.
 */
export async function rollback(
  input: { readonly contractId: string },
  deps: RollbackDeps,
): Promise<RollbackOutput> {
  const contract = await deps.contracts.get(input.contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${input.contractId}`);
  const stored = await deps.contracts.planIfReadable(contract.contractId);
  const lines = await deps.ledger.steps(contract.contractId);
  const newest = [...lines].filter((line) => line.direction === 'forward').sort((a, b) => b.n - a.n)[0];
  const action = newest?.action ?? stored?.plan.steps[0]?.action ?? '';
  const say = (next: RollbackOutput['next']): RollbackOutput => ({
    contractId: contract.contractId,
    next,
    executor: deps.executors[action] ?? '',
  });
  // What was changed by hand says nothing of what may be undone.
  if (stored?.hash !== contract.planHash) return say('close');
  if (contract.status === 'rolling_back') return say('undo');
  if (contract.status !== 'executing' && contract.status !== 'verifying') return say('close');
  if (contract.verdict === 'met') return say('close');
  if (undoOf(lines, stored.plan.undo) !== 'undo') return say('close');
  const reason =
    contract.verdict === undefined ? 'ACTION_FAILED' : `VERDICT_${contract.verdict.toUpperCase()}`;
  const moved = await deps.contracts.move(contract, 'rolling_back', {
    actor: 'rollback',
    reason,
    at: deps.clock.now(),
  });
  if (!moved.ok && moved.contract?.status === contract.status) throw new OvertakenError(contract.contractId);
  return say(moved.ok || moved.contract?.status === 'rolling_back' ? 'undo' : 'close');
}
