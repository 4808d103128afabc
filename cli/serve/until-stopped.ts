import type { DemoReport } from '../demo/run-demo';
import type { Io } from '../io';
import { isConsoleBuilt } from './console-files';
import { DEV_PEOPLE } from './dev-people';
import { type ServeOptions, serve } from './server';
import { stopRequested } from './stop-requested';

/** Serves until the process is told to end (Ctrl-C, SIGTERM), then closes cleanly. Answers the demo's report. */
export async function serveUntilStopped(
  io: Io,
  options: Omit<ServeOptions, 'cwd'> & { readonly onDemo?: (report: DemoReport) => void },
): Promise<void> {
  const stopped = stopRequested();
  const served = await serve({ ...options, cwd: io.cwd });
  options.onDemo?.(served.live.demo);
  io.out(
    [
      `Grace (simulator) is at ${served.origin}`,
      isConsoleBuilt()
        ? `  console   ${served.origin}`
        : '  console   not built yet: `npm run web` builds it, then load the page again',
      `  API       ${served.origin}/api/docs`,
      `  OpenAPI   ${served.origin}/api/openapi.json`,
      `  sign in as ${DEV_PEOPLE.map(({ name }) => name).join(', ')}: nobody is asked for a password here`,
      '  Ctrl-C ends it and leaves the run in .grace/',
    ].join('\n'),
  );
  await Promise.race([stopped, served.live.ended]);
  await served.close();
}
