import type { ChangeRecord } from '../../shared/ports/table';
import type { Kernel } from './kernel';

/** One reader of the state table's stream: in order, batch after batch, the same batch again until it works. */
export interface StreamReader {
  push(record: ChangeRecord): void;
  /** Records not read yet. */
  lag(): number;
}

export function createStreamReader(options: {
  readonly kernel: Kernel;
  readonly name: string;
  readonly batchSize: number;
  /** A batch that got no answer by then failed. */
  readonly timeoutMs: number;
  readonly random: () => number;
  readonly read: (records: readonly ChangeRecord[], attempt: number) => Promise<unknown>;
}): StreamReader {
  const { kernel, name, batchSize, timeoutMs, random, read } = options;
  const waiting: ChangeRecord[] = [];
  let busy = false;

  const next = (attempt: number): void => {
    const batch = waiting.slice(0, batchSize);
    if (batch.length === 0) {
      busy = false;
      return;
    }
    let over = false;
    const finish = (worked: boolean): void => {
      if (over) return;
      over = true;
      cancel();
      if (worked) waiting.splice(0, batch.length);
      const delay = worked ? 5 : Math.min(1000 * 2 ** Math.min(attempt, 6), 60_000) * (0.5 + random() / 2);
      kernel.schedule(delay, () => next(worked ? 1 : attempt + 1), `stream ${name}`);
    };
    const cancel = kernel.schedule(timeoutMs, () => finish(false), `stream timeout ${name}`);
    read(batch, attempt).then(
      () => finish(true),
      () => finish(false),
    );
  };

  return {
    push(record) {
      waiting.push(record);
      if (busy) return;
      busy = true;
      kernel.schedule(40 + random() * 120, () => next(1), `stream ${name}`);
    },
    lag: () => waiting.length,
  };
}
