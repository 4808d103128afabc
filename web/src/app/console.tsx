import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ConsoleConfig } from '../../../shared/contracts/console';
import { apiClient } from '../api/client';
import type { Session } from '../auth/session';
import { liveStream } from '../live/live';
import { ConsoleContext, type ConsoleParts } from './console-context';
import { DeploymentProvider } from './deployment';
import { Shell } from './shell';
import { SignInPage } from './sign-in-page';
import { useTheme } from './theme';
import { useNotices } from './use-notices';

interface ConsoleProps {
  readonly config: ConsoleConfig;
  readonly session: Session;
  /** Why the sign-in that the browser comes back from did not work. */
  readonly error?: unknown;
}

export function Console({ config, session, error }: ConsoleProps) {
  const [theme, setTheme] = useTheme();
  const state = useSyncExternalStore(session.subscribe, session.state);
  const { notices, notify, dismiss } = useNotices();
  const parts = useMemo<ConsoleParts>(() => {
    const client = apiClient({
      origin: config.apiOrigin ?? '',
      token: session.token,
      refused: session.refused,
    });
    return { config, client, session, live: liveStream(client), notify };
  }, [config, session, notify]);

  useEffect(() => {
    if (state.status !== 'signed_in') return;
    parts.live.start();
    return () => parts.live.stop();
  }, [parts, state.status]);

  if (state.status === 'signed_out') {
    return <SignInPage config={config} error={error} signIn={() => session.signIn()} />;
  }
  return (
    <ConsoleContext value={parts}>
      <DeploymentProvider>
        <Shell session={state} theme={theme} setTheme={setTheme} notices={notices} dismiss={dismiss} />
      </DeploymentProvider>
    </ConsoleContext>
  );
}
