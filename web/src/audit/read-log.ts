import type { AuditEntryView, EntriesView } from '../../../shared/contracts/api/audit';
import type { Client } from '../api/client';
import { ProblemError } from '../api/errors';
import { PATHS } from '../api/paths';

/** Entries a call; the most that the API gives. */
const AT_ONCE = 100;

/** Reads the log from its first entry to `size`, a page at a time; waits when the API asks for it. */
export async function* readLog(
  client: Client,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<readonly AuditEntryView[]> {
  for (let from = 0; from < size; ) {
    const { data } = await patiently(() =>
      client.get<EntriesView>(PATHS.entries, { query: { from, limit: AT_ONCE }, signal }),
    );
    // A server that gives nothing more is said by the verification: the log is shorter than its head.
    if (data.entries.length === 0) return;
    yield data.entries;
    from += data.entries.length;
  }
}

/** Reading a long log is many calls: throttled, it goes on after a second, at most this often in a row. */
const TRIES = 10;

async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const throttled = error instanceof ProblemError && error.problem.code === 'RATE_LIMITED';
      if (!throttled || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * 1000));
    }
  }
}
