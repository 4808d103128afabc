import { StoreUnavailableError } from '../../shared/stores/errors';
import type { Fault, FaultPlan, PortCall } from '../simulator/invocation';

const MINUTE = 60_000;

/** How often each kind of fault comes, as a share of all calls (skew: of all invocations). */
export const CHAOS_RATES = { throwBefore: 0.006, throwAfter: 0.006, cut: 0.002, skew: 0.03 } as const;
/** A spell in which the state table answers nothing but errors begins once in so long, and lasts so long. */
export const STORE_DOWN = { everyMs: 20 * MINUTE, leastMs: 10_000, mostMs: 2 * MINUTE } as const;
const SKEW_MS = 5 * MINUTE;

export interface Chaos extends FaultPlan {
  readonly counts: Record<'thrown' | 'cut' | 'skewed' | 'storeDown', number>;
}

/**
 * Faults by chance, the same for the same `random`: errors before and after a call took effect, processes that
 * are gone in the middle of a call, clocks five minutes wrong, and spells in which the store is down.
 */
export function chaos(options: {
  readonly random: () => number;
  readonly now: () => number;
  readonly startMs: number;
}): Chaos {
  const { random, now } = options;
  const counts = { thrown: 0, cut: 0, skewed: 0, storeDown: 0 };
  let downFrom = options.startMs + random() * STORE_DOWN.everyMs;
  let downTo = downFrom + length();

  function length(): number {
    return STORE_DOWN.leastMs + random() * (STORE_DOWN.mostMs - STORE_DOWN.leastMs);
  }

  function isStoreDown(): boolean {
    const at = now();
    while (at > downTo) {
      downFrom = downTo + (0.5 + random()) * STORE_DOWN.everyMs;
      downTo = downFrom + length();
    }
    return at >= downFrom;
  }

  return {
    counts,
    onCall(call) {
      if (call.port === 'state' && isStoreDown()) {
        counts.storeDown += 1;
        return thrown(call, 'before');
      }
      const draw = random();
      const { throwBefore, throwAfter, cut } = CHAOS_RATES;
      if (draw < throwBefore + throwAfter) {
        counts.thrown += 1;
        return thrown(call, draw < throwBefore ? 'before' : 'after');
      }
      if (draw >= throwBefore + throwAfter + cut) return undefined;
      counts.cut += 1;
      return { kind: 'cut', when: random() < 0.5 ? 'before' : 'after' };
    },
    skew() {
      const draw = random();
      if (draw >= CHAOS_RATES.skew) return 0;
      counts.skewed += 1;
      return draw < CHAOS_RATES.skew / 2 ? -SKEW_MS : SKEW_MS;
    },
  };
}

function thrown({ port, method }: PortCall, when: 'before' | 'after'): Fault {
  const message = `chaos: ${port}.${method} failed ${when} it took effect`;
  const isTable = port === 'state' || port === 'tokens' || port === 'audit';
  const error = isTable
    ? new StoreUnavailableError(message)
    : Object.assign(new Error(message), { name: 'ServiceUnavailable' });
  return { kind: 'throw', when, error };
}
