/** Milliseconds. */
const FIRST = 500;
const LONGEST = 30_000;

/**
 * How long to wait before try `attempt` (1, 2, 3 …): full jitter below a doubling, capped bound, so that many
 * consoles do not come back at the same moment. `chance`: 0 to 1. `floor`: what the server asked for.
 */
export function waitBefore(attempt: number, chance: number, floor = 0): number {
  const bound = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.max(floor, Math.round(chance * bound));
}
