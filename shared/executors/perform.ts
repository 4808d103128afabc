import { isDeepStrictEqual } from 'node:util';
import type { Contract, LedgerStep } from '../contracts/contract';
import type { Plan, PlannedStep } from '../contracts/plan';
import { sha256Hex } from '../domain/digest';
import { endParts } from '../domain/end-parts';
import { ownTags, targetKey } from '../domain/target';
import { leaseMs, timestamp } from '../domain/timing';
import type { Status } from '../domain/transitions';
import type { TakenLock } from '../ports/contract-store';
import { ImpossibleStateError, OvertakenError } from '../ports/errors';
import { type PerformDeps, type PerformInput, type PerformOutput, type Running, say } from './answer';
import { holds, runStep } from './run-step';
import { undoStep } from './undo';

/** The whole of an executor function: forward (lock, look, gate, call) or back (undo). */
export async function perform(input: PerformInput, deps: PerformDeps): Promise<PerformOutput> {
  const contract = await deps.contracts.get(input.contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${input.contractId}`);
  const stored = await deps.contracts.planIfReadable(input.contractId);
  if (stored === undefined) return refuseUnreadable(contract, deps);
  const running = { contract, stored, deadline: input.deadline };
  if (input.direction === 'back') return undoStep(running, deps);
  switch (contract.status) {
    case 'approved':
      return begin(running, deps);
    case 'executing':
      // Past the gate the plan holds just as before it: of another one, nothing more is done.
      return stored.hash === contract.planHash ? resume(running, deps) : say(running, deps, 'roll_back');
    case 'verifying':
      return say(running, deps, 'measure', contract.lookAt);
    case 'rolling_back':
      return say(running, deps, 'roll_back');
    default:
      return say(running, deps, contract.status === 'needs_person' ? 'roll_back' : contract.status);
  }
}

/** From approved: nothing has been sent, so whatever stands in the way ends the contract or waits its turn. */
async function begin(running: Running, deps: PerformDeps): Promise<PerformOutput> {
  const { contract, stored } = running;
  const { plan } = stored;
  const now = deps.clock.now();
  if (contract.executeBy <= now) return refuse(running, deps, 'stale', 'EXECUTE_BY_PASSED');
  if (stored.hash !== contract.planHash) return refuse(running, deps, 'refused', 'PLAN_CHANGED');
  if ((await deps.control.switch())?.paused) return refuse(running, deps, 'refused', 'PAUSED');

  if ((await deps.reservations.takePool(contract.contractId, deps.poolSize)) === 'full') {
    return waitForTurn(running, deps, now + 60_000);
  }
  const leaseUntil = now + leaseMs(plan);
  const locks: TakenLock[] = [];
  for (const key of plan.targets.map(targetKey).sort()) {
    const lock = await deps.reservations.takeLock(key, contract.contractId, now, leaseUntil);
    if (lock.ok) {
      locks.push({ targetKey: key, fence: lock.fence });
      continue;
    }
    if (lock.code === 'BUSY') {
      await giveBack(running, deps, locks);
      return waitForTurn(running, deps, lock.until);
    }
    return refuse(running, deps, 'refused', lock.code, locks);
  }

  const live = await lookAtTargets(plan, deps);
  if (live !== undefined) return refuse(running, deps, live.to, live.reason, locks);

  const step = plan.steps[0] as PlannedStep;
  const fence = locks.find((lock) => lock.targetKey === targetKey(step.target))?.fence ?? 0;
  const gate = await deps.ledger.gate({
    contract,
    planHash: stored.hash,
    step: newStep(contract, step, 0, fence),
    locks,
    budget: { playbook: contract.playbook, max: plan.limits.budgetMax, seconds: plan.limits.budgetSeconds },
    why: { actor: deps.actor, reason: 'GATE_PASSED', at: deps.clock.now() },
  });
  if (gate.ok) return carryOn({ ...running, contract: gate.contract }, deps, [gate.step], gate.step);
  switch (gate.code) {
    case 'BUDGET':
    case 'PLAN_CHANGED':
      return refuse(running, deps, 'refused', gate.code, locks);
    case 'EXECUTE_BY_PASSED':
      return refuse(running, deps, 'stale', gate.code, locks);
    default:
      return afterLosing(running, deps, locks);
  }
}

/** Another write came first (a deny, a repeat of this call): how the contract stands now decides. */
async function afterLosing(
  running: Running,
  deps: PerformDeps,
  locks: readonly TakenLock[],
): Promise<PerformOutput> {
  const now = await deps.contracts.get(running.contract.contractId);
  if (now === undefined) throw new ImpossibleStateError(`contract ${running.contract.contractId} is gone`);
  const next = { ...running, contract: now };
  if (now.status === 'executing') return resume(next, deps);
  if (now.status === 'verifying') return say(next, deps, 'measure', now.lookAt);
  if (now.status === 'approved') {
    await giveBack(next, deps, locks);
    return waitForTurn(next, deps, deps.clock.now() + 5000);
  }
  await giveBack(next, deps, locks);
  return say(next, deps, now.status);
}

/** An earlier invocation passed the gate: its ledger says how far it came. */
async function resume(running: Running, deps: PerformDeps): Promise<PerformOutput> {
  const steps = await deps.ledger.steps(running.contract.contractId);
  return carryOn(running, deps, steps, undefined);
}

/** Runs the first step that is not done. `fresh`: the INTENT that this invocation has just written. */
async function carryOn(
  running: Running,
  deps: PerformDeps,
  steps: readonly LedgerStep[],
  fresh: LedgerStep | undefined,
): Promise<PerformOutput> {
  const { contract, stored, deadline } = running;
  const forward = steps.filter((step) => step.direction === 'forward');
  const n = forward.findIndex((step) => step.state !== 'DONE');
  const index = n === -1 ? forward.length : n;
  const planned = stored.plan.steps[index];
  if (planned === undefined) return finish(running, deps);
  let entry = forward[index];
  let isFresh = entry !== undefined && entry === fresh;
  if (entry === undefined) {
    const fence = forward[index - 1]?.fence ?? 0;
    const intent = newStep(contract, planned, index, fence);
    const why = { actor: deps.actor, reason: 'NEXT_STEP', at: deps.clock.now() };
    const written = await deps.ledger.intend(contract, intent, why);
    entry = (await deps.ledger.steps(contract.contractId)).find(
      (step) => step.n === index && step.direction === 'forward',
    );
    if (entry === undefined) return say(running, deps, 'roll_back');
    isFresh = written.ok;
  }
  const end = await runStep({ contract, plan: stored.plan, step: entry, fresh: isFresh, deadline }, deps);
  if (end !== 'done') return say(running, deps, 'roll_back');
  const following = stored.plan.steps[index + 1];
  return following === undefined
    ? finish(running, deps)
    : say(running, deps, 'continue', undefined, following);
}

/** Everything is sent: from now on it is the effect that counts. */
async function finish(running: Running, deps: PerformDeps): Promise<PerformOutput> {
  const { contract, stored } = running;
  const now = deps.clock.now();
  const lookAt = now + stored.plan.effect.windowSeconds * 1000;
  const moved = await deps.contracts.move(
    contract,
    'verifying',
    { actor: deps.actor, reason: 'ACTION_DONE', at: now },
    { lookAt },
  );
  if (moved.ok) return say({ ...running, contract: moved.contract }, deps, 'measure', lookAt);
  if (moved.contract?.status === 'executing') throw new OvertakenError(contract.contractId);
  return say(
    running,
    deps,
    moved.contract?.status === 'verifying' ? 'measure' : 'roll_back',
    moved.contract?.lookAt,
  );
}

/** Compares the live targets with what was planned. `undefined` = as planned. */
async function lookAtTargets(
  plan: Plan,
  deps: PerformDeps,
): Promise<{ to: 'stale' | 'refused'; reason: string } | undefined> {
  for (const target of plan.targets) {
    const live = await deps.actions.describe(target);
    if (live === undefined) return { to: 'stale', reason: 'TARGET_GONE' };
    if (!live.managed) return { to: 'refused', reason: 'NOT_MANAGED' };
    // Policies decided by the plan's tags; by others they might have decided otherwise.
    if (!isDeepStrictEqual(plan.tags[targetKey(target)], ownTags(live.tags)))
      return { to: 'stale', reason: 'TAGS_CHANGED' };
    if (!holds(plan.preconditions[targetKey(target)] ?? {}, live.facts))
      return { to: 'stale', reason: 'TARGET_DRIFTED' };
  }
  return undefined;
}

/** Ends a contract of which nothing was sent, giving back lock and pool place in the same write. */
async function refuse(
  running: Running,
  deps: PerformDeps,
  to: Status,
  reason: string,
  locks: readonly TakenLock[] = [],
): Promise<PerformOutput> {
  const { contract, stored } = running;
  const at = deps.clock.now();
  const parts = endParts({ contract, plan: stored.plan, to, reason, lines: [], at });
  const ended = await deps.contracts.end(contract, to, { actor: deps.actor, reason, at }, parts);
  if (ended.ok) return say(running, deps, to);
  return afterLosing(running, deps, locks);
}

/** The stored text is no plan: nothing is known of what was approved. */
async function refuseUnreadable(contract: Contract, deps: PerformDeps): Promise<PerformOutput> {
  const { contractId, status } = contract;
  const at = deps.clock.now();
  const output = { contractId, next: 'roll_back', executor: '', waitUntil: timestamp(at) };
  if (status !== 'approved') return output;
  const reason = 'PLAN_CHANGED';
  const parts = endParts({ contract, plan: undefined, to: 'refused', reason, lines: [], at });
  const ended = await deps.contracts.end(contract, 'refused', { actor: deps.actor, reason, at }, parts);
  if (!ended.ok) throw new OvertakenError(contractId);
  return { ...output, next: 'refused' };
}

async function waitForTurn(running: Running, deps: PerformDeps, until: number): Promise<PerformOutput> {
  const now = deps.clock.now();
  const wanted = Math.min(until, now + 20_000) + Math.floor(deps.random() * 10_000);
  return say(running, deps, 'wait', Math.min(Math.max(wanted, now + 1000), running.contract.executeBy));
}

/**
 * Gives back what this invocation took. A lock that was taken again meanwhile, by another invocation of this
 * contract, stays that one's, and so does the place in the pool.
 */
async function giveBack(running: Running, deps: PerformDeps, locks: readonly TakenLock[]): Promise<void> {
  const { contractId } = running.contract;
  let isMine = true;
  for (const lock of locks) {
    isMine = (await deps.reservations.releaseLock({ ...lock, cooldownUntil: 0 }, contractId)) && isMine;
  }
  if (isMine) await deps.reservations.releasePool(contractId);
}

function newStep(contract: Contract, step: PlannedStep, n: number, fence: number) {
  return {
    n,
    direction: 'forward' as const,
    action: step.action,
    targetKey: targetKey(step.target),
    intended: step.intended,
    prior: step.prior,
    fence,
    // Services take tokens of 32 to 64 characters; the same for every replay of this step.
    clientToken: sha256Hex(`${contract.contractId}/${n}/forward`).slice(0, 36),
  };
}
