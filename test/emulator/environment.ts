/**
 * Runs before each file of the emulator tests. They find the emulator where the SDK does, in the environment;
 * only here, so that no other test finds it. Without an emulator every test is skipped.
 */
import { emulatorEnvironment } from '../../cli/emulator/environment';
import { broughtUp, RUN_VARIABLE } from '../support/emulator-run';

if (process.env[RUN_VARIABLE] === undefined) {
  const nothing = () => undefined;
  // Nobody listens there, and nobody asks.
  process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
  Object.assign(globalThis, {
    describe: describe.skip,
    it: it.skip,
    test: test.skip,
    beforeAll: nothing,
    afterAll: nothing,
    beforeEach: nothing,
    afterEach: nothing,
  });
} else {
  Object.assign(process.env, emulatorEnvironment(broughtUp().endpoint));
}
