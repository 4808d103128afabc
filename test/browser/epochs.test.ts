import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { describeConsole } from './support/bench';
import { tabTo } from './support/keyboard';
import { confirm } from './support/requests';

/** Each test closes the epoch that the one before it left open. */
describeConsole('the epochs of the audit log', (bench) => {
  const { as, api, read } = bench;

  const epochs = (page: Page) => page.getByRole('table', { name: 'Epochs' });
  const close = (person: string, epoch: number, reason: string) =>
    api(person, 'POST', '/api/audit/epochs', { epoch, reason });
  /** By the stream: open pages look at everything again. */
  const somethingIsTold = () =>
    api('anna', 'PUT', '/api/governance/switch', { paused: false, reason: 'something that is told' });
  /** The last epoch, once no order is on its way. */
  const open = (): Promise<{ epoch: number; from: number }> =>
    eventually('the last epoch is open', () => newestIf('open'), 30_000);
  const newestIf = async (status: string) => {
    const [newest] = await read('/api/audit/epochs?limit=1');
    return newest.status === status ? newest : undefined;
  };

  test('are there for auditors, who are not offered to close one', async () => {
    const { page } = await as('paul', '#/audit');
    const { head } = await read('/api/audit/entries?limit=1');
    await epochs(page)
      .getByRole('row', { name: /^1 ?Open/ })
      .waitFor();
    const row = await epochs(page).getByRole('row').nth(1).textContent();
    expect(Number(/(\d+), from 0 on/.exec(row ?? '')?.[1])).toBeGreaterThanOrEqual(head.size);
    expect(await page.getByRole('button', { name: /Close epoch/ }).count()).toBe(0);
  });

  test('an administrator closes one by keyboard alone, after having read what it means, with a reason', async () => {
    const { page } = await as('carla', '#/audit');
    await epochs(page)
      .getByRole('row', { name: /^1 ?Open/ })
      .waitFor();
    await tabTo(page, (name) => name === 'Close epoch 1…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Close epoch 1?' });
    await dialog.getByText('This cannot be undone.').waitFor();
    await tabTo(page, (name) => name === 'Close epoch 1');
    await page.keyboard.press('Enter');
    await dialog.getByText('Write why').waitFor();
    expect((await open()).epoch).toBe(1);

    await tabTo(page, (name) => name === 'Reason');
    await page.keyboard.type('a key may be known to somebody');
    await tabTo(page, (name) => name === 'Close epoch 1');
    await page.keyboard.press('Enter');
    await page.getByText('Epoch 1 is closed. The log goes on in epoch 2').waitFor();
    // Without a reload: by the stream, once the log has the order.
    await epochs(page)
      .getByRole('row', { name: /^2 ?Open/ })
      .waitFor();
    const closed = epochs(page).getByRole('row', { name: /^1 ?Closed/ });
    await closed.getByText('by carla (you)').waitFor();
    await closed.getByText('a key may be known to somebody').waitFor();
    const [, ended] = await read('/api/audit/epochs');
    await closed.getByTitle(ended.root).waitFor();
    // The entry that says so is among those shown, and the log holds over both.
    await page
      .getByRole('table', { name: /^Entries/ })
      .getByText('audit.epoch_closed')
      .waitFor();
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.getByText(/All \d+ entries hold/).waitFor({ timeout: 60_000 });
  });

  test('one that somebody else closes meanwhile is not closed again, nor the next one in its place', async () => {
    const { epoch } = await open();
    const { page } = await as('carla', '#/audit');
    await page.getByRole('button', { name: `Close epoch ${epoch}…` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('me too');
    // What the page would read is held back, so that it is the API that has to refuse.
    await page.route('**/api/audit/epochs*', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    );
    expect((await close('carla', epoch, 'I was first')).status).toBe(202);
    expect((await open()).epoch).toBe(epoch + 1);
    const yes = dialog.getByRole('button', { name: `Close epoch ${epoch}`, exact: true });
    await yes.click();
    await dialog.getByText('EPOCH_NOT_OPEN').waitFor();
    await dialog.getByText('It was closed before.').waitFor();
    expect((await open()).epoch).toBe(epoch + 1);

    // Once the page knows, the dialog says it before anybody tries.
    await page.unroute('**/api/audit/epochs*');
    await somethingIsTold();
    await dialog.getByText(`Epoch ${epoch} has been closed meanwhile`).waitFor();
    expect(await yes.isDisabled()).toBe(true);
  });

  test('an order that has not reached the log yet is shown as that, and refuses another', async () => {
    const { epoch } = await open();
    const { page } = await as('carla', '#/audit');
    const onItsWay = {
      status: 'closing',
      closedBy: `${bench.served.issuer.issuer}#ben`,
      reason: 'an incident',
      closedAt: '2026-01-05T12:00:00.000Z',
    };
    await page.getByRole('button', { name: `Close epoch ${epoch}…` }).waitFor();
    await page.route('**/api/audit/epochs', async (route) => {
      if (route.request().method() === 'POST')
        return route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          json: {
            ...{ type: 'urn:x', title: 'Somebody has closed it', status: 409, correlationId: 'c' },
            ...{ detail: 'ben has closed epoch', code: 'CLOSING_UNDER_WAY' },
          },
        });
      const answer = await route.fetch();
      const body = await answer.json();
      Object.assign(body.data[0], onItsWay);
      return route.fulfill({ response: answer, json: body });
    });
    await confirm(page, { button: `Close epoch ${epoch}…`, reason: 'r', yes: `Close epoch ${epoch}` });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Look again in a minute').waitFor();
    await page.keyboard.press('Escape');
    await somethingIsTold();
    const row = epochs(page).getByRole('row', { name: new RegExp(`^${epoch} ?Closing`) });
    await row.getByText('by ben').waitFor();
    expect(await page.getByRole('button', { name: /Close epoch/ }).count()).toBe(0);
  });

  test('whoever is no administrator any more is refused, and told so', async () => {
    const { epoch } = await open();
    const { page } = await as('carla', '#/audit');
    const token = await bench.served.issuer.tokenFor('paul');
    await page.route('**/api/audit/epochs', (route) =>
      route.request().method() === 'POST'
        ? route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${token}` } })
        : route.continue(),
    );
    await confirm(page, { button: `Close epoch ${epoch}…`, reason: 'r', yes: `Close epoch ${epoch}` });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Your roles do not include this').waitFor();
    await dialog.getByText('Ask an administrator for the role that this needs.').waitFor();
    expect((await open()).epoch).toBe(epoch);
  });

  test('an epoch that the log does not say is closed is marked', async () => {
    const { page } = await as('paul', '#/learning');
    await page.route('**/api/audit/epochs', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      Object.assign(body.data.at(-1), { closedBy: null, reason: null, closedAt: null, root: null });
      await route.fulfill({ response: answer, json: body });
    });
    await page.getByRole('link', { name: 'Audit log' }).click();
    const { from } = (await read('/api/audit/epochs')).at(-2);
    await page.getByText(`Entry ${from} does not say that it closes this epoch`).waitFor();
  });
});
