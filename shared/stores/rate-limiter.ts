import type { RateLimiter } from '../ports/api';
import type { Clock } from '../ports/clock';

/** Subjects that are remembered; whoever has been away longest is forgotten first, with a full bucket. */
const MOST_SUBJECTS = 10_000;

/**
 * A token bucket a subject: `burst` requests at once, then `perSecond`. In the memory of one process: on AWS each
 * concurrent instance of the function has its own, and the stage's own throttling stands above them all.
 */
export function tokenBuckets(
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
  clock: Pick<Clock, 'now'>,
): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    waitSeconds(subject) {
      const now = clock.now();
      const seen = buckets.get(subject) ?? { tokens: burst, at: now };
      const elapsed = Math.max(0, now - seen.at) / 1000;
      const tokens = Math.min(burst, seen.tokens + elapsed * perSecond);
      const isFree = tokens >= 1;
      // Put in again, so that the map's order is the order of the last visits.
      buckets.delete(subject);
      buckets.set(subject, { tokens: isFree ? tokens - 1 : tokens, at: now });
      if (buckets.size > MOST_SUBJECTS) buckets.delete(buckets.keys().next().value as string);
      return isFree ? 0 : Math.ceil((1 - tokens) / perSecond);
    },
  };
}
