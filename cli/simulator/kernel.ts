/**
 * The virtual-time kernel: a deterministic discrete-event simulation for async code.
 *
 * Guarantees: events run in order of (time, order of scheduling); after each event every microtask it
 * caused is run before the next event is taken, so time advances only when nothing is runnable; the same
 * seed and the same calls give the same order. It never reads the wall clock (a `realTime` kernel reads
 * the monotonic one, to pace events).
 *
 * Limit: a callback that awaits something outside the kernel (a file, a socket, a worker thread, a timer
 * of Node's) is not waited for. Code that runs in the simulator awaits only `sleep` and promises.
 */

/** Removes a scheduled event; harmless when it has run already. */
export type Cancel = () => void;

export type KernelOptions = {
  /** Virtual time at the beginning, epoch milliseconds. */
  readonly startMs: number;
  readonly seed: number | string;
  /** Wait in real time between events (a served demonstration). */
  readonly realTime?: boolean;
};

export type RunOptions = {
  /** Asked before each event; run stops with 'until' once it answers true. */
  readonly until?: () => boolean;
  /** Epoch milliseconds, inclusive. The clock stands there when run returns 'time' or 'idle'. */
  readonly untilMs?: number;
  /** Throws KernelEventLimitError when this run has executed as many and another one is due. */
  readonly maxEvents?: number;
};

export type Kernel = {
  /** Virtual epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** `label` names the event in errors. A negative or fractional delay is rounded up to a whole millisecond ≥ 0. */
  schedule(delayMs: number, callback: () => unknown, label?: string): Cancel;
  /** Uniform in [0, 1), from the kernel's own stream. */
  random(): number;
  /** An independent stream: the same for the same seed and label, whatever else has been drawn. */
  fork(label: string): () => number;
  /** Events not yet run nor cancelled. */
  pending(): number;
  /** From now on time passes as it does outside, also while events run: what was simulated goes live. */
  goLive(): void;
  /**
   * Runs events until there are none ('idle'), `until` holds, or `untilMs` is reached ('time').
   * Rejects with what a callback threw (or its promise rejected with); may be called again afterwards.
   * A real-time kernel that was given `until` or `untilMs` waits for new events instead of going idle; one
   * whose `until` is changed from outside is woken by scheduling anything.
   */
  run(options?: RunOptions): Promise<'idle' | 'until' | 'time'>;
};

export class KernelEventLimitError extends Error {
  override readonly name = 'KernelEventLimitError';
}

type Entry = {
  at: number;
  sequence: number;
  callback: (() => unknown) | undefined;
  label: string;
  queued: boolean;
};

/** Node's own, taken at import so that fake timers in a test cannot stop the kernel. */
const realSetImmediate = setImmediate;
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

/** Every microtask and nextTick queued so far, and all that they queue, runs before an immediate does. */
const drained = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));

/** See `Kernel`. */
export function createKernel({ startMs, seed, realTime: paced = false }: KernelOptions): Kernel {
  let realTime = paced;
  /** Where the clock stood when it went live, and what the monotonic clock said then. */
  let live: { clockMs: number; realMs: number } | undefined;
  const queue = createEventQueue();
  const random = seededRandom(String(seed));
  let clock = startMs;
  let running = false;
  let failure: { error: unknown } | undefined;
  /** Real time only: while run waits, where the clock stood and what the monotonic clock said then. */
  let waiting: { clockMs: number; realMs: number; wake: () => void } | undefined;

  /** While a real-time run waits, time passes between events, but never beyond the next one. */
  function synchronise(): void {
    const since = live ?? waiting;
    if (!since) return;
    const elapsed = Math.floor(performance.now() - since.realMs);
    clock = Math.max(clock, Math.min(since.clockMs + elapsed, queue.peek()?.at ?? Number.POSITIVE_INFINITY));
  }

  /** Resolves after `ms` of real time, or earlier when something is scheduled. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer =
        ms === Number.POSITIVE_INFINITY ? undefined : realSetTimeout(() => wake(), Math.min(ms, 2 ** 31 - 1));
      const wake = () => {
        realClearTimeout(timer);
        synchronise();
        waiting = undefined;
        resolve();
      };
      waiting = { clockMs: clock, realMs: performance.now(), wake };
    });
  }

  function schedule(delayMs: number, callback: () => unknown, label = 'event'): Cancel {
    if (!Number.isFinite(delayMs))
      throw new RangeError(`schedule(${label}): delay ${delayMs} is not a number of ms`);
    synchronise();
    const cancel = queue.push(clock + Math.max(0, Math.ceil(delayMs)), callback, label);
    waiting?.wake();
    return cancel;
  }

  function execute(entry: Entry): void {
    clock = Math.max(clock, entry.at);
    try {
      const result = entry.callback?.();
      if (isThenable(result)) result.then(undefined, (error: unknown) => (failure ??= { error }));
    } catch (error) {
      failure ??= { error };
    }
  }

  async function loop({
    until,
    untilMs = Number.POSITIVE_INFINITY,
    maxEvents = Number.POSITIVE_INFINITY,
  }: RunOptions) {
    const waitsForMore = realTime && (until !== undefined || untilMs !== Number.POSITIVE_INFINITY);
    for (let executed = 0; ; ) {
      await drained();
      if (failure) {
        const { error } = failure;
        failure = undefined;
        throw error;
      }
      if (until?.()) return 'until' as const;
      const next = queue.peek();
      if (realTime && (next || waitsForMore)) {
        const target = Math.min(next?.at ?? Number.POSITIVE_INFINITY, untilMs);
        synchronise();
        if (target > clock) {
          await pause(target - clock);
          continue;
        }
      }
      if (!next || next.at > untilMs) {
        if (untilMs !== Number.POSITIVE_INFINITY) clock = Math.max(clock, untilMs);
        return next ? ('time' as const) : ('idle' as const);
      }
      if (executed >= maxEvents)
        throw new KernelEventLimitError(
          `more than ${maxEvents} events; next is '${next.label}' at ${next.at}`,
        );
      executed += 1;
      queue.pop();
      execute(next);
    }
  }

  return {
    now() {
      synchronise();
      return clock;
    },
    sleep: (ms) => new Promise((resolve) => schedule(ms, () => resolve(), 'sleep')),
    schedule,
    random,
    fork: (label) => seededRandom(`${seed}/${label}`),
    pending: () => queue.size(),
    goLive() {
      realTime = true;
      live = { clockMs: clock, realMs: performance.now() };
    },
    async run(options = {}) {
      if (running) throw new Error('kernel.run is already under way');
      running = true;
      try {
        return await loop(options);
      } finally {
        running = false;
      }
    },
  };
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** A binary heap by (time, sequence). Cancelled entries stay until they come up, or until they are the most. */
function createEventQueue() {
  let heap: Entry[] = [];
  let sequence = 0;
  let cancelled = 0;

  const before = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

  function siftUp(start: number): void {
    const entry = heap[start] as Entry;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!before(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  function siftDown(start: number): void {
    const entry = heap[start] as Entry;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      const below = heap[child] as Entry;
      if (!before(below, entry)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = entry;
  }

  function removeTop(): void {
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    heap[0] = last;
    siftDown(0);
  }

  /** Long timeouts are nearly always cancelled; without this they would pile up. */
  function compact(): void {
    heap = heap.filter((entry) => entry.callback !== undefined);
    cancelled = 0;
    for (let index = (heap.length >> 1) - 1; index >= 0; index -= 1) siftDown(index);
  }

  function peek(): Entry | undefined {
    while (heap.length > 0 && (heap[0] as Entry).callback === undefined) {
      removeTop();
      cancelled -= 1;
    }
    return heap[0];
  }

  return {
    size: () => heap.length - cancelled,
    peek,
    /** Removes what `peek` showed. */
    pop(): void {
      (heap[0] as Entry).queued = false;
      removeTop();
    },
    push(at: number, callback: () => unknown, label: string): Cancel {
      const entry: Entry = { at, sequence, callback, label, queued: true };
      sequence += 1;
      heap.push(entry);
      siftUp(heap.length - 1);
      return () => {
        if (!entry.queued) return;
        entry.queued = false;
        entry.callback = undefined;
        cancelled += 1;
        if (cancelled > 1024 && cancelled > heap.length / 2) compact();
      };
    },
  };
}

/** sfc32 (C. Doty-Humphrey, PractRand), its state filled from four FNV-1a hashes of the text; uniform in [0, 1). */
function seededRandom(text: string): () => number {
  let [a, b, c, counter] = [0, 1, 2, 3].map((salt) => hash(`${salt}:${text}`)) as [
    number,
    number,
    number,
    number,
  ];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 15; warmUp += 1) next();
  return next;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}
