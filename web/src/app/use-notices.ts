import { useCallback, useState } from 'react';
import type { Notice } from './console-context';

export interface ShownNotice extends Notice {
  readonly id: string;
}

/** The newest on top; older ones go, since a notice is news. */
const MOST = 4;

export function useNotices() {
  const [notices, setNotices] = useState<readonly ShownNotice[]>([]);
  const dismiss = useCallback(
    (id: string) => setNotices((shown) => shown.filter((notice) => notice.id !== id)),
    [],
  );
  const notify = useCallback(
    (notice: Notice) =>
      setNotices((shown) => [{ ...notice, id: crypto.randomUUID() }, ...shown].slice(0, MOST)),
    [],
  );
  return { notices, notify, dismiss };
}
