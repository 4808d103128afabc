/** Reading the errors of the SDK: what a service said, and what is not known. */

/** Error codes that mean that the request was turned away at the door, whatever the HTTP status. */
const THROTTLING: ReadonlySet<string> = new Set([
  'EC2ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** Client errors of which it is not certain that the request was not carried out, or not sent by the service at all. */
const UNCERTAIN: ReadonlySet<string> = new Set([
  '',
  'Error',
  'NotFound',
  'RequestTimeout',
  'RequestTimeoutException',
  'Unknown',
  'UnknownError',
]);

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * The service's refusal, when it is certain that nothing was done: an answer of status 4xx with the
 * service's own error code, or a throttling code of any status (EC2 throttles with 503). `undefined` for
 * everything else: time-outs, network faults, 5xx, answers of something that is not the service.
 */
export function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = statusOf(error);
  if (status === undefined) return undefined;
  if (THROTTLING.has(error.name)) return { code: 'THROTTLED', message: error.message };
  if (status < 400 || status > 499 || status === 408 || UNCERTAIN.has(error.name)) return undefined;
  return { code: error.name, message: error.message };
}

/** Whether the service answered with one of these error codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && statusOf(error) !== undefined && codes.includes(error.name);
}

/** HTTP status of the answer that the error was read from; `undefined` = there was no answer. */
function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
