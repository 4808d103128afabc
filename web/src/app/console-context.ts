import { createContext, useContext } from 'react';
import type { ConsoleConfig } from '../../../shared/contracts/console';
import type { Client } from '../api/client';
import type { Session } from '../auth/session';
import type { Live } from '../live/live';

/** What every page works with. */
export interface ConsoleParts {
  readonly config: ConsoleConfig;
  readonly client: Client;
  readonly session: Session;
  readonly live: Live;
  /** Says something in the notices above the page, and to a screen reader. */
  notify(notice: Notice): void;
}

export interface Notice {
  readonly kind: 'success' | 'info' | 'warning' | 'error';
  readonly title: string;
  readonly text?: string;
}

export const ConsoleContext = createContext<ConsoleParts | undefined>(undefined);

export function useConsole(): ConsoleParts {
  const parts = useContext(ConsoleContext);
  if (parts === undefined) throw new Error('this is not inside the console');
  return parts;
}
