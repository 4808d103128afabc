import type { Browser, Page } from 'playwright-core';
import { describeInChromium, openChromium } from './support/chromium';
import { confirm, requestAbout } from './support/requests';
import { type Served, serveForTest } from './support/served';
import { visit } from './support/sign-in';

const DATABASE = 's0001-orders-db';
/** Seconds; a sign-in is fresh for five minutes. */
const TOO_LONG_AGO = 6 * 60;

describeInChromium('an emergency', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    [browser, served] = await Promise.all([openChromium(), serveForTest()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const contractOf = async (contractId: string) =>
    (await served.api('carla', 'GET', `/api/verification/contracts/${contractId}`)).body.data;
  const breakTheGlass = (page: Page, reason: string) =>
    confirm(page, { button: 'Break the glass…', reason, yes: 'Approve it alone' });

  test('wants a reason and a fresh sign-in; then one person has approved, the action begins, and a review is open', async () => {
    const contractId = await requestAbout(served, DATABASE);
    // Emma's browser has been open for a while.
    const { page, close } = await visit(
      browser,
      { origin: served.origin, person: 'emma' },
      { at: `#/approvals/${contractId}`, signedInAgo: { issuer: served.issuer, seconds: TOO_LONG_AGO } },
    );
    await page.getByRole('button', { name: 'Break the glass…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Break the glass?' });
    await dialog.getByText('may be done once a day').waitFor();
    await dialog.getByRole('button', { name: 'Approve it alone' }).click();
    await dialog.getByText('Write why').waitFor();
    expect((await contractOf(contractId)).status).toBe('awaiting_approval');

    await dialog.getByRole('textbox', { name: 'Reason' }).fill('checkout is down, nobody answers');
    await dialog.getByRole('button', { name: 'Approve it alone' }).click();
    await dialog.getByText('REAUTHENTICATE').waitFor();
    expect((await contractOf(contractId)).status).toBe('awaiting_approval');

    // The issuer is asked for a sign-in that is not an old one's.
    const asked = page.waitForRequest((request) => request.url().includes('/issuer/authorize'));
    await dialog.getByRole('button', { name: 'Sign in afresh' }).click();
    expect(new URL((await asked).url()).searchParams.get('prompt')).toBe('login');
    await page.getByRole('link', { name: 'emma' }).click();

    await breakTheGlass(page, 'checkout is down, nobody answers');
    await page.getByText('Approved in an emergency.').waitFor();
    const { approval } = await contractOf(contractId);
    expect(approval).toMatchObject({ brokenBy: expect.stringMatching(/#emma$/) });
    const { body } = await served.api('paul', 'GET', '/api/governance/reviews');
    expect(body.data).toMatchObject([{ contractId, reason: 'checkout is down, nobody answers' }]);
    await close();
  });

  test('is one a day: the second is refused, and says so', async () => {
    const earlier = await requestAbout(served, 's0002-basket-web');
    const { planHash } = (await contractOf(earlier)).approval;
    const path = `/api/governance/approvals/${earlier}/break-glass`;
    await served.api('emma', 'POST', path, { planHash, reason: 'checkout is down' });
    const contractId = await requestAbout(served, 's0005-orders-db');
    const { page, close } = await visit(
      browser,
      { origin: served.origin, person: 'emma' },
      { at: `#/approvals/${contractId}` },
    );
    await breakTheGlass(page, 'this one too');
    await page.getByRole('dialog').getByText('within the last 24 hours').waitFor();
    expect((await contractOf(contractId)).status).toBe('awaiting_approval');
    await close();
  });
});
