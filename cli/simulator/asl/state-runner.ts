/** Takes one execution from state to state. Source: states-language.net, "States" and "Input and Output Processing". */
import type { Kernel } from '../kernel';
import { holds } from './choice';
import type {
  Catcher,
  ChoiceState,
  JsonValue,
  State,
  StateMachine,
  TaskState,
  WaitState,
} from './definition';
import type { OpenExecution, Recorder } from './execution';
import { attempt, type StateFailure, withinDataLimit } from './failure';
import { applyResultPath, type ContextObject, evaluateTemplate } from './paths';
import { findCatcher, nextRetryDelayMs, type RetryCounters } from './retry';
import { beginTaskAttempt, type Invoke, type TaskOutcome } from './task-attempt';
import type { TaskTokens } from './task-tokens';
import { waitMs } from './wait';

export type RunnerDependencies = {
  readonly machine: StateMachine;
  readonly kernel: Kernel;
  readonly invoke: Invoke;
  readonly tokens: TaskTokens<TaskOutcome>;
  /** The stream that jitter is drawn from. */
  readonly random: () => number;
};

/** One stay in a state, from entering to leaving it; retries happen within it. */
type Visit = {
  readonly stateName: string;
  readonly input: JsonValue;
  readonly enteredMs: number;
  readonly counters: RetryCounters;
  retryCount: number;
};

export type StateRunner = {
  start(): void;
  /** Drops whatever the execution waits for; to be called once it is closed. */
  stop(): void;
};

/** Each step is an event of the kernel at the current time; the steps themselves take no virtual time. */
export function stateRunner(
  execution: OpenExecution,
  recorder: Recorder,
  deps: RunnerDependencies,
): StateRunner {
  const { machine, kernel } = deps;
  /** The execution waits for one thing at a time: a step, a timer, or a task. */
  let stopWaiting = () => {};

  const goTo = (stateName: string, input: JsonValue): void => {
    stopWaiting = kernel.schedule(0, () => enter(stateName, input), `enter ${stateName}`);
  };
  const fail = ({ error, cause }: StateFailure): void => recorder.close({ status: 'FAILED', error, cause });

  function enter(stateName: string, input: JsonValue): void {
    const state = machine.states.get(stateName) as State;
    if (!recorder.record(`${state.type}StateEntered`, { stateName, input })) return;
    const visit: Visit = { stateName, input, enteredMs: kernel.now(), counters: [], retryCount: 0 };
    if (state.type === 'Task') runTask(state, visit);
    else if (state.type === 'Choice') choose(state, visit);
    else if (state.type === 'Wait') wait(state, visit);
    else if (state.type === 'Fail')
      fail({ error: state.error ?? null, cause: state.cause ?? null, terminal: true });
    else leave(state.type, visit, input, state.type === 'Pass' ? state.next : undefined);
  }

  function wait(state: WaitState, visit: Visit): void {
    const delay = attempt(() => waitMs(state.wait, visit.input, visit.enteredMs));
    if ('failure' in delay) {
      fail(delay.failure);
      return;
    }
    const done = () => leave('Wait', visit, visit.input, state.next);
    stopWaiting = kernel.schedule(delay.value, done, `end of ${visit.stateName}`);
  }

  /** `next` undefined ends the execution. */
  function leave(
    type: Exclude<State['type'], 'Fail'>,
    { stateName }: Visit,
    output: JsonValue,
    next: string | undefined,
  ): void {
    if (!recorder.record(`${type}StateExited`, { stateName, output })) return;
    if (next === undefined) recorder.close({ status: 'SUCCEEDED', output });
    else goTo(next, output);
  }

  function choose(state: ChoiceState, visit: Visit): void {
    const chosen = attempt(
      () => state.choices.find(({ rule }) => holds(rule, visit.input))?.next ?? state.default,
    );
    if ('failure' in chosen) fail(chosen.failure);
    else if (chosen.value !== undefined) leave('Choice', visit, visit.input, chosen.value);
    else {
      const cause = 'No choice rule matched and there is no Default.';
      fail({ error: 'States.NoChoiceMatched', cause, terminal: true });
    }
  }

  function runTask(state: TaskState, visit: Visit): void {
    const { stateName, input } = visit;
    const context = contextObject(execution, visit);
    const invokeContext = {
      executionName: execution.name,
      stateName,
      attempt: visit.retryCount + 1,
      timeoutMs: state.timeoutSeconds === undefined ? undefined : state.timeoutSeconds * 1000,
    };
    beginTaskAttempt({
      ...deps,
      state,
      input,
      context,
      invokeContext,
      recorder,
      onBegin(abandon) {
        stopWaiting = abandon;
      },
      onOutcome(outcome) {
        const output =
          'failure' in outcome ? outcome : attempt(() => taskOutput(state, visit, outcome.result, context));
        if ('failure' in output) handleFailure(state, visit, output.failure);
        else leave('Task', visit, output.value, state.next);
      },
    });
  }

  function handleFailure(state: TaskState, visit: Visit, failure: StateFailure): void {
    const delayMs = nextRetryDelayMs(state.retry, visit.counters, failure, deps.random);
    if (delayMs !== undefined) {
      visit.retryCount += 1;
      stopWaiting = kernel.schedule(delayMs, () => runTask(state, visit), `retry ${visit.stateName}`);
      return;
    }
    const catcher = findCatcher(state.catch, failure);
    const output = catcher ? attempt(() => caughtOutput(catcher, visit, failure)) : { failure };
    if ('failure' in output) fail(output.failure);
    else leave('Task', visit, output.value, catcher?.next);
  }

  return {
    start: () => goTo(machine.startAt, execution.input),
    stop: () => stopWaiting(),
  };
}

/** ResultSelector, then ResultPath; the state's output may not exceed 256 KiB. */
function taskOutput(state: TaskState, visit: Visit, result: JsonValue, context: ContextObject): JsonValue {
  const selected = state.resultSelector ? evaluateTemplate(state.resultSelector, result, context) : result;
  return withinDataLimit(applyResultPath(state.resultPath, visit.input, selected), visit.stateName);
}

function caughtOutput(catcher: Catcher, { input, stateName }: Visit, failure: StateFailure): JsonValue {
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  return withinDataLimit(applyResultPath(catcher.resultPath, input, errorOutput), stateName);
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

function contextObject(execution: OpenExecution, visit: Visit): ContextObject {
  return {
    Execution: { Id: execution.arn, Name: execution.name, StartTime: isoTime(execution.startMs) },
    State: { Name: visit.stateName, EnteredTime: isoTime(visit.enteredMs), RetryCount: visit.retryCount },
  };
}
