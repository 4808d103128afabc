/** Faults of the executors. What a service answered is a value (`CallAnswer`), not an error. */

/** The target belongs to another account or region than the client looks at: the answer would be of something else. */
export class TargetElsewhereError extends Error {
  override readonly name = 'TargetElsewhereError';
}

/** The service's answer lacks what the API promises; a guess would be acted upon. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** CloudWatch could not give the data, which is not the same as there being none. */
export class TelemetryUnavailableError extends Error {
  override readonly name = 'TelemetryUnavailableError';
}

/** The service had no time for a request that may be sent again; the state machine tries again, later. */
export class CallThrottledError extends Error {
  override readonly name = 'CallThrottledError';
}
