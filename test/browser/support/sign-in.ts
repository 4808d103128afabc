import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DevIssuer } from '../../../cli/serve/dev-issuer';

export interface Visit {
  readonly page: Page;
  /** What the browser refused because of the content security policy. */
  readonly violations: readonly string[];
  /** Errors that nobody caught, and dialogs that a script opened. */
  readonly surprises: readonly string[];
  close(): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** The fragment to begin at. */
  readonly at?: string;
  /** The first sign-in was so many seconds ago; those that follow are fresh. */
  readonly signedInAgo?: { readonly issuer: DevIssuer; readonly seconds: number };
}

/** Signs in as one of the development issuer's people, in a context of its own, the way a person does. */
export async function visit(
  browser: Browser,
  who: { readonly origin: string; readonly person: string },
  { at = '#/approvals', signedInAgo, ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const violations: string[] = [];
  const surprises: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|trusted ?type/i.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', (error) => surprises.push(error.message));
  page.on('dialog', (dialog) => {
    surprises.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  if (signedInAgo !== undefined) {
    const { issuer, seconds } = signedInAgo;
    const claims = { auth_time: Math.floor(Date.now() / 1000) - seconds };
    const access_token = await issuer.tokenFor(who.person, { claims });
    await page.route(
      '**/issuer/token',
      async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), access_token } });
      },
      { times: 1 },
    );
  }
  await page.goto(`${who.origin}/${at}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: who.person }).click();
  await page
    .getByRole('navigation', { name: 'Sections' })
    .or(page.getByRole('heading', { level: 1 }))
    .first()
    .waitFor();
  await page.getByText(who.person, { exact: true }).first().waitFor({ state: 'attached' });
  return { page, violations, surprises, close: () => context.close() };
}
