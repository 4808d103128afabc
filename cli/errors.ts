/** Errors of the command line. `message` is one line for the person who typed it. */

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the command is about is not there: exit code 2. */
export class NothingThereError extends Error {
  override readonly name = 'NothingThereError';
}

/** What is there cannot be used: exit code 1. */
export class UnusableError extends Error {
  override readonly name = 'UnusableError';
}
