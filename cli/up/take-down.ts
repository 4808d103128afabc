import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { deleteStacks } from '../emulator/cdk-deploy';
import { emulatorEnvironment } from '../emulator/environment';
import { isEmulatorThere, stopEmulator } from '../emulator/ministack';

/** What `bringUp` leaves in the folder, beside the installation and the logs. */
const RUN_FILES = ['cdk.out', 'outputs.json'];

/**
 * Undoes `bringUp`. Of an emulator that was given, only the stack is deleted; one that was started is stopped,
 * and everything in it is gone. Nothing that runs is nothing to do.
 *
 * @returns what was done, a line each
 * @throws EmulatorError `not_an_emulator`, `stack_failed`
 */
export async function takeDown(options: {
  readonly directory: string;
  readonly stack: string;
  /** `AWS_ENDPOINT_URL`, where it is set. */
  readonly given: string | undefined;
}): Promise<readonly string[]> {
  const { directory, stack, given } = options;
  const done: string[] = [];
  if (given !== undefined && given !== '') {
    if (await isEmulatorThere(given)) {
      await deleteStacks([stack], emulatorEnvironment(given));
      done.push(`Stack ${stack} is gone from the emulator at ${given}, which goes on running.`);
    } else {
      done.push(`No emulator answers at ${given}.`);
    }
  }
  const stopped = await stopEmulator({ directory });
  if (stopped !== 'not_running') done.push('The emulator is stopped, and everything in it is gone.');
  for (const file of RUN_FILES) rmSync(join(directory, file), { recursive: true, force: true });
  return done.length > 0 ? done : ['Nothing runs: there was nothing to do.'];
}
