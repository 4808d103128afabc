import { contractKey } from '../../shared/domain/keys';
import type { Item } from '../../shared/ports/table';
import { describeConsole } from './support/bench';

/** Contracts put beside those of the demo. */
const MANY = 500;

describeConsole('a page that is left open', (bench) => {
  const { as, api, read } = bench;

  /** The oldest request that waits. */
  async function waiting(): Promise<string> {
    const [oldest] = await read('/api/governance/approvals');
    return oldest.contract.contractId;
  }

  test('shows by the stream that somebody has paused Grace, says when the stream is lost, and goes on where it was', async () => {
    const { page } = await as('vera', '#/contracts');
    await page.getByText('Live', { exact: true }).filter({ visible: true }).first().waitFor();
    await api('anna', 'PUT', '/api/governance/switch', {
      paused: true,
      reason: 'network maintenance',
    });
    await page.getByText('network maintenance').waitFor();

    // From here on the stream ends after one event, then cannot be reached, until the network is back.
    const { head } = await read('/api/audit/entries?limit=1');
    const seen = String(head.size - 1);
    const asked: (string | undefined)[] = [];
    let isBack = false;
    await page.route('**/api/approvals/stream', (route) => {
      asked.push(route.request().headers()['last-event-id']);
      if (isBack) return route.continue();
      if (asked.length > 1) return route.abort('connectionreset');
      return route.fulfill({
        contentType: 'text/event-stream',
        body: `id: ${seen}\nevent: ready\ndata: {}\n\n`,
      });
    });
    await page.getByRole('button', { name: 'Live. Look again now' }).click();
    await page.getByText('Not live: trying again').filter({ visible: true }).first().waitFor();
    await api('anna', 'PUT', '/api/governance/switch', {
      paused: false,
      reason: 'maintenance is over',
    });
    isBack = true;
    await page.getByText('Live', { exact: true }).filter({ visible: true }).first().waitFor();
    await page.getByText('network maintenance').waitFor({ state: 'detached' });
    // It went on after the last event that it had, each time.
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.slice(1)).toEqual(asked.slice(1).map(() => seen));
  });

  test('shows that the time to decide is over, by the clock of the API', async () => {
    const contractId = await waiting();
    const { state, ports } = bench.served.live.run.deployment;
    const stored = (await state.get(contractKey(contractId))) as Item;
    const approval = stored['approval'] as Record<string, never>;
    const expiresAt = ports.clock.now() + 8_000;
    await state.write([{ kind: 'put', item: { ...stored, approval: { ...approval, expiresAt } } }]);

    const { page } = await as('anna', `#/approvals/${contractId}`);
    await page
      .getByText('This request has expired')
      .or(page.getByText('This request is closed: expired'))
      .waitFor();
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
  });

  test('goes through 500 contracts page by page, none twice and none left out', async () => {
    const { state } = bench.served.live.run.deployment;
    const model = (await state.get(contractKey(await waiting()))) as Item;
    for (let n = 0; n < MANY; n += 1) {
      const contractId = `MANY${String(n).padStart(4, '0')}`;
      const at = new Date(Date.UTC(2020, 0, 1) + n * 1000).toISOString();
      const { openPk: _pk, openSk: _sk, approval: _approval, ...rest } = model;
      const ended = {
        ...rest,
        status: 'refused',
        reason: 'BUDGET',
        contractId,
        listSk: `${at}#${contractId}`,
      };
      await state.write([{ kind: 'put', item: { ...ended, ...contractKey(contractId) } }]);
    }
    const { page } = await as('vera', '#/contracts?status=refused');
    const rows = page.locator('tbody tr [title^="MANY"]');
    const seen: string[] = [];
    for (let number = 1; ; number += 1) {
      await page
        .getByRole('button', { name: `Page ${number}`, exact: true })
        .and(page.locator('[aria-current]'))
        .waitFor();
      await rows.first().waitFor();
      await page.waitForFunction((known) => {
        const [first] = document.querySelectorAll('tbody tr [title^="MANY"]');
        return first !== undefined && !known.includes(first.getAttribute('title') ?? '');
      }, seen);
      seen.push(...(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('title') ?? ''))));
      if (seen.length >= MANY) break;
      await page.getByRole('button', { name: 'Next page' }).click();
    }
    expect(new Set(seen).size).toBe(MANY);
    expect(seen).toHaveLength(MANY);
  });

  test('verifies the audit log from its bytes, and remembers what it saw', async () => {
    const { page } = await as('paul', '#/audit');
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.getByText(/All \d+ entries hold/).waitFor({ timeout: 60_000 });
    await page.getByText('This browser remembers it from now on').waitFor();

    // An answer that was changed on the way, or by the server itself.
    await page.route('**/api/audit/entries?from=0*', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      body.data.entries[3].actor = 'somebody else';
      await route.fulfill({ response: answer, json: body });
    });
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.getByText('The log does not hold from entry 3 on').waitFor({ timeout: 60_000 });
    await page.getByText('OTHER_BODY').waitFor();
  });

  test('says that the sign-in has expired, keeps what it shows, and leaves no token behind', async () => {
    const { page } = await as('vera', '#/policies');
    await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toMatch(/eyJ|verifier/);
    await page.route('**/api/verification/status', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        json: {
          type: 'urn:x',
          title: 'expired',
          status: 401,
          detail: 'expired',
          code: 'TOKEN_EXPIRED',
          correlationId: 'c',
        },
      }),
    );
    await api('anna', 'PUT', '/api/governance/switch', {
      paused: false,
      reason: 'something that is told',
    });
    await page.getByText('Your sign-in has expired').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor();
    await page.unroute('**/api/verification/status');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('link', { name: 'vera' }).click();
    // Back at the same page.
    await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor();
  });
});
