import type { Page } from 'playwright-core';
import { describeConsole } from './support/bench';
import { confirm, requestAbout } from './support/requests';

const DATABASE = 's0001-orders-db';
/** Seconds; a sign-in is fresh for five minutes. */
const TOO_LONG_AGO = 6 * 60;

describeConsole('an emergency', (bench) => {
  const { as, api, read } = bench;
  const contractOf = (contractId: string) => read(`/api/verification/contracts/${contractId}`);
  const breakTheGlass = (page: Page, reason: string) =>
    confirm(page, { button: 'Break the glass…', reason, yes: 'Approve it alone' });

  test('wants a reason and a fresh sign-in; then one person has approved, the action begins, and a review is open', async () => {
    const contractId = await requestAbout(bench.served, DATABASE);
    // Emma's browser has been open for a while.
    const { page } = await as('emma', `#/approvals/${contractId}`, {
      signedInAgo: { issuer: bench.served.issuer, seconds: TOO_LONG_AGO },
    });
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
    expect(await read('/api/governance/reviews')).toMatchObject([
      { contractId, reason: 'checkout is down, nobody answers' },
    ]);
  });

  test('is one a day: the second is refused, and says so', async () => {
    const earlier = await requestAbout(bench.served, 's0002-basket-web');
    const { planHash } = (await contractOf(earlier)).approval;
    const path = `/api/governance/approvals/${earlier}/break-glass`;
    await api('emma', 'POST', path, { planHash, reason: 'checkout is down' });
    const contractId = await requestAbout(bench.served, 's0005-orders-db');
    const { page } = await as('emma', `#/approvals/${contractId}`);
    await breakTheGlass(page, 'this one too');
    await page.getByRole('dialog').getByText('within the last 24 hours').waitFor();
    expect((await contractOf(contractId)).status).toBe('awaiting_approval');
  });
});
