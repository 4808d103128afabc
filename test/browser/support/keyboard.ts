import type { Page } from 'playwright-core';

/** Presses Tab until what has the focus is named so; fails when it comes round without. */
export async function tabTo(page: Page, wanted: (name: string) => boolean): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const focused = document.activeElement;
      const labels =
        focused instanceof HTMLTextAreaElement || focused instanceof HTMLInputElement
          ? [...(focused.labels ?? [])]
          : [];
      return (labels.map((label) => label.textContent).join(' ') || focused?.textContent || '').trim();
    });
    if (wanted(name)) return;
    seen.push(name);
  }
  throw new Error(`not reached by Tab: ${seen.join(' | ')}`);
}
