import { useSyncExternalStore } from 'react';

/** The clock of the page, ticking once a second for everybody who shows time, corrected by the API's own clock. */
const listeners = new Set<() => void>();
let offset = 0;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now() + offset;
  for (const listener of listeners) listener();
}

/** What the API says the time is; its expiries are by its clock, not by this machine's. Milliseconds since 1970. */
export function clockIs(at: number): void {
  offset = at - Date.now();
  tick();
}

/** The same, once. */
export const currentTime = (): number => Date.now() + offset;

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** Whether `at` (milliseconds since 1970) is over; renders again only when that changes. */
export function useIsOver(at: number): boolean {
  return useSyncExternalStore(subscribe, () => now >= at);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
