import type { Browser } from 'playwright-core';
import { describeInChromium, openChromium } from './support/chromium';
import { type Served, serveForTest } from './support/served';
import { visit } from './support/sign-in';

describeInChromium('signing out', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    [browser, served] = await Promise.all([openChromium(), serveForTest()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  test('goes by the issuer and comes back to where one signs in; nothing of the person is left', async () => {
    const { page, close } = await visit(browser, { origin: served.origin, person: 'anna' });
    const told = page.waitForRequest((request) => request.url().includes('/issuer/logout'));
    await page.getByRole('button', { name: 'You are anna' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const { searchParams: asked } = new URL((await told).url());
    expect(asked.get('post_logout_redirect_uri')).toBe(`${served.origin}/`);
    await page.waitForURL(`${served.origin}/`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();

    // Neither a reload nor the way back shows what was there.
    await page.goBack();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('anna').count()).toBe(0);
    await close();
  });

  test('leaves it to the person who signs in next', async () => {
    const { page, close } = await visit(
      browser,
      { origin: served.origin, person: 'vera' },
      { at: '#/learning' },
    );
    await page.getByRole('button', { name: 'You are vera' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(`${served.origin}/`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'ben' }).click();
    await page.getByRole('button', { name: 'You are ben' }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Waiting for me' }).waitFor();
    await close();
  });
});
