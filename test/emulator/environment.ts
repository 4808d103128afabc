/**
 * Runs before each file of the emulator tests. They find the emulator where the SDK does, in the environment;
 * only here, so that no other test finds it. Without an emulator every test is skipped.
 */
import { emulatorEnvironment } from '../../cli/emulator/environment';
import { broughtUp, RUN_VARIABLE } from '../support/emulator-run';

if (process.env[RUN_VARIABLE] === undefined) {
  // Nobody listens there, and nobody asks.
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
  const nothing = () => undefined;
  const skipped = ({ skip }: jest.Describe | jest.It) =>
    Object.assign(skip.bind(undefined), { skip, each: skip.each });
  Object.assign(globalThis, {
    beforeAll: nothing,
    afterAll: nothing,
    beforeEach: nothing,
    afterEach: nothing,
  });
  Object.assign(globalThis, { describe: skipped(describe), it: skipped(it), test: skipped(test) });
} else {
  Object.assign(process.env, emulatorEnvironment(broughtUp().endpoint));
}
