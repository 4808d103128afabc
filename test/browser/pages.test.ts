import { source as AXE } from 'axe-core';
import type { Page } from 'playwright-core';
import { describeConsole } from './support/bench';
import { PAYLOADS, type Poisoned, poison } from './support/poison';
import { needsTwo } from './support/requests';
import type { Visit, VisitOptions } from './support/sign-in';

describeConsole('every page', (bench) => {
  /** Ids of things with payloads in them. */
  let poisoned: Poisoned;

  beforeAll(async () => {
    poisoned = await poison(bench.served);
    // A vote for parliament to show.
    await needsTwo(bench.served, poisoned.contract);
  });

  /** Address and heading of each page. */
  const pages = (): [string, string | RegExp][] => [
    ['#/approvals?show=all', 'Waiting for me'],
    [`#/approvals/${poisoned.contract}`, /./],
    ['#/contracts', 'Contracts'],
    [`#/contracts/${poisoned.contract}`, /./],
    ['#/missions', 'Missions'],
    [`#/missions/${poisoned.mission}`, /Mission/],
    ['#/quarantine', 'Quarantine'],
    [`#/quarantine/${poisoned.quarantined}`, /Held event/],
    [`#/contracts/${poisoned.snapshot}/snapshots/0`, /Snapshot of/],
    ['#/reviews', 'Reviews'],
    ['#/delegations', 'Delegations'],
    ['#/parliament', 'Parliament'],
    ['#/policies', 'Policies'],
    ['#/audit', 'Audit log'],
    ['#/activity', 'Activity'],
    ['#/learning', 'Learning'],
    ['#/deployment', 'Deployment'],
    ['#/nowhere', 'No such page'],
    [`#/contracts/${encodeURIComponent(PAYLOADS[1] as string)}`, /Contract/],
  ];

  async function goTo(page: Page, [address, heading]: [string, string | RegExp]): Promise<void> {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    // Until everything that the page reads has come, or has been said to be missing.
    await page.waitForFunction(() => !/Reading [a-z]/.test(document.body.textContent));
  }

  /** As carla, who may see everything; the policies of the page itself are left on but where a test has to inject. */
  const asCarla = (options?: VisitOptions): Promise<Visit> => bench.as('carla', undefined, options);

  test.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)(
    'in %s at %i pixels has no serious finding of axe',
    async (colorScheme, width) => {
      // axe is a script that is put into the page, which the policy rightly refuses.
      const { page } = await asCarla({
        colorScheme,
        viewport: { width, height: 800 },
        bypassCSP: true,
      });
      for (const place of pages()) {
        await goTo(page, place);
        expect([place[0], await seriousFindings(page)]).toEqual([place[0], []]);
      }
    },
    240_000,
  );

  test('and its dialogs have no serious finding of axe', async () => {
    const { page } = await asCarla({ bypassCSP: true });
    const dialogs: [string, RegExp, string][] = [
      [`#/approvals/${poisoned.contract}`, /./, 'Approve…'],
      ['#/delegations', /Delegations/, 'Delegate…'],
      ['#/audit', /Audit log/, 'Close the finding'],
      ['#/audit', /Audit log/, 'Close epoch 2…'],
      [`#/contracts/${poisoned.snapshot}`, /./, 'Let it go…'],
    ];
    for (const [address, heading, button] of dialogs) {
      await goTo(page, [address, heading]);
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      expect([button, await seriousFindings(page)]).toEqual([button, []]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  test('shows what came from an event as text: nothing runs, nothing is loaded, nothing is refused by the policy', async () => {
    const { page, violations, surprises } = await asCarla();
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(bench.served.origin)) elsewhere.push(request.url());
    });
    const text: string[] = [];
    for (const place of pages()) {
      await goTo(page, place);
      text.push((await page.locator('body').textContent()) ?? '');
    }
    const shown = text.join('\n');
    for (const payload of PAYLOADS) expect(shown).toContain(payload);
    expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
    expect(await page.locator('iframe, script:not([src]), img[src="x"], svg[onload]').count()).toBe(0);
    expect({ violations, surprises, elsewhere }).toEqual({ violations: [], surprises: [], elsewhere: [] });
  });

  test('fits a phone: nothing but tables is wider than the screen', async () => {
    const { page } = await asCarla({ viewport: { width: 320, height: 700 } });
    for (const place of pages()) {
      await goTo(page, place);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([place[0], width]).toEqual([place[0], 320]);
    }
  });

  test('has tables that a phone shows whole: none scrolls sideways inside its box', async () => {
    const { page } = await asCarla({ viewport: { width: 375, height: 800 } });
    for (const place of pages()) {
      await goTo(page, place);
      const tooWide = await page
        .getByRole('table')
        .evaluateAll((tables) =>
          tables
            .filter((table) => table.scrollWidth > (table.parentElement as HTMLElement).clientWidth)
            .map((table) => `${table.getAttribute('aria-label')}: ${table.scrollWidth}`),
        );
      expect([place[0], tooWide]).toEqual([place[0], []]);
    }
  });

  test('has a title of its own, which is its heading', async () => {
    const { page } = await asCarla();
    for (const place of pages()) {
      await goTo(page, place);
      const heading = await page.getByRole('heading', { level: 1 }).textContent();
      expect([place[0], await page.title()]).toEqual([place[0], `${heading} · Grace`]);
    }
  });

  test('that is not there says so, with a code and what to do', async () => {
    const { page } = await asCarla();
    await goTo(page, ['#/contracts/NOSUCHCONTRACT', /Contract/]);
    const alert = page.getByRole('alert');
    await alert.getByText('NOT_FOUND').waitFor();
    await alert.getByText('correlation id').waitFor();
    await alert.getByText('your roles may not include it').waitFor();
  });
});

/** Impact `serious` and `critical`: what keeps people from using a page. */
async function seriousFindings(page: Page): Promise<string[]> {
  // What is fading in has too little contrast until it is there; what turns for ever is no such thing.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== 'running' || effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY,
      ),
  );
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
  });
}
