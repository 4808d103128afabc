import type { Kernel } from './kernel';

/** A queue with at-least-once delivery, a visibility timeout, and a dead-letter queue, as SQS has them. */
export interface Queue<Message> {
  send(message: Message): void;
  /** Messages waiting or being worked on. */
  size(): number;
  readonly dead: readonly Message[];
}

/** A position in the batch that comes again: when its visibility timeout is over, or after the time given. */
export type Returned = number | { readonly position: number; readonly inMs: number };

export interface QueueOptions<Message> {
  readonly kernel: Kernel;
  readonly name: string;
  readonly batchSize: number;
  /** Batches worked on at once. */
  readonly concurrency: number;
  readonly visibilityMs: number;
  readonly maxReceives: number;
  /** Handles a batch; answers which come again. A throw, or no answer in time, fails all. */
  readonly handle: (batch: readonly Message[], receives: number) => Promise<readonly Returned[]>;
  readonly random: () => number;
}

interface Entry<Message> {
  readonly message: Message;
  receives: number;
}

/** A message comes again after the visibility timeout until it has been received `maxReceives` times. */
export function createQueue<Message>(options: QueueOptions<Message>): Queue<Message> {
  const { kernel, name, batchSize, concurrency, visibilityMs, maxReceives, handle, random } = options;
  const waiting: Entry<Message>[] = [];
  const dead: Message[] = [];
  let working = 0;
  let inFlight = 0;
  let scheduled = false;

  const wake = (): void => {
    if (scheduled || waiting.length === 0 || working >= concurrency) return;
    scheduled = true;
    kernel.schedule(10 + random() * 40, take, `queue ${name}`);
  };

  /** What failed becomes visible again when its time is over, not at once. */
  const giveBack = (entries: readonly Entry<Message>[]): void => {
    inFlight -= entries.length;
    for (const entry of entries) {
      if (entry.receives >= maxReceives) dead.push(entry.message);
      else waiting.push(entry);
    }
    wake();
  };

  const take = (): void => {
    scheduled = false;
    if (working >= concurrency) return;
    const batch = waiting.splice(0, batchSize);
    if (batch.length === 0) return;
    working += 1;
    inFlight += batch.length;
    for (const entry of batch) entry.receives += 1;
    const receivedAt = kernel.now();
    let over = false;
    const finish = (failed: readonly Returned[]): void => {
      if (over) return;
      over = true;
      cancel();
      working -= 1;
      inFlight -= batch.length - failed.length;
      const visibleIn = receivedAt + visibilityMs - kernel.now();
      const timedOut = failed.flatMap((each) =>
        typeof each === 'number' ? batch.slice(each, each + 1) : [],
      );
      if (timedOut.length > 0) kernel.schedule(visibleIn, () => giveBack(timedOut), `return ${name}`);
      for (const each of failed) {
        if (typeof each === 'number') continue;
        const delayed = batch.slice(each.position, each.position + 1);
        kernel.schedule(each.inMs, () => giveBack(delayed), `return ${name}`);
      }
      wake();
    };
    const everyone = [...batch.keys()];
    const cancel = kernel.schedule(visibilityMs, () => finish(everyone), `visibility ${name}`);
    handle(
      batch.map((entry) => entry.message),
      Math.max(...batch.map((entry) => entry.receives)),
    ).then(
      (failed) => finish(failed),
      () => finish(everyone),
    );
    wake();
  };

  return {
    send(message) {
      waiting.push({ message, receives: 0 });
      wake();
    },
    size: () => waiting.length + inFlight,
    dead,
  };
}
