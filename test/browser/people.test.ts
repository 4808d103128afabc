import { describeConsole } from './support/bench';
import { tabTo } from './support/keyboard';
import { confirm, requestAbout } from './support/requests';

describeConsole('speaking for others, and looking at what others did', (bench) => {
  const { as, api, read } = bench;

  test('anna lets vera speak for her by keyboard alone; vera votes in her place; anna ends it', async () => {
    const anna = await as('anna', '#/delegations');
    await anna.page.getByText('You speak for yourself.').waitFor();
    await tabTo(anna.page, (name) => name === 'Delegate…');
    await anna.page.keyboard.press('Enter');
    const dialog = anna.page.getByRole('dialog', { name: 'Let somebody speak for you?' });
    // Nothing filled in: each field says what is missing, and nothing is sent.
    await tabTo(anna.page, (name) => name === 'Delegate');
    await anna.page.keyboard.press('Enter');
    await dialog.getByText('Name one other person.').waitFor();
    await dialog.getByText('Write why').waitFor();
    expect(await read('/api/governance/delegations')).toEqual([]);

    await tabTo(anna.page, (name) => name === 'Who');
    // Not an approver, so not among those who are offered.
    await anna.page.keyboard.type('vera');
    await anna.page.keyboard.press('Escape');
    await tabTo(anna.page, (name) => name === 'Reason');
    await anna.page.keyboard.type('on leave until Monday');
    await tabTo(anna.page, (name) => name === 'Delegate');
    await anna.page.keyboard.press('Enter');
    await anna.page.getByText('vera speaks for you now.').waitFor();
    await anna.page.getByText('vera speaks for you until').waitFor();
    const [given] = await read('/api/governance/delegations');
    expect(given).toMatchObject({
      delegator: expect.stringMatching(/#anna$/),
      delegate: expect.stringMatching(/#vera$/),
      revokedAt: null,
    });
    const hours = (Date.parse(given.until) - Date.parse(given.givenAt)) / 3_600_000;
    expect(hours).toBeCloseTo(8, 1);

    const contractId = await requestAbout(bench.served, 's0001-orders-db');
    const vera = await as('vera', '#/approvals');
    await vera.page.getByRole('link', { name: 's0001-orders-db' }).click();
    await vera.page.getByText('You speak for anna.').waitFor();
    await confirm(vera.page, { button: 'Deny…', reason: 'a deployment is under way', yes: 'Deny this plan' });
    await vera.page.getByText('Denied. The request is closed and nothing is sent.').waitFor();
    await vera.page.getByText('through vera (you)').waitFor();
    const { approval } = await read(`/api/verification/contracts/${contractId}`);
    expect(approval.votes).toMatchObject([
      { subject: expect.stringMatching(/#anna$/), by: expect.stringMatching(/#vera$/), decision: 'deny' },
    ]);

    await confirm(anna.page, { button: 'End it…', reason: 'I am back', yes: 'End it now' });
    await anna.page.getByText('Ended. You speak for yourself again.').waitFor();
    await anna.page.getByText('You speak for yourself.', { exact: true }).waitFor();
    expect((await read('/api/governance/delegations'))[0].revokedAt).not.toBeNull();
  });

  test('a person whom nobody knows is refused, and the dialog stays with what was written', async () => {
    const { page } = await as('ben', '#/delegations');
    await page.getByRole('button', { name: 'Delegate…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Who' }).fill('mallory');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('on leave');
    await dialog.getByRole('button', { name: 'Delegate', exact: true }).click();
    await dialog.getByText('BAD_DELEGATE').waitFor();
    // Corrected, the same reason is another request.
    await dialog.getByRole('combobox', { name: 'Who' }).fill('carla');
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Delegate', exact: true }).click();
    await page.getByText('carla speaks for you now.').waitFor();
  });

  test('an emergency is reviewed by somebody else, with what they found, and then off the list', async () => {
    const contractId = await requestAbout(bench.served, 's0005-orders-db');
    const { planHash } = (await read(`/api/governance/approvals/${contractId}`)).approval;
    const broken = await api('emma', 'POST', `/api/governance/approvals/${contractId}/break-glass`, {
      planHash,
      reason: 'checkout is down',
    });
    expect(broken.status).toBe(200);

    const emma = await as('emma', '#/reviews');
    await emma.page.getByText('by somebody else', { exact: true }).waitFor();
    expect(await emma.page.getByRole('button', { name: 'Close the review' }).count()).toBe(0);

    const paul = await as('paul', '#/reviews');
    await paul.page.getByText('checkout is down').waitFor();
    await confirm(paul.page, {
      button: `Close the review of ${contractId}`,
      reason: 'it was right to act',
      yes: 'Close the review',
    });
    await paul.page.getByText('The review is closed.').waitFor();
    await paul.page.getByText('Nothing is to be reviewed').waitFor();
    expect(await read('/api/governance/reviews')).toEqual([]);
  });
});
