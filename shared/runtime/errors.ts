/** Faults of the runtime. */

/** Environment variables that are missing or not what they should be. Lists every one; shows no value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** The event is not what this function takes. Lists where and why; shows no value. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}
