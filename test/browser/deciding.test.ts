import type { Page } from 'playwright-core';
import { describeConsole } from './support/bench';
import { tabTo } from './support/keyboard';

/** Requests of the simulator that wait for people, each decided in one test. */
const GROUP = 's0002-basket-web';
const INSTANCE = 'i-0a1b2c30000000003';
const DATABASE = 's0001-orders-db';

describeConsole('deciding about a request', (bench) => {
  const { as, api, read } = bench;

  /** From the list to the request about this target. */
  async function open(page: Page, target: string): Promise<string> {
    await page.getByRole('link', { name: target }).click();
    await page.getByRole('heading', { level: 1, name: target }).waitFor();
    return decodeURIComponent(new URL(page.url()).hash.split('/').at(-1) as string);
  }

  async function decide(page: Page, verdict: 'Approve' | 'Deny', reason: string): Promise<void> {
    await page.getByRole('button', { name: `${verdict}…` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name: `${verdict} this plan` }).click();
  }

  test('the confirmation repeats what will happen, and wants a reason', async () => {
    const { page } = await as('anna');
    const contractId = await open(page, GROUP);
    await page.getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve this action?' });
    await dialog.getByText(`desired capacity of ${GROUP}: from 4 to 6`).waitFor();
    await dialog.getByText('If the expected effect does not come, it is put back.').waitFor();
    await dialog.getByRole('button', { name: 'Approve this plan' }).click();
    await dialog.getByText('Write why').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const { approval } = await read(`/api/governance/approvals/${contractId}`);
    expect(approval.votes).toEqual([]);
  });

  test('a plan that changes while it is read has to be read again before anybody can decide', async () => {
    const { page } = await as('ben');
    const contractId = await open(page, GROUP);
    const { planHash } = (await read(`/api/governance/approvals/${contractId}`)).approval;
    const asked = await api('carla', 'POST', `/api/governance/approvals/${contractId}/replan`, {
      planHash,
      reason: 'the group was changed by hand',
    });
    expect(asked.status).toBe(200);
    await page.getByText('The plan changed while you were reading').waitFor();
    const approve = page.getByRole('button', { name: 'Approve…' });
    expect(await approve.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'I have read the new plan' }).click();
    expect(await approve.isEnabled()).toBe(true);
    const after = await read(`/api/governance/approvals/${contractId}`);
    expect(after.approval.planHash).not.toBe(planHash);
  });

  test('two people look at one request: when one denies, the other sees it at once and can do nothing more', async () => {
    const [anna, ben] = [await as('anna'), await as('ben')];
    const contractId = await open(anna.page, DATABASE);
    await open(ben.page, DATABASE);
    await ben.page.getByRole('button', { name: 'Approve…' }).click();
    await ben.page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('I was about to agree');

    await decide(anna.page, 'Deny', 'a deployment is under way');
    await anna.page.getByText('Denied. The request is closed and nothing is sent.').waitFor();

    // Without a reload: by the stream.
    const dialog = ben.page.getByRole('dialog');
    await dialog.getByText('This request is closed: denied').waitFor();
    expect(await dialog.getByRole('button', { name: 'Approve this plan' }).isDisabled()).toBe(true);
    await ben.page.getByText('anna denied').first().waitFor();
    const { status, approval } = await read(`/api/verification/contracts/${contractId}`);
    expect(status).toBe('denied');
    expect(approval.votes).toHaveLength(1);
  });

  test('by keyboard alone: from signing in to an approval', async () => {
    const { page } = await as('ben');
    await tabTo(page, (name) => name.includes(INSTANCE));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: INSTANCE }).waitFor();
    const contractId = new URL(page.url()).hash.split('/').at(-1) as string;
    await tabTo(page, (name) => name === 'Approve…');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, (name) => name === 'Reason');
    await page.keyboard.type('the instance hangs, nobody is on it');
    await tabTo(page, (name) => name === 'Approve this plan');
    await page.keyboard.press('Enter');
    await page.getByText('Approved. The action begins now.').waitFor();
    // The dialog is gone, and the focus is not lost with it.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { approval } = await read(`/api/verification/contracts/${contractId}`);
    expect(approval.votes).toMatchObject([
      { decision: 'approve', reason: 'the instance hangs, nobody is on it' },
    ]);
  });

  test('an approval is shown as it goes on: the page follows the action without a reload', async () => {
    const { page } = await as('anna');
    // Not carla: who asked for the fresh plan has no vote on it.
    const contractId = await open(page, GROUP);
    await decide(page, 'Approve', 'traffic is up by half');
    await page.getByText('Approved. The action begins now.').waitFor();
    await page.goto(`${bench.served.origin}/#/contracts/${contractId}`);
    await page.getByText('traffic is up by half').first().waitFor();
    await page.getByText('approval.granted').first().waitFor();
  });
});
