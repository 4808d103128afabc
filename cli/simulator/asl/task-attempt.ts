/**
 * One attempt of a Task: Lambda invoked, and, with a token, the callback awaited. Sources: Step Functions
 * Developer Guide, "Invoke Lambda functions" and "Wait for a Callback with Task Token"; the order of the
 * events is as LocalStack's tests recorded it on AWS.
 */
import type { Kernel } from '../kernel';
import type { JsonValue, TaskState } from './definition';
import { errorDetails, type Recorder, TOKEN_SHOWN } from './execution';
import { attempt, exceedsDataLimit, type StateFailure, terminal, tooLarge, withinDataLimit } from './failure';
import { lambdaFailure } from './lambda-failure';
import { type ContextObject, evaluateTemplate } from './paths';
import type { TaskTokens } from './task-tokens';

export type InvokeContext = {
  readonly executionName: string;
  readonly stateName: string;
  /** 1 for the first attempt of this visit of the state. */
  readonly attempt: number;
  /** The state's TimeoutSeconds; undefined when it has none. */
  readonly timeoutMs: number | undefined;
};

/**
 * Runs a function's code. A rejection is the function's error: its `name` is what Retry and Catch match. A
 * promise that never settles is a process that was killed: only the state's timeout ends the attempt.
 */
export type Invoke = (functionName: string, payload: unknown, context: InvokeContext) => Promise<unknown>;

/** What comes of an attempt, or of the callback of its token. */
export type TaskOutcome = { readonly result: JsonValue } | { readonly failure: StateFailure };

export type TaskAttempt = {
  readonly state: TaskState;
  readonly input: JsonValue;
  readonly context: ContextObject;
  readonly invokeContext: InvokeContext;
  readonly recorder: Recorder;
  readonly tokens: TaskTokens<TaskOutcome>;
  readonly kernel: Kernel;
  readonly invoke: Invoke;
  /** Is given, before anything else happens, what abandons the attempt. */
  readonly onBegin: (abandon: () => void) => void;
  /** Called at most once, never after the attempt was abandoned. */
  readonly onOutcome: (outcome: TaskOutcome) => void;
};

/**
 * Begins the attempt. A timeout or an abandoning ends the waiting only: as on AWS the function runs on, and
 * what it returns then is ignored.
 */
export function beginTaskAttempt(task: TaskAttempt): void {
  const { state, input, context, invokeContext, recorder, tokens, kernel } = task;
  const { stateName, timeoutMs } = invokeContext;
  const resource = state.waitForToken ? 'invoke.waitForTaskToken' : 'invoke';
  let open = true;
  /** The token's callback was accepted: nothing else can decide the attempt any more. */
  let called = false;
  let stopTimer = () => {};
  let token: string | undefined;

  const close = (): void => {
    open = false;
    stopTimer();
    if (token !== undefined) tokens.close(token);
  };
  const settle = (outcome: TaskOutcome): void => {
    close();
    const recorded =
      'result' in outcome
        ? recorder.record('TaskSucceeded', { stateName, resource, output: outcome.result })
        : recorder.record('TaskFailed', { stateName, resource, ...errorDetails(outcome.failure) });
    if (recorded) task.onOutcome(outcome);
  };
  const threw = (error: unknown): void => {
    if (open && !called) settle({ failure: lambdaFailure(error) });
  };
  const timeOut = (): void => {
    close();
    const failure = { error: 'States.Timeout', cause: '', terminal: false };
    if (recorder.record('TaskTimedOut', { stateName, resource, error: failure.error }))
      task.onOutcome({ failure });
  };
  const returned = (value: unknown): void => {
    if (!open || called) return;
    const result = lambdaResult(value);
    if ('failure' in result || !state.waitForToken) settle(result);
    else recorder.record('TaskSubmitted', { stateName, resource, output: result.result });
  };

  const callBack = (outcome: TaskOutcome): void => {
    called = true;
    stopTimer();
    kernel.schedule(0, () => open && settle(outcome), `callback of ${stateName}`);
  };

  task.onBegin(close);
  if (state.waitForToken) token = tokens.open(callBack);
  const parameters = (shownToken: string): ContextObject => ({ ...context, Task: { Token: shownToken } });
  const prepared = attempt(() => {
    const evaluation = token === undefined ? context : parameters(token);
    const functionName = evaluateTemplate(state.functionName, input, evaluation);
    const payload = withinDataLimit(evaluateTemplate(state.payload, input, evaluation), stateName);
    if (typeof functionName !== 'string')
      throw terminal('States.Runtime', 'The FunctionName is not a string.');
    return { functionName, payload: copyOf(payload) };
  });
  if ('failure' in prepared) {
    close();
    task.onOutcome(prepared);
    return;
  }
  const { functionName, payload } = prepared.value;
  const shown = evaluateTemplate(state.payload, input, parameters(TOKEN_SHOWN));
  const scheduled = recorder.record('TaskScheduled', {
    stateName,
    resource,
    parameters: { FunctionName: functionName, Payload: shown },
    ...(state.timeoutSeconds === undefined ? {} : { timeoutSeconds: state.timeoutSeconds }),
  });
  if (!scheduled || !recorder.record('TaskStarted', { stateName, resource })) return;
  if (timeoutMs !== undefined) stopTimer = kernel.schedule(timeoutMs, timeOut, `timeout of ${stateName}`);
  // Settling is an event of the kernel's own, so that a fault in the interpreter reaches kernel.run.
  (async () => task.invoke(functionName, payload, invokeContext))().then(
    (value) => kernel.schedule(0, () => returned(value), `${functionName} returned`),
    (error) => kernel.schedule(0, () => threw(error), `${functionName} failed`),
  );
}

/** What lambda:invoke answers; the SDK's metadata, which AWS adds, is left out (and refused in paths). */
function lambdaResult(value: unknown): TaskOutcome {
  let json: string;
  try {
    json = JSON.stringify(value) ?? 'null';
  } catch (error) {
    return { failure: lambdaFailure(error) };
  }
  if (exceedsDataLimit(json)) return { failure: { ...tooLarge('lambda'), terminal: false } };
  return { result: { ExecutedVersion: '$LATEST', Payload: JSON.parse(json) as JsonValue, StatusCode: 200 } };
}

/** A function may change what it was given; the execution's data must not change with it. */
const copyOf = (value: JsonValue): unknown => JSON.parse(JSON.stringify(value));
