import type { Closer } from '../../shared/ports/contract-store';
import { ImpossibleStateError } from '../../shared/ports/errors';

export interface CloseDeps {
  readonly closer: Closer;
}

export interface CloseInput {
  readonly contractId: string;
  /** `resolved` on the way of success: any other end is then a fault of the state machine's way here. */
  readonly expected: 'resolved' | 'not_resolved';
}

/** Ends the contract as it stands. Closing twice gives the same answer. */
export async function close(
  input: CloseInput,
  deps: CloseDeps,
): Promise<{ readonly contractId: string; readonly next: string }> {
  const next = await deps.closer.close(input.contractId, 'close');
  if (input.expected === 'resolved' && next !== 'resolved') {
    throw new ImpossibleStateError(`contract ${input.contractId} was to be committed but is ${next}`);
  }
  return { contractId: input.contractId, next };
}
