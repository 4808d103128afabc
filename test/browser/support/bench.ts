import type { Browser } from 'playwright-core';
import { describeInChromium, openChromium } from './chromium';
import { type Json, type Served, serveForTest } from './served';
import { type Visit, type VisitOptions, visit } from './sign-in';

/** What the tests of one file share. */
export interface Bench {
  /** The server of this file, with the demo played; there once the tests run. */
  readonly served: Served;
  /** Somebody signs in, in a browser profile of their own, and begins at `at`. It is closed when the test is over. */
  as(person: string, at?: string, options?: VisitOptions): Promise<Visit>;
  /** Calls the API as one of the people, without a browser. */
  readonly api: Served['api'];
  /** `data` of what the API answers to a GET; fails when it is refused. `person`: default carla, who may read everything. */
  read(path: string, person?: string): Promise<Json>;
}

/**
 * `describe` of the console in a real browser: one Chromium and one server for the file, in which nothing of another file
 * has happened. After each test its pages are closed, and no script of theirs may have failed.
 */
export function describeConsole(name: string, tests: (bench: Bench) => void): void {
  describeInChromium(name, () => {
    let browser: Browser | undefined;
    let served: Served | undefined;
    let visits: Visit[] = [];

    beforeAll(async () => {
      [browser, served] = await Promise.all([openChromium(), serveForTest()]);
    });
    afterEach(async () => {
      const over = visits;
      visits = [];
      await Promise.all(over.map(({ close }) => close()));
      expect(over.flatMap(({ surprises }) => surprises)).toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      await served?.close();
    });

    const running = (): Served => {
      if (served === undefined) throw new Error('the server is there in tests only');
      return served;
    };
    const api: Served['api'] = (...call) => running().api(...call);
    tests({
      get served() {
        return running();
      },
      api,
      async as(person, at, options) {
        const opened = await visit(
          browser as Browser,
          { origin: running().origin, person },
          { ...options, ...(at === undefined ? {} : { at }) },
        );
        visits.push(opened);
        return opened;
      },
      async read(path, person = 'carla') {
        const { status, body } = await api(person, 'GET', path);
        if (status !== 200) throw new Error(`GET ${path} as ${person}: ${status} ${JSON.stringify(body)}`);
        return body.data;
      },
    });
  });
}
