/** Small state machines run by the simulated Step Functions, for the tests of the interpreter. */
import type { HistoryEvent } from '../../cli/simulator/asl/execution';
import { createStepFunctions } from '../../cli/simulator/asl/interpreter';
import { loadStateMachine } from '../../cli/simulator/asl/parse-definition';
import type { Invoke } from '../../cli/simulator/asl/task-attempt';
import { createKernel } from '../../cli/simulator/kernel';

export const START = Date.UTC(2026, 0, 1);
export type Json = Record<string, unknown>;

export const lambda = (functionName: string, rest: Json = {}): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionName, Payload: { 'all.$': '$' } },
  ResultSelector: { 'value.$': '$.Payload' },
  ResultPath: '$.result',
  TimeoutSeconds: 60,
  ...rest,
});
export const withToken = (rest: Json = {}): Json => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token' } },
  ResultPath: '$.answer',
  TimeoutSeconds: 100,
  ...rest,
});
export const done: Json = { Type: 'Succeed' };
export const failed: Json = { Type: 'Fail', Error: 'Broken', Cause: 'for a reason' };

export function named(name: string, message = 'why'): Error {
  return Object.assign(new Error(message), { name });
}

export type Bench = { states: Json; startAt?: string; top?: Json; invoke?: Invoke; seed?: number };

export function bench({
  states,
  startAt = Object.keys(states)[0] as string,
  top = {},
  invoke,
  seed = 1,
}: Bench) {
  const kernel = createKernel({ startMs: START, seed });
  const events: (HistoryEvent & { executionName: string })[] = [];
  const stepFunctions = createStepFunctions({
    machine: loadStateMachine(JSON.stringify({ StartAt: startAt, States: states, ...top })),
    kernel,
    invoke: invoke ?? (async () => null),
    onTransition: (event) => events.push(event),
  });
  return { kernel, stepFunctions, events };
}

/** Starts one execution and runs until nothing is left. */
export async function execute(options: Bench, input: unknown = {}) {
  const made = bench(options);
  const execution = made.stepFunctions.startExecution('run', input);
  await made.kernel.run();
  return { ...made, execution };
}

export const types = (history: readonly HistoryEvent[]) => history.map(({ type }) => type);
export const times = (history: readonly HistoryEvent[], type: string) =>
  history.filter((event) => event.type === type).map(({ at }) => at - START);
