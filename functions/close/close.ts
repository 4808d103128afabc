import { endParts } from '../../shared/domain/end-parts';
import { endOf } from '../../shared/domain/ending';
import type { Expectation } from '../../shared/domain/expectation';
import { isEnd } from '../../shared/domain/transitions';
import { judge } from '../../shared/domain/verdict';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore, Ledger } from '../../shared/ports/contract-store';
import { ImpossibleStateError } from '../../shared/ports/errors';
import type { MeasurementStore } from '../../shared/ports/stores';

export interface CloseDeps {
  readonly contracts: ContractStore;
  readonly ledger: Ledger;
  readonly measurements: MeasurementStore;
  readonly clock: Clock;
}

export interface CloseInput {
  readonly contractId: string;
  /** `resolved` on the way of success: any other end is then a fault of the state machine's way here. */
  readonly expected: 'resolved' | 'not_resolved';
}

/**
 * Ends the contract as its status, its verdict and its ledger say: outcome, locks and pool place in one
 * transaction. Closing twice gives the same answer.
 */
export async function close(
  input: CloseInput,
  deps: CloseDeps,
): Promise<{ readonly contractId: string; readonly next: string }> {
  for (let tries = 0; tries < 5; tries += 1) {
    const next = await closeOnce(input.contractId, 'close', deps);
    if (next === undefined) continue;
    if (input.expected === 'resolved' && next !== 'resolved') {
      throw new ImpossibleStateError(`contract ${input.contractId} was to be committed but is ${next}`);
    }
    return { contractId: input.contractId, next };
  }
  throw new ImpossibleStateError(
    `contract ${input.contractId} could not be closed: other writes came first each time`,
  );
}

/** One try; `undefined` = another write came first. Also the reaper's way of ending what was left. */
export async function closeOnce(
  contractId: string,
  actor: string,
  deps: CloseDeps,
): Promise<string | undefined> {
  const contract = await deps.contracts.get(contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${contractId}`);
  if (isEnd(contract.status)) return contract.status;
  const stored = await deps.contracts.plan(contractId);
  const lines = await deps.ledger.steps(contractId);
  const end = endOf({ status: contract.status, verdict: contract.verdict, lines });
  if (end === undefined) return contract.status;
  const measurement = await deps.measurements.get(contractId, 'after', contract.extended ? 1 : 0);
  const judged =
    measurement === undefined
      ? undefined
      : judge(stored.plan.effect.expectations as Expectation[], measurement.observations, measurement.endsAt);
  const at = deps.clock.now();
  const parts = endParts({
    contract,
    plan: stored.plan,
    to: end.to,
    reason: end.reason,
    lines,
    ...(judged === undefined ? {} : { fields: judged.fields }),
    at,
  });
  const ended = await deps.contracts.end(contract, end.to, { actor, reason: end.reason, at }, parts);
  return ended.ok ? end.to : undefined;
}
