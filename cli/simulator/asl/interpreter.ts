/**
 * A simulated AWS Step Functions (Standard workflows) for one state machine, in a kernel's virtual time.
 * It implements what Grace's own state machine uses; the loader refuses the rest. Sources: Step Functions API
 * Reference (StartExecution, StopExecution, SendTask*) and Developer Guide.
 *
 * What it is not: IAM, throttling, latency (transitions take no time), the SDK's metadata in results, redrive,
 * versions and aliases, and the release of an execution's name after 90 days.
 */
import type { Kernel } from '../kernel';
import type { JsonValue, StateMachine } from './definition';
import {
  ExecutionAlreadyExistsError,
  ExecutionDoesNotExistError,
  InvalidExecutionInputError,
  InvalidNameError,
  InvalidOutputError,
} from './errors';
import {
  type Execution,
  type HistoryEvent,
  MAX_EXECUTION_SECONDS,
  type OpenExecution,
  type Recorder,
  recorder,
} from './execution';
import { exceedsDataLimit } from './failure';
import { type StateRunner, stateRunner } from './state-runner';
import type { Invoke, TaskOutcome } from './task-attempt';
import { type SendReply, taskTokens } from './task-tokens';

export type StepFunctionsOptions = {
  readonly machine: StateMachine;
  readonly kernel: Kernel;
  readonly invoke: Invoke;
  /** Sees every history event as it is added. What it throws reaches kernel.run, or who starts or stops. */
  readonly onTransition?: (event: HistoryEvent & { readonly executionName: string }) => void;
  /** An execution's ARN is this, a colon, and its name. */
  readonly executionArnPrefix?: string;
};

export type StepFunctions = {
  /**
   * `input` is any JSON value. The same name with the same input (as text) returns the running execution;
   * otherwise a name is used once. Throws InvalidNameError, InvalidExecutionInputError, ExecutionAlreadyExistsError.
   */
  startExecution(name: string, input: unknown): Execution;
  /** Aborts a running execution; a closed one stays as it is. Throws ExecutionDoesNotExistError. */
  stopExecution(name: string, why?: { readonly error?: string; readonly cause?: string }): Execution;
  /** A live view: its status and history change as the kernel runs. */
  describeExecution(name: string): Execution | undefined;
  /** In the order they were started. */
  listExecutions(): readonly Execution[];
  /** `outputJson` becomes the task's result. Throws InvalidOutputError. */
  sendTaskSuccess(token: string, outputJson: string): SendReply;
  sendTaskFailure(token: string, error?: string, cause?: string): SendReply;
};

/** The characters that StartExecution refuses in a name, besides white space and control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const NOT_IN_A_NAME = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;

export function createStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const { machine, kernel, invoke, onTransition } = options;
  const arnPrefix = options.executionArnPrefix ?? 'arn:aws:states:us-east-1:000000000000:execution:simulated';
  const tokens = taskTokens<TaskOutcome>(kernel.fork('task-tokens'));
  const random = kernel.fork('retry-jitter');
  const executions = new Map<string, { execution: OpenExecution; inputJson: string; events: Recorder }>();

  function begin(name: string, inputJson: string): Execution {
    const execution: OpenExecution = {
      name,
      arn: `${arnPrefix}:${name}`,
      input: JSON.parse(inputJson) as JsonValue,
      status: 'RUNNING',
      startMs: kernel.now(),
      history: [],
    };
    let runner: StateRunner | undefined;
    let stopTimer = () => {};
    const events = recorder(execution, {
      now: kernel.now,
      onEvent: (event) => onTransition?.({ ...event, executionName: name }),
      onClose: () => {
        stopTimer();
        runner?.stop();
      },
    });
    executions.set(name, { execution, inputJson, events });
    const timeoutSeconds = Math.min(machine.timeoutSeconds ?? MAX_EXECUTION_SECONDS, MAX_EXECUTION_SECONDS);
    const timeOut = () => events.close({ status: 'TIMED_OUT' });
    stopTimer = kernel.schedule(timeoutSeconds * 1000, timeOut, `timeout of ${name}`);
    events.record('ExecutionStarted', { input: execution.input });
    runner = stateRunner(execution, events, { machine, kernel, invoke, tokens, random });
    runner.start();
    return execution;
  }

  return {
    startExecution(name, input) {
      if (name.length < 1 || name.length > 80 || NOT_IN_A_NAME.test(name))
        throw new InvalidNameError(`Invalid Name: '${name}'`);
      const inputJson = toJson(input);
      if (inputJson === undefined || exceedsDataLimit(inputJson))
        throw new InvalidExecutionInputError('the input must be a JSON value of at most 256 KiB');
      const existing = executions.get(name);
      if (!existing) return begin(name, inputJson);
      if (existing.execution.status === 'RUNNING' && existing.inputJson === inputJson)
        return existing.execution;
      throw new ExecutionAlreadyExistsError(`Execution Already Exists: '${existing.execution.arn}'`);
    },
    stopExecution(name, { error, cause } = {}) {
      const existing = executions.get(name);
      if (!existing) throw new ExecutionDoesNotExistError(`Execution Does Not Exist: '${arnPrefix}:${name}'`);
      existing.events.close({ status: 'ABORTED', error: error ?? null, cause: cause ?? null });
      return existing.execution;
    },
    describeExecution: (name) => executions.get(name)?.execution,
    listExecutions: () => [...executions.values()].map(({ execution }) => execution),
    sendTaskSuccess(token, outputJson) {
      const output = parseJson(outputJson);
      if (output === undefined || exceedsDataLimit(outputJson))
        throw new InvalidOutputError('the output must be JSON of at most 256 KiB');
      return tokens.send(token, { result: output });
    },
    sendTaskFailure: (token, error, cause) =>
      tokens.send(token, { failure: { error: error ?? null, cause: cause ?? null, terminal: false } }),
  };
}

/** Undefined when the value is not JSON (undefined, a function, a cycle, a BigInt). */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
