/** How a state fails. A value that travels to Retry and Catch; thrown only inside the interpreter. */
import type { JsonValue } from './definition';

/**
 * `null` is what sendTaskFailure without an error or cause leaves. `terminal`: no Retry or Catch handles it,
 * the execution fails (Developer Guide, "Error names": States.Runtime "will always cause the execution to fail").
 */
export type StateFailure = {
  readonly error: string | null;
  readonly cause: string | null;
  readonly terminal: boolean;
};

/** Carries a StateFailure out of an evaluation. */
export class StateFailed extends Error {
  override readonly name = 'StateFailed';
  constructor(readonly failure: StateFailure) {
    super(`${failure.error}: ${failure.cause}`);
  }
}

export const terminal = (error: string, cause: string): StateFailed =>
  new StateFailed({ error, cause, terminal: true });

/** The value, or the failure that was thrown while computing it; every other error propagates. */
export function attempt<Value>(compute: () => Value): { value: Value } | { failure: StateFailure } {
  try {
    return { value: compute() };
  } catch (error) {
    if (error instanceof StateFailed) return { failure: error.failure };
    throw error;
  }
}

/** "Maximum input or output size for a task, state, or execution: 256 KiB of data as a UTF-8 encoded string." */
const MAX_DATA_BYTES = 262_144;

export function exceedsDataLimit(json: string): boolean {
  return (
    json.length > MAX_DATA_BYTES ||
    (json.length > MAX_DATA_BYTES / 3 && Buffer.byteLength(json) > MAX_DATA_BYTES)
  );
}

/** `what` is 'lambda' for a task's result and the state's name for a state's output, as Step Functions words it. */
export const tooLarge = (what: string): Omit<StateFailure, 'terminal'> => ({
  error: 'States.DataLimitExceeded',
  cause: `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
});

/** Throws the terminal failure States.DataLimitExceeded when the value is over 256 KiB; returns it otherwise. */
export function withinDataLimit(value: JsonValue, stateName: string): JsonValue {
  if (exceedsDataLimit(JSON.stringify(value)))
    throw new StateFailed({ ...tooLarge(stateName), terminal: true });
  return value;
}
