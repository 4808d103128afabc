import type { Page } from 'playwright-core';
import { contractKey } from '../../../shared/domain/keys';
import type { Item } from '../../../shared/ports/table';
import type { Served } from './served';

/** The open request about this target. */
export async function requestAbout(served: Served, target: string): Promise<string> {
  const { body } = await served.api('carla', 'GET', '/api/governance/approvals');
  const rows: { summary: string; contract: { contractId: string } }[] = body.data;
  const found = rows.find(({ summary }) => summary.includes(target));
  if (found === undefined) throw new Error(`nobody is asked about ${target}`);
  return found.contract.contractId;
}

/** From now on it is as with an action of tier 3: two people have to agree. */
export async function needsTwo(served: Served, contractId: string): Promise<void> {
  const { state } = served.live.run.deployment;
  const stored = (await state.get(contractKey(contractId))) as Item;
  const approval = stored['approval'] as Record<string, never>;
  await state.write([{ kind: 'put', item: { ...stored, tier: 3, approval: { ...approval, quorum: 2 } } }]);
}

/** Opens the dialog behind a button, gives the reason and confirms; the dialog is left as it then is. */
export async function confirm(
  page: Page,
  { button, reason, yes }: { readonly button: string; readonly reason: string; readonly yes: string },
): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  await dialog.getByRole('button', { name: yes, exact: true }).click();
}
