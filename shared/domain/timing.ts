import type { Plan } from '../contracts/plan';

const MINUTE = 60_000;

/** The one extension of the window that an inconclusive look gets: half of it, one to fifteen minutes. */
export function extensionMs(plan: Plan): number {
  return Math.min(Math.max(plan.effect.windowSeconds * 500, MINUTE), 15 * MINUTE);
}

/**
 * How long a lock is leased: written once, never renewed, so it must outlast everything that may still
 * happen: the calls both ways, the window with its extension, retries, and 11 minutes for clocks that
 * disagree (over twice the tested skew of 5).
 */
export function leaseMs(plan: Plan): number {
  const calls = plan.steps.length * 2 * 75_000;
  const retries = 30 * MINUTE;
  return calls + plan.effect.windowSeconds * 1000 + extensionMs(plan) + retries + 11 * MINUTE;
}

/** Step Functions takes a timestamp; seconds are enough and keep the text short. */
export function timestamp(ms: number): string {
  return `${new Date(Math.ceil(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
