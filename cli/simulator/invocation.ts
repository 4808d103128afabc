import type { Kernel } from './kernel';

/** One run of one function. */
export interface Invocation {
  readonly id: number;
  readonly functionName: string;
  /** State of the state machine that asked for it, where one did. */
  readonly stateName: string | undefined;
  readonly contractId: string | undefined;
  /** 1 for the first time that this state (or message) runs the function. */
  readonly attempt: number;
}

/** One call of a port within an invocation; `index` counts from 0 in the order of the calls. */
export interface PortCall {
  readonly invocation: Invocation;
  readonly index: number;
  readonly port: string;
  readonly method: string;
}

/**
 * What is done to a call: an error instead of it, an error after it took effect, or never an answer
 * (`cut`: the process is gone), before or after it took effect.
 */
export type Fault =
  | { readonly kind: 'throw'; readonly when: 'before' | 'after'; readonly error: Error }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** Anything else: `call` makes the call as it was meant, as often as it is called. */
  | {
      readonly kind: 'instead';
      readonly act: (call: () => Promise<unknown>, args: readonly unknown[]) => Promise<unknown>;
    };

export interface FaultPlan {
  /** Asked before each run of a function: what the caller learns of it. `cut`: never anything. */
  onInvoke?(invocation: Invocation): Exclude<Fault, { kind: 'instead' }> | undefined;
  /** Asked at each port call. */
  onCall?(call: PortCall): Fault | undefined;
  /** Milliseconds by which this invocation's clock is wrong. */
  skew?(invocation: Invocation): number;
}

/** How long a port's answer takes, milliseconds: from, to. */
export type Latency = readonly [number, number];

export interface Wrapping {
  readonly kernel: Kernel;
  readonly random: () => number;
  readonly invocation: Invocation;
  readonly faults: FaultPlan;
  /** Counts the invocation's calls; shared by all its ports. */
  readonly counter: { calls: number };
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** Does what is asked, and to it what the fault says. */
export async function withFault(
  fault: Fault | undefined,
  args: readonly unknown[],
  run: () => Promise<unknown>,
): Promise<unknown> {
  if (fault === undefined) return run();
  if (fault.kind === 'instead') return fault.act(run, args);
  const over = (): Promise<unknown> => (fault.kind === 'cut' ? never() : Promise.reject(fault.error));
  if (fault.when === 'before') return over();
  await run();
  return over();
}

/**
 * A port as an invocation sees it: each call takes virtual time, is counted, and meets the fault plan.
 * Only methods that answer promises are wrapped.
 */
export function wrapPort<Port extends object>(
  name: string,
  port: Port,
  latency: Latency,
  wrapping: Wrapping,
): Port {
  const { kernel, random, invocation, faults, counter } = wrapping;
  return new Proxy(port, {
    get(target, property, receiver) {
      const method: unknown = Reflect.get(target, property, receiver);
      if (typeof method !== 'function' || typeof property !== 'string') return method;
      return async (...args: unknown[]): Promise<unknown> => {
        const call = { invocation, index: counter.calls, port: name, method: property };
        counter.calls += 1;
        const fault = faults.onCall?.(call);
        return withFault(fault, args, async () => {
          const [from, to] = latency;
          await kernel.sleep(from + random() * (to - from));
          return Reflect.apply(method, target, args);
        });
      };
    },
  });
}
