import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BroughtUp } from '../../cli/up/bring-up';
import { EMULATOR_SETTINGS } from '../../cli/up/bring-up';
import type { SettingsFile } from '../../shared/contracts/settings';

/** Everything of the emulator tests' own emulator; a developer's one in `.emulator` is not touched. */
export const TEST_DIRECTORY = resolve(__dirname, '../../.emulator/test');
/** The virtual environment is the developer's too: it is only read. */
export const TEST_INSTALLATION = resolve(__dirname, '../../.emulator');
/** Set by the setup, for the tests: the file that says what was brought up. Not there: no emulator is to be had. */
export const RUN_VARIABLE = 'GRACE_EMULATOR_TESTS';

/** A stack of its own, so that a given emulator may hold somebody's `grace` as well. */
export const TEST_SETTINGS: SettingsFile = {
  ...EMULATOR_SETTINGS,
  deployment: 'grace-tests',
  limits: { concurrentActions: 100 },
};

/** What the setup brought up. */
export function broughtUp(): BroughtUp {
  const file = process.env[RUN_VARIABLE];
  if (file === undefined) throw new Error('there is no emulator: run the emulator tests by jest');
  return JSON.parse(readFileSync(file, 'utf8')) as BroughtUp;
}
