import type { Expectation } from '../../shared/domain/expectation';
import { extensionMs, timestamp } from '../../shared/domain/timing';
import { judge } from '../../shared/domain/verdict';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore } from '../../shared/ports/contract-store';
import { ImpossibleStateError, OvertakenError } from '../../shared/ports/errors';
import type { MeasurementStore } from '../../shared/ports/stores';

export interface VerifyDeps {
  readonly contracts: ContractStore;
  readonly measurements: MeasurementStore;
  readonly clock: Clock;
}

export interface VerifyOutput {
  readonly contractId: string;
  readonly next: 'commit' | 'look_again' | 'roll_back';
  readonly waitUntil: string;
}

/**
 * Compares what was measured with what the contract expects, and writes the verdict. An inconclusive
 * first look gets one bounded extension of the window; after that, not known counts as not met, and the
 * reason says that it was not known.
 */
export async function verify(
  input: { readonly contractId: string },
  deps: VerifyDeps,
): Promise<VerifyOutput> {
  const contract = await deps.contracts.get(input.contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${input.contractId}`);
  const say = (next: VerifyOutput['next'], until?: number): VerifyOutput => ({
    contractId: contract.contractId,
    next,
    waitUntil: timestamp(until ?? deps.clock.now()),
  });
  if (contract.status === 'resolved') return say('commit');
  if (contract.status !== 'verifying') return say('roll_back');
  if (contract.verdict !== undefined) return say(contract.verdict === 'met' ? 'commit' : 'roll_back');

  const { plan, hash } = await deps.contracts.plan(contract.contractId);
  if (hash !== contract.planHash) return say('roll_back');
  const n = contract.extended ? 1 : 0;
  const measurement = await deps.measurements.get(contract.contractId, 'after', n);
  const at = deps.clock.now();
  if (measurement === undefined) {
    // An extension was just written by an earlier call whose answer was lost: its look is still to come.
    if (contract.extended) return say('look_again', contract.lookAt);
    throw new ImpossibleStateError(`contract ${contract.contractId} was not measured`);
  }
  const judged = judge(
    plan.effect.expectations as Expectation[],
    measurement.observations,
    measurement.endsAt,
  );
  if (judged.verdict === 'inconclusive' && !contract.extended) {
    const lookAt = at + extensionMs(plan);
    const extended = await deps.contracts.amend(
      contract,
      'contract.window_extended',
      { actor: 'verify', reason: 'INCONCLUSIVE', at },
      { extended: true, lookAt },
    );
    if (!extended.ok) throw new OvertakenError(contract.contractId);
    return say('look_again', lookAt);
  }
  const reason =
    judged.verdict === 'not_met' ? `NOT_MET: ${judged.drift.join(', ')}` : judged.verdict.toUpperCase();
  const written = await deps.contracts.amend(
    contract,
    'agentic.action_verified',
    { actor: 'verify', reason: reason.slice(0, 1024), at },
    { verdict: judged.verdict, confidence: judged.confidence },
  );
  if (!written.ok) throw new OvertakenError(contract.contractId);
  return say(judged.verdict === 'met' ? 'commit' : 'roll_back');
}
