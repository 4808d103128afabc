import { describeConsole } from './support/bench';
import { confirm, needsTwo, requestAbout } from './support/requests';

const GROUP = 's0002-basket-web';
const INSTANCE = 'i-0a1b2c30000000003';
const DATABASE = 's0001-orders-db';

describeConsole('what can be taken back', (bench) => {
  const { as, read } = bench;
  const approvalOf = (contractId: string) => read(`/api/governance/approvals/${contractId}`);

  test('a vote, while others are still asked: it no longer counts, and the person may decide again', async () => {
    const contractId = await requestAbout(bench.served, DATABASE);
    await needsTwo(bench.served, contractId);
    const { page } = await as('anna', `#/approvals/${contractId}`);
    await confirm(page, { button: 'Approve…', reason: 'connections are used up', yes: 'Approve this plan' });
    await page.getByText('Your vote counts: 1 of 2.').waitFor();
    await page.getByText('You agreed.').waitFor();
    expect((await approvalOf(contractId)).approval.approvals).toBe(1);

    await confirm(page, {
      button: 'Withdraw my vote',
      reason: 'I looked at the wrong database',
      yes: 'Withdraw my vote',
    });
    await page.getByText('Withdrawn. The request stands at 0 of 2.').waitFor();
    await page.getByRole('button', { name: 'Approve…' }).waitFor();
    const { contract, approval } = await approvalOf(contractId);
    expect({ status: contract.status, votes: approval.votes }).toEqual({
      status: 'awaiting_approval',
      votes: [],
    });
  });

  test('a request, by an administrator: nothing is sent, and nobody can decide any more', async () => {
    const contractId = await requestAbout(bench.served, INSTANCE);
    const { page } = await as('carla', `#/approvals/${contractId}`);
    await confirm(page, {
      button: 'Cancel the request…',
      reason: 'the instance is being taken out of service',
      yes: 'Cancel the request',
    });
    await page.getByText('Cancelled. Nothing is sent.').waitFor();
    await page.getByText('This request is closed: cancelled').waitFor();
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
    const { status, steps } = await read(`/api/verification/contracts/${contractId}`);
    expect({ status, steps }).toEqual({ status: 'cancelled', steps: [] });
  });

  test('is offered to nobody who may not: whoever only reads sees neither', async () => {
    const contractId = await requestAbout(bench.served, DATABASE);
    const { page } = await as('vera', `#/approvals/${contractId}`);
    await page.getByText('You are not asked to decide about this one.').waitFor();
    for (const name of ['Approve…', 'Cancel the request…', 'Ask for a fresh plan…', 'Break the glass…']) {
      expect([name, await page.getByRole('button', { name }).count()]).toEqual([name, 0]);
    }
  });

  test('a plan that is old: a fresh one of the live target takes its place, and whoever asked has no vote on it', async () => {
    const contractId = await requestAbout(bench.served, GROUP);
    const before = (await approvalOf(contractId)).approval.planHash;
    const { page } = await as('ben', `#/approvals/${contractId}`);
    await confirm(page, {
      button: 'Ask for a fresh plan…',
      reason: 'the group was changed by hand',
      yes: 'Ask for a fresh plan',
    });
    await page.getByText('Asked for. The fresh plan appears here by itself').waitFor();
    await page.getByText('The plan changed while you were reading').waitFor();
    await page.getByText('You have no vote here').waitFor();
    expect((await approvalOf(contractId)).approval.planHash).not.toBe(before);
    // Whoever asked may call it off, whatever their roles.
    await page.getByRole('button', { name: 'Cancel the request…' }).waitFor();
  });
});
