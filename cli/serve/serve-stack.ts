import type { Io } from '../io';
import { DEV_PEOPLE } from './dev-people';
import { stopRequested } from './stop-requested';

/** The console of a stack on an emulator, on this machine, until it is told to end. */
export async function serveStack(
  io: Io,
  place: { readonly endpoint: string; readonly stack: string; readonly port: number },
): Promise<void> {
  const { serveEmulator } = await import('./emulator-server');
  const served = await serveEmulator({ ...place, people: DEV_PEOPLE });
  io.out(
    [
      `The console of stack ${place.stack} on the emulator is at ${served.origin}`,
      `  API       ${served.api}/api/docs`,
      `  sign in as ${DEV_PEOPLE.map(({ name }) => name).join(', ')}: nobody is asked for a password here`,
      '  Ctrl-C ends it; the emulator goes on',
    ].join('\n'),
  );
  await stopRequested();
  served.close();
}
