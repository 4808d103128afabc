import type { LedgerStep } from '../contracts/contract';
import { sha256Hex } from '../domain/digest';
import { effective } from '../domain/ending';
import { type PerformDeps, type PerformOutput, type Running, say } from './answer';
import { holds, runStep, targetOf } from './run-step';

/**
 * Undoes the newest step that is not undone yet. It runs only while the live value is still ours: what
 * somebody else has changed since is left untouched, and a person is asked.
 */
export async function undoStep(running: Running, deps: PerformDeps): Promise<PerformOutput> {
  const { contract, stored, deadline } = running;
  if (contract.status !== 'rolling_back') return say(running, deps, 'close');
  if (stored.hash !== contract.planHash) return say(running, deps, 'close');
  const steps = await deps.ledger.steps(contract.contractId);
  const backOf = (n: number) => steps.find((step) => step.direction === 'back' && step.n === n);
  const owed = [...effective(steps)].sort((a, b) => b.n - a.n) as LedgerStep[];
  const forward = owed.find((step) => backOf(step.n)?.state !== 'DONE');
  if (forward === undefined) return say(running, deps, 'close');
  const planned = stored.plan.steps[forward.n];

  let back = backOf(forward.n);
  let fresh = false;
  if (back === undefined) {
    const live = await deps.actions.describe(targetOf(stored.plan, forward));
    const isOurs = live !== undefined && holds(forward.intended, live.facts);
    const isBefore = live !== undefined && holds(forward.prior, live.facts);
    const why = { actor: deps.actor, reason: 'ROLL_BACK', at: deps.clock.now() };
    const written = await deps.ledger.intend(contract, inverse(contract.contractId, forward), why);
    back = (await deps.ledger.steps(contract.contractId)).find(
      (step) => step.direction === 'back' && step.n === forward.n,
    );
    // The lock is not ours any more: whoever holds it now must not be disturbed.
    if (back === undefined) return say(running, deps, 'close');
    fresh = written.ok;
    if (fresh && isBefore) {
      await deps.ledger.settle(contract, back, 'DONE', 'already_as_before', why);
      return afterUndo(running, deps, owed, forward);
    }
    if (fresh && !isOurs) {
      await deps.ledger.settle(contract, back, 'NOT_SENT', 'changed_by_others', why);
      return say(running, deps, 'close', undefined, planned);
    }
  }
  const end = await runStep({ contract, plan: stored.plan, step: back, fresh, deadline }, deps);
  return end === 'done'
    ? afterUndo(running, deps, owed, forward)
    : say(running, deps, 'close', undefined, planned);
}

function afterUndo(
  running: Running,
  deps: PerformDeps,
  owed: readonly LedgerStep[],
  undone: LedgerStep,
): PerformOutput {
  const older = owed.find((step) => step.n < undone.n);
  if (older === undefined) return say(running, deps, 'close');
  return say(running, deps, 'continue', undefined, running.stored.plan.steps[older.n]);
}

/** The step back: what was intended is what is now there, what was prior is what is wanted. */
function inverse(contractId: string, forward: LedgerStep) {
  return {
    n: forward.n,
    direction: 'back' as const,
    action: forward.action,
    targetKey: forward.targetKey,
    intended: forward.prior,
    prior: forward.intended,
    fence: forward.fence,
    clientToken: sha256Hex(`${contractId}/${forward.n}/back`).slice(0, 36),
  };
}
