import type { Page } from 'playwright-core';
import { describeConsole } from './support/bench';
import { requestAbout } from './support/requests';

const DATABASE = 's0001-orders-db';
const INSTANCE = 'i-0a1b2c30000000003';

describeConsole('when something goes wrong', (bench) => {
  const { as, api, read } = bench;

  /** The dialog of an approval, filled in. */
  async function readyToApprove(page: Page) {
    await page.getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('I have read it');
    return { dialog, yes: dialog.getByRole('button', { name: 'Approve this plan' }) };
  }
  const approvalOf = async (contractId: string) =>
    (await read(`/api/governance/approvals/${contractId}`)).approval;
  const votesOn = async (contractId: string) =>
    (await read(`/api/verification/contracts/${contractId}`)).approval.votes;

  test('the API does not answer: it is said with what to do, what was read stays, and trying again goes on', async () => {
    const { page } = await as('vera', '#/learning');
    await page.getByRole('link', { name: 'restart-ec2-on-hang' }).first().waitFor();
    await page.route('**/api/**', (route) => route.abort('connectionrefused'));
    await page.evaluate(() => {
      location.hash = '#/missions';
    });
    const alert = page.getByRole('alert').filter({ hasText: 'Grace does not answer' }).first();
    await alert.getByText('Check the network.').waitFor();
    await alert.getByText('NO_ANSWER').waitFor();
    await page.unroute('**/api/**');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Missions' }).getByRole('link').first().waitFor();
    await page.getByText('Grace does not answer').first().waitFor({ state: 'detached' });
  });

  test('an answer in the place of the API’s, as of a proxy, is no answer', async () => {
    const { page } = await as('vera', '#/learning');
    await page.route('**/api/verification/missions*', (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
    );
    await page.evaluate(() => {
      location.hash = '#/missions';
    });
    await page.getByRole('alert').getByText('Grace does not answer').waitFor();
    expect(await page.getByRole('heading', { name: 'Bad gateway' }).count()).toBe(0);
  });

  test('a role that is missing is named, with whom to ask', async () => {
    const { page } = await as('vera', '#/audit');
    const alert = page.getByRole('alert').filter({ hasText: 'Your roles do not include this' });
    await alert.getByText('this takes one of the roles auditor, administrator').waitFor();
    await alert.getByText('Ask an administrator for the role that this needs.').waitFor();
  });

  test('a vote that comes too late is not counted, and the dialog says how it stands', async () => {
    const contractId = await requestAbout(bench.served, DATABASE);
    const { page } = await as('anna', `#/approvals/${contractId}`);
    const { dialog, yes } = await readyToApprove(page);
    // What the page would hear of it is held back, so that it is the API that has to refuse.
    await page.route(`**/api/governance/approvals/${contractId}`, (route) => route.abort());
    const { planHash } = await approvalOf(contractId);
    await api('ben', 'POST', `/api/governance/approvals/${contractId}/deny`, {
      planHash,
      reason: 'no',
    });
    await yes.click();
    await dialog.getByText('CLOSED · correlation id').waitFor();
    await dialog.getByText('Somebody was faster.').waitFor();
    expect((await votesOn(contractId)).map(({ decision }: { decision: string }) => decision)).toEqual([
      'deny',
    ]);
  });

  test('a vote on a plan that has changed is not counted', async () => {
    const contractId = await requestAbout(bench.served, 's0002-basket-web');
    const { page } = await as('anna', `#/approvals/${contractId}`);
    const { dialog, yes } = await readyToApprove(page);
    await page.route(`**/api/governance/approvals/${contractId}`, (route) => route.abort());
    const { planHash } = await approvalOf(contractId);
    const path = `/api/governance/approvals/${contractId}/replan`;
    expect((await api('carla', 'POST', path, { planHash, reason: 'look again' })).status).toBe(200);
    const watching = await as('ben', `#/approvals/${contractId}`);
    await watching.page
      .getByRole('button', { name: 'Approve…' })
      .and(watching.page.locator(':enabled'))
      .waitFor();
    expect((await approvalOf(contractId)).planHash).not.toBe(planHash);
    await yes.click();
    await dialog.getByText('PLAN_CHANGED').waitFor();
    await dialog.getByText('Read the plan again').waitFor();
    expect(await votesOn(contractId)).toEqual([]);
  });

  test('an answer that is lost on its way back is asked for again, and the vote counts once', async () => {
    const contractId = await requestAbout(bench.served, INSTANCE);
    const { page } = await as('anna', `#/approvals/${contractId}`);
    const { dialog, yes } = await readyToApprove(page);
    await page.route(
      '**/approve',
      async (route) => {
        await route.fetch();
        await route.abort('connectionreset');
      },
      { times: 1 },
    );
    // The page does not hear of its own vote, so that the dialog can be tried again.
    await page.route(`**/api/governance/approvals/${contractId}`, (route) => route.abort());
    await yes.click();
    await dialog.getByText('NO_ANSWER').waitFor();
    expect(await votesOn(contractId)).toHaveLength(1);
    await yes.click();
    await page.getByText('Approved. The action begins now.').waitFor();
    expect(await votesOn(contractId)).toHaveLength(1);
  });

  test('a sign-in that has ended asks for another, and comes back to the same thing', async () => {
    const contractId = await requestAbout(bench.served, 'i-0a1b2c30000000004');
    const { page } = await as('anna', `#/approvals/${contractId}`);
    const { dialog, yes } = await readyToApprove(page);
    const expired = await bench.served.issuer.tokenFor('anna', {
      issuedAt: Math.floor(Date.now() / 1000) - 7_200,
    });
    await page.route('**/approve', (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${expired}` } }),
    );
    await yes.click();
    await dialog.getByText('TOKEN_EXPIRED').waitFor();
    expect(await votesOn(contractId)).toEqual([]);
    await page.unroute('**/approve');
    await page.keyboard.press('Escape');
    await page.getByText('Your sign-in has expired').waitFor();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('link', { name: 'anna' }).click();
    await page.getByRole('heading', { level: 1, name: 'i-0a1b2c30000000004' }).waitFor();
    await (await readyToApprove(page)).yes.click();
    await page.getByText('Approved. The action begins now.').waitFor();
  });

  test('a page that cannot be loaded any more, since the console was deployed anew, says so; the rest stays', async () => {
    const { page } = await as('vera', '#/approvals');
    await page.route('**/assets/policies-page-*', (route) => route.fulfill({ status: 404, body: 'gone' }));
    await page.getByRole('link', { name: 'Policies' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'The console failed' });
    await alert.getByText('Reload the page.').waitFor();
    await page.getByRole('link', { name: 'Learning' }).click();
    await page.getByRole('heading', { level: 1, name: 'Learning' }).waitFor();
  });
});
