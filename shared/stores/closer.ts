import { endParts } from '../domain/end-parts';
import { endOf } from '../domain/ending';
import type { Expectation } from '../domain/expectation';
import { isEnd, type Status } from '../domain/transitions';
import { judge } from '../domain/verdict';
import type { Clock } from '../ports/clock';
import type { Closer, ContractStore, Ledger } from '../ports/contract-store';
import { ImpossibleStateError } from '../ports/errors';
import type { MeasurementStore } from '../ports/stores';

/** Writes of others that may come first before closing gives up. */
const TRIES = 5;

/** Ends contracts as their status, verdict and ledger say; used by close, and by the reaper for what was left. */
export function closer(deps: {
  readonly contracts: ContractStore;
  readonly ledger: Ledger;
  readonly measurements: MeasurementStore;
  readonly clock: Clock;
}): Closer {
  /** One try; `undefined` = another write came first. */
  const once = async (contractId: string, actor: string): Promise<Status | undefined> => {
    const contract = await deps.contracts.get(contractId);
    if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${contractId}`);
    if (isEnd(contract.status)) return contract.status;
    const stored = await deps.contracts.planIfReadable(contractId);
    // A plan that is not the one that was hashed says nothing: neither what was expected nor what is held.
    const plan = stored?.hash === contract.planHash ? stored.plan : undefined;
    const lines = await deps.ledger.steps(contractId);
    const isBeforeGate = contract.status === 'planned' || contract.status === 'approved';
    const end =
      plan === undefined && isBeforeGate
        ? { to: 'refused' as const, reason: 'PLAN_CHANGED' }
        : endOf({ status: contract.status, verdict: contract.verdict, lines });
    if (end === undefined) return contract.status;
    const measurement = await deps.measurements.get(contractId, 'after', contract.extended ? 1 : 0);
    const fields =
      plan === undefined || measurement === undefined
        ? []
        : judge(plan.effect.expectations as Expectation[], measurement.observations, measurement.endsAt)
            .fields;
    const at = deps.clock.now();
    const parts = endParts({ contract, plan, to: end.to, reason: end.reason, lines, fields, at });
    const ended = await deps.contracts.end(contract, end.to, { actor, reason: end.reason, at }, parts);
    return ended.ok ? end.to : undefined;
  };

  return {
    async close(contractId, actor) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const status = await once(contractId, actor);
        if (status !== undefined) return status;
      }
      throw new ImpossibleStateError(
        `contract ${contractId} could not be closed: other writes came first each time`,
      );
    },
  };
}
