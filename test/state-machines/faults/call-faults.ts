import type { Fault, FaultPlan, PortCall } from '../../../cli/simulator/invocation';
import { StoreUnavailableError } from '../../../shared/stores/errors';
import type { Stage } from '../../support/faults/bench';
import type { Variant } from './cells';
import type { Place } from './places';

export const FIVE_MINUTES = 300_000;

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** The fault that a caller of this port sees: our own of the stores, else anything at all. */
const faultOf = ({ port }: Place['calls'][number]): Error =>
  ['state', 'tokens', 'audit'].includes(port)
    ? new StoreUnavailableError('injected')
    : named('InjectedFault', 'injected');

/** Faults that hit one port call of the invocation; each call is tried for itself. */
export function callFaults(place: Place): Variant[] {
  return place.calls.flatMap((call) => {
    const at = `${call.index} ${call.port}.${call.method}`;
    const once = (fault: Fault) => (): FaultPlan => ({
      onCall: (made) => (isAt(made, place, call.index) ? fault : undefined),
    });
    const variants: Variant[] = [
      {
        column: 'throw before the effect',
        what: at,
        survives: true,
        faults: once({ kind: 'throw', when: 'before', error: faultOf(call) }),
      },
      {
        column: 'throw after it',
        what: at,
        survives: true,
        faults: once({ kind: 'throw', when: 'after', error: faultOf(call) }),
      },
      {
        column: 'process killed',
        what: `before ${at}`,
        survives: true,
        faults: once({ kind: 'cut', when: 'before' }),
      },
      {
        column: 'process killed',
        what: `after ${at}`,
        survives: true,
        faults: once({ kind: 'cut', when: 'after' }),
      },
    ];
    if (place.isTask) variants.push(stoppedAt(place, call.index, at));
    if (call.method === 'write') {
      variants.push({
        column: 'throw after it',
        what: `${at}, sent again by the client`,
        survives: true,
        faults: once(resent),
      });
    }
    if (call.port === 'state') {
      variants.push(storeDown(place, call.index, 'before', at), storeDown(place, call.index, 'after', at));
      variants.push(throttledThrice(place, call, at));
    } else variants.push({ column: 'throttled', what: at, survives: true, faults: once(throttled(call)) });
    return variants;
  });
}

/** The answer was lost and the client sends again by itself: the second answer is a failed condition. */
const resent: Fault = {
  kind: 'instead',
  async act(call) {
    await call();
    return call();
  },
};

export const isAt = ({ invocation, index }: PortCall, place: Place, at: number): boolean =>
  invocation.id === place.invocationId && index === at;

/** A request that changes a target is turned away with an answer; every other call throws. */
function throttled({ port, method }: Place['calls'][number]): Fault {
  if (port === 'actions' && method === 'send') {
    return {
      kind: 'instead',
      act: async () => ({ kind: 'rejected', code: 'THROTTLED', message: 'rate exceeded' }),
    };
  }
  return { kind: 'throw', when: 'before', error: named('ThrottlingException', 'rate exceeded') };
}

/** The same call is throttled in three attempts one after another. */
function throttledThrice(place: Place, call: Place['calls'][number], at: string): Variant {
  return {
    column: 'throttled',
    what: `${at}, three times`,
    survives: true,
    faults: () => {
      let left = 3;
      return {
        onCall({ invocation, index, port, method }) {
          const same = (invocation.stateName ?? invocation.functionName) === place.name;
          const hit = same && invocation.id >= place.invocationId && index === call.index;
          if (!hit || port !== call.port || method !== call.method || left === 0) return undefined;
          left -= 1;
          return { kind: 'throw', when: 'before', error: new StoreUnavailableError('throttled') };
        },
      };
    },
  };
}

/** From this call on nobody reaches the state table for five virtual minutes; `after`: this call got through. */
function storeDown(place: Place, index: number, when: 'before' | 'after', at: string): Variant {
  return {
    column: 'store down',
    what: `from ${when} ${at}`,
    faults: (stage) => {
      let until = 0;
      const error = new StoreUnavailableError('the store is down');
      return {
        onCall(call) {
          if (isAt(call, place, index)) {
            until = stage().kernel.now() + FIVE_MINUTES;
            return { kind: 'throw', when, error };
          }
          const isDown = call.port === 'state' && stage().kernel.now() < until;
          return isDown ? { kind: 'throw', when: 'before', error } : undefined;
        },
      };
    },
  };
}

/** StopExecution while the function is at this call; the function runs on, as on AWS. */
function stoppedAt(place: Place, index: number, at: string): Variant {
  return {
    column: 'execution stopped',
    what: `at ${at}`,
    faults: (stage) => ({
      onCall(call) {
        if (isAt(call, place, index)) stop(stage(), call.invocation.contractId);
        return undefined;
      },
    }),
  };
}

export function stop(stage: Stage, contractId: string | undefined): void {
  if (contractId !== undefined) {
    stage.deployment.stepFunctions.stopExecution(contractId, { error: 'Stopped', cause: 'injected' });
  }
}
