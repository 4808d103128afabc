import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 250;

/** Asks until there is an answer, at most `withinMs`; then fails with what was waited for and seen last. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  withinMs: number,
  seen: () => unknown = () => undefined,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) {
      throw new Error(`not within ${withinMs / 1000} s: ${what} (seen last: ${JSON.stringify(seen())})`);
    }
    await sleep(ASK_EVERY_MS);
  }
}
