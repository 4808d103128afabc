import type { PlannedStep } from '../contracts/plan';
import type { Playbook } from '../contracts/playbook';
import { type ActionSpec, actionNamed } from './actions';
import type { Scalar } from './scalar';
import type { Target } from './target';

/** Why no plan was made. `code` is stored and counted, `message` is for people. */
export interface PlanRefusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}
export const refusePlan = (code: string, message: string): PlanRefusal => ({ ok: false, code, message });

export type Facts = Readonly<Record<string, Scalar>>;

export interface StepInput {
  readonly step: Playbook['steps'][number];
  readonly target: Target;
  /** As the target is when the step's turn comes: the live facts with what earlier steps set. */
  readonly facts: Facts;
  /** Evaluated. */
  readonly parameters: Facts;
}

export type StepPlanning =
  | {
      readonly ok: true;
      readonly planned: PlannedStep;
      readonly action: ActionSpec;
      readonly blastRadius: number;
      /** What the next step finds. */
      readonly facts: Facts;
    }
  | PlanRefusal;

/** Turns one step into absolute values. What the action refuses is refused with its own code. */
export function planStep({ step, target, facts, parameters }: StepInput): StepPlanning {
  const action = actionNamed(step.action);
  if (action === undefined) return refusePlan('UNKNOWN_ACTION', `there is no action ${step.action}`);
  if (action.targetKind !== target.kind) {
    return refusePlan('WRONG_TARGET_KIND', `${action.name} does not act on ${target.kind}`);
  }
  const fault = parameterFault(action, parameters) ?? factFault(action, facts);
  if (fault !== undefined) return fault;
  const resolution = action.resolve(parameters, facts);
  if (!resolution.ok) return resolution;
  const { intended, prior, blastRadius } = resolution;
  return {
    ok: true,
    action,
    blastRadius,
    facts: { ...facts, ...intended },
    planned: { id: step.id, action: action.name, target, parameters, intended, prior },
  };
}

function parameterFault(action: ActionSpec, parameters: Facts): PlanRefusal | undefined {
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(action.parameters, name));
  if (unknown !== undefined) return refusePlan('BAD_PARAMETER', `${action.name} takes no ${unknown}`);
  for (const [name, spec] of Object.entries(action.parameters)) {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      return refusePlan(
        'BAD_PARAMETER',
        `${name} must be a whole number, not ${JSON.stringify(value) ?? 'missing'}`,
      );
    }
    if (value < spec.minimum || value > spec.maximum) {
      return refusePlan(
        'BAD_PARAMETER',
        `${name} must be from ${spec.minimum} to ${spec.maximum}, not ${value}`,
      );
    }
  }
  return undefined;
}

/** An action plans by these facts; one that a look did not find is not guessed. */
function factFault(action: ActionSpec, facts: Facts): PlanRefusal | undefined {
  for (const name of action.preconditionFields) {
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (value === undefined) return refusePlan('FACT_MISSING', `the live target does not tell its ${name}`);
    if (typeof value === 'number' && (!Number.isSafeInteger(value) || value < 0)) {
      return refusePlan('FACT_INVALID', `the live target tells ${name} = ${value}`);
    }
  }
  return undefined;
}
