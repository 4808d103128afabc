import { deleteStacks } from '../../cli/emulator/cdk-deploy';
import { emulatorEnvironment } from '../../cli/emulator/environment';
import { stopEmulator } from '../../cli/emulator/ministack';
import { broughtUp, RUN_VARIABLE, TEST_DIRECTORY } from '../support/emulator-run';

/** Our own emulator is stopped; of a given one only our stack is removed. */
export default async function teardown(): Promise<void> {
  if (process.env[RUN_VARIABLE] === undefined) return;
  const { endpoint, stack } = broughtUp();
  const stopped = await stopEmulator({ directory: TEST_DIRECTORY });
  if (stopped === 'not_running') await deleteStacks([stack], emulatorEnvironment(endpoint));
}
