/** How an error thrown by a function reaches Step Functions. Source: Lambda Developer Guide, "Node.js errors". */
import type { StateFailure } from './failure';

/** The service's own errors, which have a plain sentence as their cause. */
const SERVICE_ERROR = /^(Lambda|Sandbox)\./;

/**
 * The error name is the thrown error's `name`; the cause is JSON {errorType, errorMessage, trace}, with an empty
 * trace (file names would differ between machines). Name an error `Lambda.ServiceException`,
 * `Lambda.TooManyRequestsException`, `Sandbox.Timedout` … to simulate the service's own failures.
 */
export function lambdaFailure(thrown: unknown): StateFailure {
  if (!isErrorLike(thrown)) return failure(typeof thrown, String(thrown));
  if (thrown.name.startsWith('States.'))
    throw new Error(`a function must not throw an error named '${thrown.name}'`, { cause: thrown });
  if (SERVICE_ERROR.test(thrown.name)) return { error: thrown.name, cause: thrown.message, terminal: false };
  return failure(thrown.name, thrown.message);
}

const failure = (errorType: string, errorMessage: string): StateFailure => ({
  error: errorType,
  cause: JSON.stringify({ errorType, errorMessage, trace: [] }),
  terminal: false,
});

const isErrorLike = (value: unknown): value is { name: string; message: string } =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  'message' in value &&
  typeof value.name === 'string' &&
  typeof value.message === 'string';
