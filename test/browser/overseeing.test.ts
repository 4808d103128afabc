import { findingStore } from '../../shared/stores/finding-store';
import { describeConsole } from './support/bench';
import { confirm, needsTwo, requestAbout } from './support/requests';

describeConsole('looking at how Grace does', (bench) => {
  const { as, api, read } = bench;

  test('a finding about the log is a line on every page for auditors, with what to do, until one closes it', async () => {
    const { state, ports } = bench.served.live.run.deployment;
    const found = { kind: 'SEQ_GAP', pk: '', sk: '', seq: 7, detail: 'entry 7 is missing' } as const;
    const at = ports.clock.now();
    await findingStore(state).open(found, { actor: 'audit-check', reason: 'SEQ_GAP', at });

    const vera = await as('vera', '#/learning');
    await vera.page.getByRole('heading', { level: 1, name: 'Learning' }).waitFor();
    const { page } = await as('paul', '#/learning');
    await page.getByText('Something about the audit log is not as it should be').waitFor();
    expect(await vera.page.getByText('Something about the audit log').count()).toBe(0);

    await page.getByRole('link', { name: 'What to do' }).click();
    const finding = page.getByRole('region', { name: 'SEQ_GAP: entry 7 is missing' });
    await finding.getByText('Entries are missing inside the log.').waitFor();
    await finding.getByText('The sealed bundles hold the entries').waitFor();
    await confirm(page, {
      button: 'Close the finding SEQ_GAP',
      reason: 'made by our own exercise',
      yes: 'Close the finding',
    });
    await page.getByText('Nothing is wrong with the log, as far as the checks can see.').waitFor();
    await page.getByRole('link', { name: 'Learning' }).click();
    await page.getByRole('heading', { level: 1, name: 'Learning' }).waitFor();
    expect(await page.getByText('Something about the audit log').count()).toBe(0);
    expect(await read('/api/audit/findings')).toMatchObject([
      { status: 'closed', changedBy: expect.stringMatching(/#paul$/), reason: 'made by our own exercise' },
    ]);
  });

  test('activity is the sum of the hours that the API tells of', async () => {
    const hours: { activity: Record<string, number> }[] = await read('/api/audit/activity');
    const entries = hours.reduce((sum, { activity }) => sum + (activity['execution'] ?? 0), 0);
    expect(entries).toBeGreaterThan(0);
    const { page } = await as('paul', '#/activity');
    await page.getByRole('row', { name: new RegExp(`^execution ${entries} `) }).waitFor();
    // The demo rolls one contract back and ends one with a person.
    expect(await page.getByRole('table', { name: 'By the hour' }).getByRole('row').count()).toBe(
      hours.length + 1,
    );
  });

  test('the deployment says which permission is missing, and which part does not answer', async () => {
    const { page } = await as('vera', '#/deployment');
    await page.getByRole('row', { name: 'state table' }).getByText('answered in').waitFor();
    await page.getByRole('row', { name: 'aws.restart_ec2' }).getByText('Can be taken').waitFor();
    // As IAM would have it answered; the simulator has no IAM.
    await page.route('**/api/cloud/status', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      Object.assign(body.data.actions[1], {
        usable: 'no',
        missing: ['ec2:RebootInstances'],
        detail: 'its role lacks what is named',
      });
      await route.fulfill({ response: answer, json: body });
    });
    await page.route('**/api/verification/health', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      body.data.status = 'degraded';
      Object.assign(body.data.parts[1], { status: 'failed', detail: 'StoreUnavailableError' });
      await route.fulfill({ response: answer, json: body });
    });
    await page.getByRole('link', { name: 'Learning' }).click();
    await page.getByRole('link', { name: 'Deployment' }).click();
    const action = page.getByRole('row', { name: 'aws.restart_ec2' });
    await action.getByText('Cannot be taken').waitFor();
    await action.getByText('missing: ec2:RebootInstances').waitFor();
    await page.getByRole('row', { name: 'audit log' }).getByText('does not answer').waitFor();
  });

  test('parliament shows a vote of several people: who took part, and how it stands', async () => {
    const contractId = await requestAbout(bench.served, 's0001-orders-db');
    await needsTwo(bench.served, contractId);
    const request = await read(`/api/governance/approvals/${contractId}`, 'anna');
    const voted = await api('anna', 'POST', `/api/governance/approvals/${contractId}/approve`, {
      planHash: request.approval.planHash,
      reason: 'connections are used up',
    });
    expect(voted.body.data).toMatchObject({ approvals: 1, quorum: 2 });
    const { page } = await as('vera', '#/parliament');
    const session = page.getByRole('row', { name: contractId.slice(-8) });
    await session.getByText('1 for, 0 against; 2 needed').waitFor();
    await session.getByText('Waiting for approval').filter({ visible: true }).waitFor();
    await page.getByRole('row', { name: /^anna 1 1 100 %/ }).waitFor();
    await page.getByRole('row', { name: /^ben 1 0 0 %/ }).waitFor();
  });

  test('policies are all there, with the text that decides, the constitution apart', async () => {
    const { policies, version } = await read('/api/governance/policies', 'vera');
    const { page } = await as('vera', '#/policies');
    await page.getByTitle(version).waitFor();
    const constitution = policies.filter((one: { constitution: boolean }) => one.constitution);
    expect(constitution.length).toBeGreaterThan(0);
    await page.getByText(`(${constitution.length})`, { exact: true }).waitFor();
    for (const { id, reason } of policies) {
      await page.getByRole('button', { name: id, exact: true }).waitFor();
      await page.getByText(reason).first().waitFor();
    }
    const [{ id, text }] = constitution;
    const shown = page.getByRole('region', { name: `Text of policy ${id}` });
    expect(await shown.isVisible()).toBe(false);
    await page.getByRole('button', { name: id, exact: true }).click();
    await shown.waitFor();
    expect(await shown.textContent()).toBe(text);
  });

  test('learning shows how sure it is, and leads to the contracts of a playbook', async () => {
    const { recommendations } = await read('/api/learning/recommendations', 'vera');
    const { page } = await as('vera', '#/learning');
    const table = page.getByRole('table', { name: 'Recommendations' });
    await table.getByRole('row', { name: recommendations.at(-1).playbook }).waitFor();
    const rows = await table.getByRole('row').allTextContents();
    // In the API's order, which ranks by what is sure.
    expect(
      rows
        .slice(1)
        .map((row) =>
          recommendations.findIndex(({ playbook }: { playbook: string }) => row.startsWith(playbook)),
        ),
    ).toEqual(recommendations.map((_: unknown, index: number) => index));
    await table
      .getByRole('row', { name: 'reboot-rds-on-connections' })
      .getByText('67 % (16 % to 99 %)')
      .waitFor();
    await table.getByRole('link', { name: 'reboot-rds-on-connections' }).click();
    await page.getByRole('heading', { name: 'Contracts of reboot-rds-on-connections' }).waitFor();
    await page.getByRole('link', { name: 'reboot-rds-on-connections' }).first().waitFor();
    expect(await page.getByRole('link', { name: 'restart-ec2-on-hang' }).count()).toBe(0);
  });

  test('the log is gone through entry by entry: earlier, later, newest', async () => {
    const { head } = await read('/api/audit/entries?limit=1');
    expect(head.size).toBeGreaterThan(100);
    const { page } = await as('paul', '#/audit/0');
    await page.getByRole('heading', { name: 'Entries 0 to 49' }).waitFor();
    expect(await page.getByRole('link', { name: 'Earlier' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('link', { name: 'Later' }).click();
    await page.getByRole('heading', { name: 'Entries 50 to 99' }).waitFor();
    await page.getByRole('link', { name: 'Earlier' }).click();
    await page.getByRole('heading', { name: 'Entries 0 to 49' }).waitFor();
    // The way back is the way that one came.
    await page.goBack();
    await page.getByRole('heading', { name: 'Entries 50 to 99' }).waitFor();
  });
});
