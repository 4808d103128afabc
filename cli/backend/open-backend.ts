import { join } from 'node:path';
import { readRun } from '../emulator/emulator-process';
import { NothingThereError, UsageError } from '../errors';
import type { Io } from '../io';
import type { Backend } from './backend';
import type { BackendOptions } from './options';
import { simulatorBackend } from './simulator-backend';

/**
 * Opens what `--on` names, hands it over, and closes it whatever happens; what a command that failed had
 * done until then is kept too.
 */
export async function withBackend<T>(
  io: Io,
  options: BackendOptions,
  use: (backend: Backend) => Promise<T>,
): Promise<T> {
  const backend = await openBackend(io, options);
  try {
    return await use(backend);
  } finally {
    await backend.close();
  }
}

/** The caller closes it. */
export async function openBackend(io: Io, { on, stack, as }: BackendOptions): Promise<Backend> {
  if (on === 'simulator') return simulatorBackend(io, as);
  // Only here, so that the simulator starts without the SDK.
  const { stackBackend } = await import('./stack-backend');
  const token = io.env['GRACE_TOKEN'];
  if (on === 'emulator') return stackBackend({ name: on, stack, token, as, endpoint: emulatorEndpoint(io) });
  if (as === undefined) return stackBackend({ name: on, stack, token });
  throw new UsageError('on AWS you are who your credentials, or GRACE_TOKEN, say: leave --as out');
}

/** `AWS_ENDPOINT_URL`, else the emulator that `npm run up` started. */
export function emulatorEndpoint(io: Io): string {
  const endpoint = io.env['AWS_ENDPOINT_URL'] ?? readRun(join(io.cwd, '.emulator'))?.endpoint;
  if (endpoint === undefined || endpoint === '') {
    throw new NothingThereError('no emulator is known; `npm run up` starts one, or set AWS_ENDPOINT_URL');
  }
  return endpoint;
}
