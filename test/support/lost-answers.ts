import type { Table } from '../../shared/ports/table';
import { StoreUnavailableError } from '../../shared/stores/errors';

/**
 * A table that does the next writes and then repeats each of them, as a client does whose first answer was
 * lost: the caller sees the repeat's answer only.
 */
export function repeatingTable(table: Table): Table & { loseAnswers(count: number): void } {
  let lost = 0;
  return {
    ...table,
    loseAnswers: (count) => {
      lost = count;
    },
    async write(writes, token) {
      const first = await table.write(writes, token);
      if (lost === 0 || !first.ok) return first;
      lost -= 1;
      return table.write(writes);
    },
  };
}

/** A table whose next write is done, and then fails to say so. */
export function forgetfulTable(table: Table): Table & { forgetNext(): void } {
  let forgets = false;
  return {
    ...table,
    forgetNext: () => {
      forgets = true;
    },
    async write(writes, token) {
      const result = await table.write(writes, token);
      if (!forgets) return result;
      forgets = false;
      throw new StoreUnavailableError('the answer was lost');
    },
  };
}
