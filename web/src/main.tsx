import './app/base.css';
import { createRoot } from 'react-dom/client';
import type { ConsoleConfig } from '../../shared/contracts/console';
import { Console } from './app/console';
import { FailureAlert } from './app/failure-alert';
import { openSession } from './auth/session';

/** Milliseconds to get the configuration in. */
const PATIENCE = 10_000;

async function start(): Promise<void> {
  const root = createRoot(document.getElementById('root') as HTMLElement);
  try {
    const answer = await fetch('config.json', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(`config.json is not there: status ${answer.status}`);
    const config = (await answer.json()) as ConsoleConfig;
    const { session, error } = await openSession(config);
    root.render(<Console config={config} session={session} error={error} />);
  } catch (error) {
    // Nothing works without it, and a blank page says nothing.
    root.render(
      <main className="sign-in">
        <FailureAlert error={error} onRetry={() => location.reload()} />
      </main>,
    );
  }
}

void start();
