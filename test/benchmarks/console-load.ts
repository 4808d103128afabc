import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildConsole } from '../../infra/console-asset';
import { openChromium } from '../browser/support/chromium';
import { serveForTest } from '../browser/support/served';
import { visit } from '../browser/support/sign-in';
import { firstLoadOf } from '../support/console-build';
import { type Figure, median } from './figure';

const FOLDER = resolve(__dirname, '../../web/dist');
const ROUNDS = 5;
const KB = 1024;

/** What a browser loads, and how long it takes until somebody who signs in can use it, over the loopback. */
export async function consoleFigures(print: (line: string) => void): Promise<readonly Figure[]> {
  await buildConsole(FOLDER);
  const sizes = ['index.html', ...firstLoadOf(FOLDER)].map((path) => ({
    path,
    bytes: gzipSync(readFileSync(join(FOLDER, path)), { level: 9 }).length,
  }));
  const sum = (of: typeof sizes) => of.reduce((total, { bytes }) => total + bytes, 0) / KB;
  const usable = await usableMs(print);
  return [
    {
      name: 'console_first_load_gzip',
      value: sum(sizes),
      unit: 'KB',
      goal: { atMost: 650 },
      note: 'page, scripts and styles of the web console',
    },
    {
      name: 'console_own_gzip',
      value: sum(sizes.filter(({ path }) => !path.includes('cloudscape-'))),
      unit: 'KB',
      goal: { atMost: 150 },
      note: 'of it our own and React; the rest is the design system',
    },
    {
      name: 'console_usable_p50',
      value: median(usable),
      unit: 'ms',
      goal: { atMost: 1000 },
      note: `signed in, empty cache, until the requests are listed; Chromium, loopback, ${ROUNDS} rounds`,
    },
  ];
}

/** From the start of the navigation back from the issuer until the first request is on the screen. */
async function usableMs(print: (line: string) => void): Promise<readonly number[]> {
  const [browser, served] = await Promise.all([openChromium(), serveForTest()]);
  try {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { page, close } = await visit(browser, { origin: served.origin, person: 'carla' });
      await page.locator('tbody a').first().waitFor();
      times.push(await page.evaluate(() => performance.now()));
      await close();
    }
    print(`bench: console usable after ${times.map(Math.round).join(', ')} ms`);
    return times;
  } finally {
    await browser.close();
    await served.close();
  }
}
