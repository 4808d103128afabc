/** An execution, its history, and what may be added to it. Sources: API Reference, HistoryEvent; quotas page. */
import type { JsonValue, State } from './definition';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export type HistoryEventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionTimedOut'
  | 'ExecutionAborted'
  | 'TaskScheduled'
  | 'TaskStarted'
  | 'TaskSubmitted'
  | 'TaskSucceeded'
  | 'TaskFailed'
  | 'TaskTimedOut'
  | `${State['type']}StateEntered`
  | `${Exclude<State['type'], 'Fail'>}StateExited`;

/** What an event tells, by type; fields that do not apply are absent. */
export type HistoryDetails = {
  readonly stateName?: string;
  /** ExecutionStarted and …StateEntered. */
  readonly input?: JsonValue;
  /** …StateExited, TaskSubmitted, TaskSucceeded and ExecutionSucceeded. */
  readonly output?: JsonValue;
  /** TaskScheduled: Parameters as sent, except that a task token is shown as TOKEN_SHOWN. */
  readonly parameters?: JsonValue;
  /** Task…: `invoke` or `invoke.waitForTaskToken`. */
  readonly resource?: string;
  /** TaskScheduled. */
  readonly timeoutSeconds?: number;
  readonly error?: string;
  readonly cause?: string;
};

/** `id` counts from 1; `at` is virtual epoch milliseconds. */
export type HistoryEvent = HistoryDetails & {
  readonly id: number;
  readonly at: number;
  readonly type: HistoryEventType;
};

export const TOKEN_SHOWN = '(task token)';

/** A live, read-only view. `error` and `cause` are absent after ExecutionTimedOut, as DescribeExecution has it. */
export type Execution = {
  readonly name: string;
  readonly arn: string;
  readonly input: JsonValue;
  readonly status: ExecutionStatus;
  readonly startMs: number;
  readonly stopMs?: number;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
  readonly history: readonly HistoryEvent[];
};

export type OpenExecution = { -readonly [Key in keyof Execution]: Execution[Key] } & {
  history: HistoryEvent[];
};

/** "Maximum execution history size: 25,000 events in a single state machine execution history." */
const MAX_HISTORY_EVENTS = 25_000;

/** "Maximum execution time: 1 year." */
export const MAX_EXECUTION_SECONDS = 31_536_000;

type Close =
  | { readonly status: 'SUCCEEDED'; readonly output: JsonValue }
  | { readonly status: 'FAILED' | 'ABORTED'; readonly error: string | null; readonly cause: string | null }
  | { readonly status: 'TIMED_OUT' };

const CLOSING_EVENT = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

export type Recorder = {
  /**
   * Adds an event. False when the execution is closed, or was closed by this call because its history is full:
   * the caller must then do nothing more.
   */
  record(type: HistoryEventType, details?: HistoryDetails): boolean;
  /** Ends the execution; nothing happens when it has ended already. */
  close(how: Close): void;
};

/** `onClose` runs once, before the closing event is reported. */
export function recorder(
  execution: OpenExecution,
  {
    now,
    onEvent,
    onClose,
  }: { now: () => number; onEvent: (event: HistoryEvent) => void; onClose: () => void },
): Recorder {
  const append = (type: HistoryEventType, details: HistoryDetails): void => {
    const event = { id: execution.history.length + 1, at: now(), type, ...details };
    execution.history.push(event);
    onEvent(event);
  };
  const close = (how: Close): void => {
    if (execution.status !== 'RUNNING') return;
    execution.status = how.status;
    execution.stopMs = now();
    let details: HistoryDetails = {};
    if (how.status === 'SUCCEEDED') details = { output: how.output };
    else if (how.status === 'TIMED_OUT') details = { error: 'States.Timeout' };
    else details = errorDetails(how);
    if (how.status !== 'TIMED_OUT') Object.assign(execution, details);
    onClose();
    append(CLOSING_EVENT[how.status], details);
  };
  return {
    close,
    record(type, details = {}) {
      if (execution.status !== 'RUNNING') return false;
      if (execution.history.length >= MAX_HISTORY_EVENTS - 1) {
        const cause = `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`;
        close({ status: 'FAILED', error: 'States.Runtime', cause });
        return false;
      }
      append(type, details);
      return true;
    },
  };
}

/** Absent where there is none: a cause is then null or, after a timeout, empty. */
export function errorDetails({
  error,
  cause,
}: {
  error: string | null;
  cause: string | null;
}): HistoryDetails {
  return { ...(error === null ? {} : { error }), ...(cause === null || cause === '' ? {} : { cause }) };
}
