import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 688px)';

/** A phone, or a narrow window: tables show what matters most. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(NARROW);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(NARROW).matches,
  );
}
