/** The state machine's executions. */
export type ExecutionStatus =
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMED_OUT'
  | 'ABORTED'
  | 'PENDING_REDRIVE';

export interface Executions {
  /** Starts the execution named by the contract. `already_exists` is a success. */
  start(contractId: string): Promise<'started' | 'already_exists'>;
  /** `undefined` = never started. */
  status(contractId: string): Promise<ExecutionStatus | undefined>;
}

/** Answers a waiting execution. Only the relay has this. */
export interface Callbacks {
  succeed(
    token: string,
    output: { readonly decision: string },
  ): Promise<'accepted' | 'timed_out' | 'does_not_exist'>;
  /** True when the execution has gone on past the approval wait (or ended). */
  isPastWait(contractId: string): Promise<boolean>;
}
