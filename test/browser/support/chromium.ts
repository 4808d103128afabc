import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's package `chromium` puts it there. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A new browser with an empty profile of its own. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}

/**
 * `describe` where there is a Chromium. Without one the tests are skipped, and it is said; in CI that is a failure:
 * a console that nobody has looked at is not tested.
 */
export function describeInChromium(name: string, tests: () => void): void {
  if (existsSync(CHROMIUM)) describe(name, tests);
  else if (process.env['CI'] === 'true') {
    describe(name, () => {
      test('there is a Chromium', () => {
        throw new Error(`${CHROMIUM} is not there: apt-get install chromium, or set CHROMIUM`);
      });
    });
  } else {
    console.warn(`SKIPPED: ${name}: ${CHROMIUM} is not there (apt-get install chromium, or set CHROMIUM)`);
    describe.skip(name, tests);
  }
}
