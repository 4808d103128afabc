/** Every fault of the interpreter's own. Failures of an execution are values: see failure.ts. */

/**
 * The definition uses something this interpreter does not implement, or that Step Functions would reject.
 * Thrown when the definition is loaded, never while it runs.
 */
export class AslNotSupportedError extends Error {
  override readonly name = 'AslNotSupportedError';
  /** `stateName` is undefined for a field of the machine itself; `field` is a path such as `Retry[0].BackoffRate`. */
  constructor(
    readonly stateName: string | undefined,
    readonly field: string,
    reason: string,
  ) {
    super(`${stateName === undefined ? 'state machine' : `state '${stateName}'`}, field ${field}: ${reason}`);
  }
}

/** The name is taken by an execution that is closed, or that runs with another input. */
export class ExecutionAlreadyExistsError extends Error {
  override readonly name = 'ExecutionAlreadyExists';
}

export class ExecutionDoesNotExistError extends Error {
  override readonly name = 'ExecutionDoesNotExist';
}

/** 1 to 80 characters, none of white space, wildcards, brackets, control or the characters "#%\^|~`$&,;:/ . */
export class InvalidNameError extends Error {
  override readonly name = 'InvalidName';
}

/** Not JSON, or over 256 KiB. */
export class InvalidExecutionInputError extends Error {
  override readonly name = 'InvalidExecutionInput';
}

/** The output given to sendTaskSuccess is not JSON, or over 256 KiB. */
export class InvalidOutputError extends Error {
  override readonly name = 'InvalidOutput';
}
