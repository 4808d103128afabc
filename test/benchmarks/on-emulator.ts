import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import { emulatorEnvironment } from '../../cli/emulator/environment';
import { stopEmulator } from '../../cli/emulator/ministack';
import { type BroughtUp, bringUp, EMULATOR_SETTINGS } from '../../cli/up/bring-up';
import type { SettingsFile } from '../../shared/contracts/settings';

const DIRECTORY = resolve(__dirname, '../../.emulator/bench');
/** The virtual environment is the developer's: it is made where it is missing, else only read. */
const INSTALLATION = resolve(__dirname, '../../.emulator');

/**
 * Measures on the stack on an emulator of its own, which is stopped again. Clients find it in the environment.
 * @throws EmulatorError where no emulator is to be had
 */
export async function onEmulator<T>(
  { print, settings = {} }: { readonly print: (line: string) => void; readonly settings?: SettingsFile },
  measure: (up: BroughtUp) => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  // What an interrupted run left behind would have its port and its contracts.
  await stopEmulator({ directory: DIRECTORY });
  const up = await bringUp({
    log: print,
    directory: DIRECTORY,
    installation: INSTALLATION,
    port: await freePort(),
    settings: { ...EMULATOR_SETTINGS, deployment: 'grace-bench', ...settings },
  });
  Object.assign(process.env, emulatorEnvironment(up.endpoint));
  try {
    return await measure(up);
  } finally {
    await stopEmulator({ directory: DIRECTORY });
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
