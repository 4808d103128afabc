import * as z from 'zod/mini';
import type { Contract } from '../contracts/contract';
import type { PlannedStep } from '../contracts/plan';
import { timestamp } from '../domain/timing';
import type { ContractStore, StoredPlan } from '../ports/contract-store';
import { ImpossibleStateError } from '../ports/errors';
import type { StepDeps } from './run-step';

export interface PerformDeps extends StepDeps {
  readonly contracts: ContractStore;
  /** How many contracts may act at once. */
  readonly poolSize: number;
  /** Action name to the executor's function, as registered. */
  readonly executors: Readonly<Record<string, string>>;
  readonly random: () => number;
}

/** What the state machine sends an executor. */
export const PerformRequest = z.object({
  contractId: z.string().check(z.minLength(1)),
  direction: z.enum(['forward', 'back']),
});

export interface PerformInput {
  readonly contractId: string;
  readonly direction: 'forward' | 'back';
  /** This invocation must end by then, milliseconds since 1970. */
  readonly deadline: number;
}

/** One word for the state machine, the executor to call next, and until when to wait (ISO 8601). */
export interface PerformOutput {
  readonly contractId: string;
  readonly next: string;
  readonly executor: string;
  readonly waitUntil: string;
}

export interface Running {
  readonly contract: Contract;
  readonly stored: StoredPlan;
  readonly deadline: number;
}

export function say(
  running: Running,
  deps: PerformDeps,
  next: string,
  waitUntil?: number,
  step?: PlannedStep,
): PerformOutput {
  const action = step ?? running.stored.plan.steps[0];
  // Of a plan that was changed by hand the action may be anything; only a next step needs somebody to do it.
  const executor = deps.executors[action?.action ?? ''] ?? '';
  if (executor === '' && next === 'continue')
    throw new ImpossibleStateError(`no executor is registered for ${action?.action}`);
  return {
    contractId: running.contract.contractId,
    next,
    executor,
    waitUntil: timestamp(waitUntil ?? deps.clock.now()),
  };
}
