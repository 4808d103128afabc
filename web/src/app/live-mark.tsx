import { useLiveState } from '../live/use-live';
import { useNow } from './use-now';

/** Whether what is on the screen changes by itself. In words, since a green dot says nothing to most. */
export function useLiveWords(): string {
  const live = useLiveState();
  const now = useNow();
  switch (live.status) {
    case 'live':
      return 'Live';
    case 'connecting':
      return 'Connecting';
    case 'lost':
      return `Not live: again in ${Math.max(0, Math.ceil((live.again - now) / 1000))} s`;
    case 'off':
      return 'Not live';
  }
}
