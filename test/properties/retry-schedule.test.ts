import fc from 'fast-check';
import { MOST_ATTEMPTS, nextAttempt, RETRY_FOR_MS } from '../../shared/domain/retry-schedule';

const START = Date.UTC(2026, 0, 5);

/** The moments of all attempts of a receiver that never answers well; each takes `took` milliseconds. */
function attemptsOf(chances: () => number, took: number, atLeastMs = 0): number[] {
  const moments = [START];
  for (;;) {
    const now = (moments.at(-1) as number) + took;
    const tried = { attempts: moments.length, firstAt: START, now, atLeastMs };
    const next = nextAttempt(tried, chances());
    if (next === undefined) return moments;
    moments.push(next);
  }
}

const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

test('a delivery is tried until a day has passed, in an order, and then no more', () => {
  fc.assert(
    fc.property(fc.infiniteStream(chance), fc.integer({ min: 0, max: 13_000 }), (chances, took) => {
      const moments = attemptsOf(() => chances.next().value as number, took);
      expect(moments.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
      for (const [index, at] of moments.entries()) {
        if (index === 0) continue;
        expect(at - (moments[index - 1] as number)).toBeGreaterThanOrEqual(Math.min(1_000, took));
        expect(at - (moments[index - 1] as number)).toBeLessThanOrEqual(3 * 3_600_000 + took);
      }
      const last = moments.at(-1) as number;
      expect(last - START).toBeLessThanOrEqual(RETRY_FOR_MS + took);
      if (moments.length < MOST_ATTEMPTS) expect(last - START).toBeGreaterThanOrEqual(RETRY_FOR_MS - took);
    }),
    { seed: 34 },
  );
});

test('with chance in the middle it is about two dozen attempts', () => {
  const moments = attemptsOf(() => 0.5, 1_000);
  expect(moments.length).toBeGreaterThan(15);
  expect(moments.length).toBeLessThan(35);
  expect((moments.at(-1) as number) - START).toBe(RETRY_FOR_MS);
});

test('what the receiver asks for is waited, up to three hours', () => {
  const asked = (ms: number) =>
    nextAttempt({ attempts: 1, firstAt: START, now: START, atLeastMs: ms }, 0.5) as number;
  expect(asked(60_000) - START).toBe(60_000);
  expect(asked(999_999_000) - START).toBe(3 * 3_600_000);
});
