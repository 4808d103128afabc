import { SIMULATED_FUNCTIONS } from './functions';
import { type FaultPlan, type Invocation, withFault } from './invocation';
import type { Kernel } from './kernel';
import { portsFor, type SimulatedPorts } from './ports';

/** As in the stack: functions end before the Task that waits for them does. */
export const FUNCTION_TIMEOUT_MS = 30_000;
const EXECUTOR_TIMEOUT_MS = 60_000;

export interface InvokedFrom {
  readonly stateName?: string;
  readonly contractId?: string;
  readonly attempt?: number;
}

/** Runs a function as Lambda does: once, with the time limit that it has. */
export type Invoke = (functionName: string, payload: unknown, from?: InvokedFrom) => Promise<unknown>;

export function createInvoker(options: {
  readonly kernel: Kernel;
  readonly random: () => number;
  readonly faults: FaultPlan;
  /** Made after the invoker, since services call functions too. */
  readonly ports: () => SimulatedPorts;
  readonly onInvocation?: (invocation: Invocation) => void;
  /** Number of the first invocation. */
  readonly firstId: number;
}): Invoke {
  const { kernel, random, faults, ports, onInvocation, firstId } = options;
  let invocations = firstId - 1;
  return async (functionName, payload, from = {}) => {
    const run = SIMULATED_FUNCTIONS[functionName as keyof typeof SIMULATED_FUNCTIONS];
    if (run === undefined) throw new Error(`there is no function ${functionName}`);
    invocations += 1;
    const invocation: Invocation = {
      id: invocations,
      functionName,
      stateName: from.stateName,
      contractId: from.contractId,
      attempt: from.attempt ?? 1,
    };
    onInvocation?.(invocation);
    const timeout = functionName.startsWith('executor-') ? EXECUTOR_TIMEOUT_MS : FUNCTION_TIMEOUT_MS;
    await kernel.sleep(5 + random() * 25);
    const mine = portsFor(ports(), invocation, faults, kernel);
    const deadline = mine.clock.now() + timeout;
    // What the caller does not learn, it does not learn at the function's time limit either.
    return withFault(faults.onInvoke?.(invocation), [payload], () =>
      limited(kernel, run(payload as never, mine, deadline), timeout),
    );
  };
}

/** Lambda ends a function at its time limit: whatever it still does is never seen. */
function limited(kernel: Kernel, work: Promise<unknown>, timeoutMs: number): Promise<unknown> {
  return new Promise((fulfil, reject) => {
    const timedOut = () =>
      Object.assign(new Error(`Task timed out after ${timeoutMs / 1000} seconds`), {
        name: 'Sandbox.Timedout',
      });
    const cancel = kernel.schedule(timeoutMs, () => reject(timedOut()), 'function timeout');
    work.then(
      (value) => {
        cancel();
        fulfil(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
