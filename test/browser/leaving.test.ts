import { describeConsole } from './support/bench';

describeConsole('signing out', (bench) => {
  const { as } = bench;

  test('goes by the issuer and comes back to where one signs in; nothing of the person is left', async () => {
    const { page } = await as('anna');
    const told = page.waitForRequest((request) => request.url().includes('/issuer/logout'));
    await page.getByRole('button', { name: 'You are anna' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const { searchParams: asked } = new URL((await told).url());
    expect(asked.get('post_logout_redirect_uri')).toBe(`${bench.served.origin}/`);
    await page.waitForURL(`${bench.served.origin}/`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();

    // Neither a reload nor the way back shows what was there.
    await page.goBack();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('anna').count()).toBe(0);
  });

  test('leaves it to the person who signs in next', async () => {
    const { page } = await as('vera', '#/learning');
    await page.getByRole('button', { name: 'You are vera' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(`${bench.served.origin}/`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'ben' }).click();
    await page.getByRole('button', { name: 'You are ben' }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Waiting for me' }).waitFor();
  });
});
