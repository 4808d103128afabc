/** Time, ids and chance come in from outside, so that every run can be repeated. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Resolves after `ms` milliseconds; used only for jittered retries of a conditional write. */
  sleep(ms: number): Promise<void>;
}

export interface Ids {
  /** A new unique id of 26 characters, sortable by time (ULID alphabet). */
  next(): string;
}

/** A number in [0, 1). */
export type Random = () => number;
