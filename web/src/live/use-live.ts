import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useConsole } from '../app/console-context';
import type { LiveState } from './stream';

export function useLiveState(): LiveState {
  const { live } = useConsole();
  return useSyncExternalStore(live.onState, live.state);
}

/** Milliseconds: changes come in bursts (a vote, its move, its mission), and are looked at once. */
const BURST = 150;
/** Milliseconds between looks while there is no stream. */
const WITHOUT_STREAM = 5_000;
/** Milliseconds between looks beside the stream, for what it does not carry. */
const BESIDE_STREAM = 60_000;

/**
 * Calls `look` soon after each event of the stream, and by the clock where there is no stream or the tab was asleep.
 * The stream says *that* something changed; what it is now is read from the API.
 */
export function useLook(look: () => void): void {
  const { live } = useConsole();
  const { status } = useLiveState();
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    let burst: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      burst ??= setTimeout(() => {
        burst = undefined;
        latest.current();
      }, BURST);
    };
    const unsubscribe = live.onEvent(soon);
    const timer = setInterval(soon, status === 'live' ? BESIDE_STREAM : WITHOUT_STREAM);
    const onVisible = () => {
      if (document.visibilityState === 'visible') soon();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      unsubscribe();
      clearInterval(timer);
      clearTimeout(burst);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [live, status]);
}
