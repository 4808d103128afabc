/** How far an issuer's clock may be ahead of ours; only by so much may a sign-in lie in the future. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Whole seconds, rounded up, since somebody proved who they are; 0 while the issuer's clock is ahead within the
 * skew. `undefined` = not known, or further in the future: a clock that is wrong makes nothing fresh.
 */
export function secondsSinceSignIn(authenticatedAt: number | undefined, now: number): number | undefined {
  if (authenticatedAt === undefined || authenticatedAt > now + CLOCK_SKEW_MS) return undefined;
  return Math.max(0, Math.ceil((now - authenticatedAt) / 1000));
}
