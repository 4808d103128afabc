import { PROBLEMS, type ProblemCode } from '../../shared/contracts/api/problems';
import type { Command, DecideOutput, Refusal } from '../../shared/contracts/decision';
import { type Refused, refused } from './answer';
import type { Asked } from './asked';
import type { ApiDeps } from './deps';

/** A person's command, told to the deciding function with their own token: the API decides nothing. */
export async function told(
  command: Command,
  caller: Asked<'approve'>['caller'],
  deps: ApiDeps,
): Promise<DecideOutput> {
  // The route table lets no machine in here.
  if (caller.kind !== 'person')
    return { ok: false, code: 'PERSON_REQUIRED', message: 'a person has to decide' };
  return deps.decider.decide(command, { token: caller.token });
}

/** A refusal by its own code where the API knows it; else its code stands in the detail. */
export function asProblem({ code, message }: Refusal): Refused {
  if (code === 'UNAUTHENTICATED' || code === 'NOT_FRESH') return refused('REAUTHENTICATE', message);
  if (Object.hasOwn(PROBLEMS, code)) return refused(code as ProblemCode, message);
  return refused('DECISION_REFUSED', `${code}: ${message}`);
}

/** The deciding function answered something that is no answer to what it was told. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  constructor(decision: string) {
    super(`the deciding function gave no answer to ${decision}`);
  }
}
