import type { Contract } from '../../shared/contracts/contract';
import { escalatesAt } from '../../shared/domain/approval';
import { endParts } from '../../shared/domain/end-parts';
import { targetKey } from '../../shared/domain/target';
import { isEnd } from '../../shared/domain/transitions';
import type { ApprovalStore } from '../../shared/ports/approvals';
import type { Clock } from '../../shared/ports/clock';
import type { Closer, ContractStore, Reservations } from '../../shared/ports/contract-store';
import type { Executions } from '../../shared/ports/executions';
import type { Logger, Metrics } from '../../shared/ports/outside';

export interface ReaperDeps {
  readonly contracts: ContractStore;
  readonly approvals: Pick<ApprovalStore, 'escalate'>;
  readonly reservations: Reservations;
  readonly closer: Closer;
  readonly executions: Executions;
  /** Asks the relay to deliver a decision (its queue). */
  wakeRelay(contractId: string): Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface Sweep {
  readonly looked: number;
  readonly expired: number;
  readonly escalated: number;
  readonly restarted: number;
  readonly closed: number;
  readonly woken: number;
  readonly released: number;
  /** Contracts whose turn failed; the next sweep tries them again. */
  readonly failed: number;
}

const MINUTE = 60_000;
/** A planned contract whose execution did not start is started again, and given up after this. */
const START_AGAIN_AFTER = 2 * MINUTE;
const GIVE_UP_AFTER = 15 * MINUTE;
/** A decision is given to its own event first. */
const WAKE_AFTER = 30_000;
const SWEEP_LIMIT = 500;

/**
 * The backstop behind every other ending: expires requests, wakes executions whose callback was lost,
 * starts what was planned and never started, ends contracts whose execution is over, and frees what
 * ended contracts still hold. One contract's trouble does not keep it from the others.
 */
export async function reap(deps: ReaperDeps): Promise<Sweep> {
  const counts = {
    looked: 0,
    expired: 0,
    escalated: 0,
    restarted: 0,
    closed: 0,
    woken: 0,
    released: 0,
    failed: 0,
  };
  for (const contractId of await deps.contracts.open(SWEEP_LIMIT)) {
    counts.looked += 1;
    await guarded(contractId, counts, deps, async () => {
      const contract = await deps.contracts.get(contractId);
      if (contract === undefined) return;
      const done = await reapOne(contract, deps);
      if (done !== undefined) counts[done] += 1;
    });
  }
  for (const contractId of await deps.reservations.poolHolders()) {
    await guarded(contractId, counts, deps, async () => {
      if (await releaseEnded(contractId, deps)) counts.released += 1;
    });
  }
  deps.metrics.record('grace_open_contracts', counts.looked, 'Count', {});
  return counts;
}

async function guarded(
  contractId: string,
  counts: { failed: number },
  deps: ReaperDeps,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    counts.failed += 1;
    deps.logger.error('contract could not be reaped', {
      code: 'REAP_FAILED',
      contractId,
      error: String(error),
    });
    deps.metrics.count('grace_reap_failures_total', {});
  }
}

async function reapOne(
  contract: Contract,
  deps: ReaperDeps,
): Promise<'expired' | 'escalated' | 'restarted' | 'closed' | 'woken' | undefined> {
  const now = deps.clock.now();
  const { contractId } = contract;
  if (contract.status === 'awaiting_approval' && (contract.approval?.expiresAt ?? 0) <= now) {
    return (await expire(contract, deps)) ? 'expired' : undefined;
  }
  if (contract.status === 'awaiting_approval' && (await escalate(contract, deps))) return 'escalated';
  const { callback } = contract.approval ?? {};
  if (callback?.due && callback.deliveredAt === undefined && contract.change.at + WAKE_AFTER <= now) {
    await deps.wakeRelay(contractId);
    if (isEnd(contract.status)) return 'woken';
  }
  if (isEnd(contract.status)) return undefined;

  const execution = await deps.executions.status(contractId);
  if (execution === undefined) {
    if (contract.createdAt + GIVE_UP_AFTER <= now) {
      await deps.closer.close(contractId, 'reaper');
      return 'closed';
    }
    if (contract.createdAt + START_AGAIN_AFTER > now) return undefined;
    await deps.executions.start(contractId);
    return 'restarted';
  }
  if (execution === 'RUNNING') return undefined;
  // The execution is over and the contract is not: nobody else will end it.
  await deps.closer.close(contractId, 'reaper');
  return 'closed';
}

/** Half of the time has passed and nobody has decided: once, whoever is named for that is asked too. */
async function escalate(contract: Contract, deps: ReaperDeps): Promise<boolean> {
  const { approval } = contract;
  const at = deps.clock.now();
  if (approval === undefined || approval.escalatedAt !== undefined || escalatesAt(approval) > at)
    return false;
  const why = { actor: 'reaper', reason: 'HALF_OF_THE_TIME', at };
  return (await deps.approvals.escalate(contract, why)).ok;
}

/** The expiry is this conditional write; it is delivered like any decision. */
async function expire(contract: Contract, deps: ReaperDeps): Promise<boolean> {
  const plan = (await deps.contracts.planIfReadable(contract.contractId))?.plan;
  const at = deps.clock.now();
  const parts = endParts({ contract, plan, to: 'expired', reason: 'NOBODY_DECIDED', lines: [], at });
  const ended = await deps.contracts.end(
    contract,
    'expired',
    { actor: 'reaper', reason: 'NOBODY_DECIDED', at },
    { ...parts, closing: true, callbackDue: true },
  );
  return ended.ok;
}

/** Whatever holds a place in the pool may hold locks; both are freed when its contract has ended. */
async function releaseEnded(contractId: string, deps: ReaperDeps): Promise<boolean> {
  const contract = await deps.contracts.get(contractId);
  if (contract !== undefined && !isEnd(contract.status)) return false;
  if (contract !== undefined) {
    const plan = (await deps.contracts.planIfReadable(contractId))?.plan;
    for (const target of plan?.targets ?? []) {
      const key = targetKey(target);
      const lock = await deps.reservations.lock(key);
      if (lock?.owner !== contractId) continue;
      await deps.reservations.releaseLock(
        { targetKey: key, fence: lock.fence, cooldownUntil: 0 },
        contractId,
      );
    }
  }
  await deps.reservations.releasePool(contractId);
  return true;
}
