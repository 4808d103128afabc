/** Milliseconds. */
const BASE_MS = 5_000;
const CAP_MS = 3 * 3_600_000;
/** How long a delivery is tried. */
export const RETRY_FOR_MS = 24 * 3_600_000;
/** An end for the unlucky: jitter alone leaves the number of attempts in a day to chance (about 25). */
export const MOST_ATTEMPTS = 60;

export interface Tried {
  /** Attempts made, at least 1. */
  readonly attempts: number;
  /** Milliseconds since 1970: of the first attempt, and now. */
  readonly firstAt: number;
  readonly now: number;
  /** What the receiver asked for (`Retry-After`), milliseconds; not more than the cap is granted. */
  readonly atLeastMs?: number;
}

/**
 * When to try again, milliseconds since 1970: after full jitter, a wait drawn from 0 to min(3 h, 5 s × 2^n) (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"). The last attempt is at 24 h. `undefined` = no more.
 * @param chance a number in [0, 1)
 */
export function nextAttempt(
  { attempts, firstAt, now, atLeastMs = 0 }: Tried,
  chance: number,
): number | undefined {
  const lastAt = firstAt + RETRY_FOR_MS;
  if (now >= lastAt || attempts >= MOST_ATTEMPTS) return undefined;
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** (attempts - 1));
  const wait = Math.max(Math.round(chance * ceiling), Math.min(atLeastMs, CAP_MS), 1_000);
  return Math.min(now + wait, lastAt);
}
