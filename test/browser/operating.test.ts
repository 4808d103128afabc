import { holdBack } from '../../functions/sentinel/quarantine';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import { describeConsole } from './support/bench';
import { confirm } from './support/requests';

describeConsole('an operator', (bench) => {
  const { as, api, read } = bench;

  /** A contract of the demo that ended so. */
  const ended = async (status: string): Promise<string> =>
    (await read(`/api/verification/contracts?status=${status}`))[0].contractId;

  test('pauses Grace with a reason, everybody sees it on every page, and it is resumed the same way', async () => {
    const [olga, vera] = [await as('olga', '#/contracts'), await as('vera', '#/missions')];
    await confirm(olga.page, {
      button: 'Acting. Kill switch: pause Grace',
      reason: 'network maintenance until 05:00',
      yes: 'Pause',
    });
    await olga.page.getByText('Grace is paused.').waitFor();
    await vera.page.getByText('Grace is paused: nothing new is sent').waitFor();
    await vera.page.getByText('network maintenance until 05:00').waitFor();
    expect(await read('/api/governance/switch')).toMatchObject({
      paused: true,
      by: expect.stringMatching(/#olga$/),
      reason: 'network maintenance until 05:00',
    });

    // Whoever only reads is told who can, and is offered nothing.
    expect(await vera.page.getByRole('button', { name: 'Resume…' }).count()).toBe(0);
    await vera.page.getByRole('button', { name: 'Paused. Kill switch: resume Grace' }).click();
    await vera.page.getByText('Operators and administrators pause and resume Grace.').waitFor();
    expect(await vera.page.getByRole('dialog').count()).toBe(0);

    await confirm(olga.page, { button: 'Resume…', reason: 'maintenance is over', yes: 'Resume' });
    await olga.page.getByText('Grace acts again.').waitFor();
    await vera.page.getByText('Grace is paused: nothing new is sent').waitFor({ state: 'detached' });
    expect((await read('/api/governance/switch')).paused).toBe(false);
  });

  test('does not turn the switch back when somebody else has just turned it', async () => {
    const { page } = await as('olga', '#/contracts');
    await page.getByRole('button', { name: 'Acting. Kill switch: pause Grace' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause Grace?' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('me too');
    // What the page would hear is held back, so that it is the API that has to notice.
    await page.route('**/api/governance/switch', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    );
    await api('anna', 'PUT', '/api/governance/switch', { paused: true, reason: 'I was first' });
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await dialog.getByText('REV_CHANGED').waitFor();
    expect((await read('/api/governance/switch')).reason).toBe('I was first');
    await page.unroute('**/api/governance/switch');
    // Looked at again, the dialog says it before anybody tries.
    await dialog.getByText('Somebody else has just paused it.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Pause', exact: true }).isDisabled()).toBe(true);
    await api('anna', 'PUT', '/api/governance/switch', { paused: false, reason: 'over' });
  });

  test('asks for a rollback: a contract of its own follows, on which whoever asked has no vote', async () => {
    const rows = await read('/api/verification/contracts?playbook=scale-out-on-latency');
    const { page } = await as('anna', `#/contracts/${rows[0].contractId}`);
    await confirm(page, {
      button: 'Ask for a rollback…',
      reason: 'the load is back to normal',
      yes: 'Ask for it',
    });
    await page.getByText('A contract of its own follows for checkout-web').waitFor();
    await page.goto(`${bench.served.origin}/#/contracts?playbook=restore-capacity`);
    await page.getByRole('link', { name: 'restore-capacity' }).first().click();
    await page.getByText('anna (you) has no vote').waitFor();
  });

  test('sees what a snapshot holds, and asks to restore it', async () => {
    const contractId = await ended('rolled_back');
    const { page } = await as('anna', `#/contracts/${contractId}`);
    await page.getByRole('link', { name: 'Snapshot 1' }).click();
    await page.getByRole('heading', { level: 1, name: 'Snapshot of basket-web' }).waitFor();
    await page.getByText('as it was taken').waitFor();
    await page.getByRole('row', { name: 'desired capacity 4' }).waitFor();
    const asked = page.waitForResponse((response) =>
      response.url().endsWith('/snapshots/'.concat(`${contractId}/0/restore`)),
    );
    await confirm(page, { button: 'Ask to restore it…', reason: 'as it was', yes: 'Ask for it' });
    expect((await (await asked).json()).data.restores).toEqual({ desired_capacity: 4 });
    await page.getByText('Asked for.').waitFor();
  });

  test('is not offered to restore what has no inverse', async () => {
    const contractId = await ended('needs_person');
    const { page } = await as('anna', `#/contracts/${contractId}`);
    await page.getByRole('link', { name: 'Snapshot 1' }).click();
    await page.getByText('as it was taken').waitFor();
    expect(await page.getByRole('button', { name: 'Ask to restore it…' }).count()).toBe(0);
  });

  test('lets a frozen target go, after having said what they found', async () => {
    const contractId = await ended('needs_person');
    const vera = await as('vera', `#/contracts/${contractId}`);
    await vera.page.getByText('An operator or an administrator then lets it go.').waitFor();
    expect(await vera.page.getByRole('button', { name: 'Let it go…' }).count()).toBe(0);

    const { page } = await as('olga', `#/contracts/${contractId}`);
    await page.getByText('Grace does nothing to i-0a1b2c3d4e5f60718 until a person has looked').waitFor();
    await confirm(page, {
      button: 'Let it go…',
      reason: 'replaced by hand, all checks pass',
      yes: 'Let it go',
    });
    await page.getByText('Grace may act on i-0a1b2c3d4e5f60718 again.').waitFor();
    await page.getByText('until a person has looked').waitFor({ state: 'detached' });
    expect((await read(`/api/verification/contracts/${contractId}`)).frozen).toEqual([]);
  });

  test('releases from quarantine what was held by mistake, once, with a reason', async () => {
    const { state, ports } = bench.served.live.run.deployment;
    const deps = { quarantine: quarantineStore(state), clock: ports.clock };
    const finding = {
      code: 'SHELL_INJECTION',
      path: 'detail.message',
      excerpt: '; rm',
      why: 'a command',
    } as const;
    await holdBack(
      { messageId: 'mistaken', body: JSON.stringify({ detail: { message: '; rm' } }) },
      [finding],
      deps,
    );
    const { page } = await as('olga', '#/quarantine');
    await page.getByRole('row', { name: 'SHELL_INJECTION' }).getByRole('link').click();
    await page.getByText('a command', { exact: true }).waitFor();
    await confirm(page, { button: 'Release…', reason: 'our own load test', yes: 'Release it' });
    await page.getByText('Released. It goes the same way in as any other event.').waitFor();
    await page.getByText('our own load test').waitFor();
    expect(await page.getByRole('button', { name: 'Release…' }).count()).toBe(0);
    expect(await read('/api/governance/quarantine?status=released')).toMatchObject([
      { released: { by: expect.stringMatching(/#olga$/), reason: 'our own load test' } },
    ]);
  });
});
