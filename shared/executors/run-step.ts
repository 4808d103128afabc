import type { Contract, LedgerStep } from '../contracts/contract';
import type { Plan } from '../contracts/plan';
import { actionNamed } from '../domain/actions';
import { targetKey } from '../domain/target';
import type { ActionPort, StepCall } from '../ports/actions';
import type { Clock } from '../ports/clock';
import type { Ledger, Reservations } from '../ports/contract-store';
import type { ControlStore } from '../ports/stores';
import { CallThrottledError } from './errors';

/** What one executor function has in hand. */
export interface StepDeps {
  readonly actions: ActionPort;
  readonly ledger: Ledger;
  readonly reservations: Reservations;
  readonly control: ControlStore;
  readonly clock: Clock;
  /** Longest time that the call and the writing of its result can take, milliseconds. */
  readonly callMs: number;
  /** Name of this executor, as actor of its writes. */
  readonly actor: string;
}

/** How a step stands after it was run. */
export type StepEnd = 'done' | 'not_sent' | 'rejected' | 'unknown';

interface Running {
  readonly contract: Contract;
  readonly plan: Plan;
  readonly step: LedgerStep;
  /** True when this very invocation wrote the INTENT, so it knows that nothing was sent yet. */
  readonly fresh: boolean;
  /** This invocation must end by then, milliseconds since 1970. */
  readonly deadline: number;
}

/**
 * Runs one step of which the INTENT is written: at most one effect, whatever is repeated.
 *
 * Fresh: kill switch, lease and time left are looked at right before the call, and the call is made
 * once. Replayed: the class of the action decides (see `docs/architecture.md`): an absolute action is looked
 * at and sent again only while the value from before still stands; a one-shot is never sent again.
 */
export async function runStep(running: Running, deps: StepDeps): Promise<StepEnd> {
  const { step, fresh } = running;
  if (step.state !== 'INTENT') return endOfState(step.state);
  if (!fresh) {
    const seen = await lookAtReplay(running, deps);
    if (seen !== 'send_again') {
      const state = seen === 'done' ? 'DONE' : 'UNKNOWN';
      return endOfState(
        (await record(running, deps, state, seen === 'done' ? 'found_done' : 'not_known')).state,
      );
    }
  }
  const obstacle = await lastLook(running, deps);
  if (obstacle !== undefined) {
    // Only the invocation that wrote the INTENT knows that nothing went out before it.
    if (!fresh) return endOfState((await record(running, deps, 'UNKNOWN', obstacle)).state);
    return endOfState((await record(running, deps, 'NOT_SENT', obstacle)).state);
  }
  const answer = await deps.actions.send(callOf(running.plan, step));
  if (answer.kind === 'rejected') {
    // Turned away at the door: a replay looks at the target and sends again.
    if (answer.code === 'THROTTLED' && isAbsolute(step)) throw new CallThrottledError(answer.message);
    // Of a call that was sent before, a refusal now says nothing.
    const state = fresh || isAbsolute(step) ? 'REJECTED' : 'UNKNOWN';
    return endOfState((await record(running, deps, state, answer.code)).state);
  }
  return endOfState((await record(running, deps, 'DONE', 'accepted')).state);
}

const endOfState = (state: LedgerStep['state']): StepEnd => {
  switch (state) {
    case 'DONE':
      return 'done';
    case 'NOT_SENT':
      return 'not_sent';
    case 'REJECTED':
      return 'rejected';
    default:
      return 'unknown';
  }
};

const isAbsolute = (step: LedgerStep): boolean => actionNamed(step.action)?.class === 'absolute';

function record(
  running: Running,
  deps: StepDeps,
  state: LedgerStep['state'],
  outcome: string,
): Promise<LedgerStep> {
  const why = { actor: deps.actor, reason: `${running.step.action} ${outcome}`, at: deps.clock.now() };
  return deps.ledger.settle(running.contract, running.step, state, outcome, why);
}

async function lookAtReplay(running: Running, deps: StepDeps): Promise<'done' | 'send_again' | 'unknown'> {
  const { plan, step } = running;
  if (!isAbsolute(step)) {
    return (await deps.actions.evidence(callOf(plan, step))) === 'yes' ? 'done' : 'unknown';
  }
  const live = await deps.actions.describe(targetOf(plan, step));
  if (live === undefined) return 'unknown';
  if (holds(step.intended, live.facts)) return 'done';
  return holds(step.prior, live.facts) ? 'send_again' : 'unknown';
}

/** A fresh one-shot that cannot look is not sent, and known not to be; a replay could never tell. */
async function lastLook(running: Running, deps: StepDeps): Promise<string | undefined> {
  if (!running.fresh || isAbsolute(running.step)) return obstacleBeforeCall(running, deps);
  try {
    return await obstacleBeforeCall(running, deps);
  } catch {
    return 'NO_LAST_LOOK';
  }
}

/** The last looks before a call; `undefined` = go. The switch never stops a rollback already owed. */
async function obstacleBeforeCall(running: Running, deps: StepDeps): Promise<string | undefined> {
  const { contract, step, deadline } = running;
  const lock = await deps.reservations.lock(step.targetKey);
  if (lock?.owner !== contract.contractId || lock.fence !== step.fence) return 'LOCK_LOST';
  if (step.direction === 'forward' && (await deps.control.switch())?.paused) return 'PAUSED';
  const now = deps.clock.now();
  if (lock.leaseUntil < now + deps.callMs) return 'LEASE_ENDS';
  if (deadline < now + deps.callMs) return 'NO_TIME_LEFT';
  return undefined;
}

export function targetOf(plan: Plan, step: Pick<LedgerStep, 'targetKey'>): Plan['targets'][number] {
  const target = plan.targets.find((candidate) => targetKey(candidate) === step.targetKey);
  if (target === undefined) throw new Error(`the plan has no target ${step.targetKey}`);
  return target;
}

export function callOf(plan: Plan, step: LedgerStep): StepCall {
  return {
    action: step.action,
    target: targetOf(plan, step),
    intended: step.intended,
    clientToken: step.clientToken,
    intentAt: step.intentAt,
  };
}

/** Whether the live facts have all the given values. */
export function holds(
  wanted: Readonly<Record<string, string | number | boolean>>,
  facts: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(wanted).every(([field, value]) => facts[field] === value);
}
