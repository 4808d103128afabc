import type { FaultPlan, Invocation } from '../../../cli/simulator/invocation';
import type { Stage } from '../../support/faults/bench';
import { FIVE_MINUTES, stop } from './call-faults';
import type { Column, Variant } from './cells';
import type { Place } from './places';

const lambdaError = (name: string): Error => Object.assign(new Error('injected'), { name });

type Plan = (stage: () => Stage) => FaultPlan;

/** Faults of the invocation as a whole: what the state machine sees of the function. */
export function invocationFaults(place: Place): Variant[] {
  const isFirst = (invocation: Invocation): boolean => invocation.id === place.invocationId;
  const isAny = (invocation: Invocation): boolean =>
    (invocation.stateName ?? invocation.functionName) === place.name && invocation.id >= place.invocationId;
  const variants: Variant[] = [];
  const add = (column: Column, what: string, faults: Plan): void => {
    variants.push({ column, what, faults });
  };
  const passing = (column: Column, what: string, faults: Plan): void => {
    variants.push({ column, what, faults, survives: true });
  };
  const fails = (hits: (invocation: Invocation) => boolean, when: 'before' | 'after', name: string): Plan => {
    return () => ({
      onInvoke: (invocation) =>
        hits(invocation) ? { kind: 'throw', when, error: lambdaError(name) } : undefined,
    });
  };
  const silent = (hits: (invocation: Invocation) => boolean, when: 'before' | 'after'): Plan => {
    return () => ({ onInvoke: (invocation) => (hits(invocation) ? { kind: 'cut', when } : undefined) });
  };
  const times = (most: number) => {
    let left = most;
    return (invocation: Invocation): boolean => {
      if (!isAny(invocation) || left === 0) return false;
      left -= 1;
      return true;
    };
  };

  passing(
    'throw before the effect',
    'the function does not start',
    fails(isFirst, 'before', 'Lambda.Unknown'),
  );
  passing('throw after it', 'its answer is lost', fails(isFirst, 'after', 'Lambda.Unknown'));
  passing('throttled', 'Lambda turns it away', fails(isFirst, 'before', 'Lambda.TooManyRequestsException'));
  passing('throttled', 'Lambda turns it away four times', (stage) =>
    fails(times(4), 'before', 'Lambda.TooManyRequestsException')(stage),
  );
  for (const minutes of [5, -5]) {
    add('clock skew ±5 min', `${minutes} min in every attempt`, () => ({
      skew: (invocation) => (isAny(invocation) ? Math.sign(minutes) * FIVE_MINUTES : 0),
    }));
    add('clock skew ±5 min', `${minutes} min in every other function`, () => ({
      skew: (invocation) => (isAny(invocation) ? 0 : Math.sign(minutes) * FIVE_MINUTES),
    }));
  }
  if (!place.isTask) return variants;
  // A request that nobody opened and nobody answers for waits for the state's own timeout, and is refused then.
  if (place.name === 'Await Approval')
    add('timeout', 'never starts, never answers', silent(isFirst, 'before'));
  else passing('timeout', 'never starts, never answers', silent(isFirst, 'before'));
  passing('timeout', 'does its work, never answers', silent(isFirst, 'after'));
  add('throw before the effect', 'in every attempt', fails(isAny, 'before', 'Lambda.Unknown'));
  add('throw after it', 'in every attempt', fails(isAny, 'after', 'Lambda.Unknown'));
  add('execution stopped', 'before it starts', (stage) => ({
    onInvoke(invocation) {
      if (isFirst(invocation)) stop(stage(), invocation.contractId);
      return undefined;
    },
  }));
  return variants;
}
