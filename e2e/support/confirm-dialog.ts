import { expect, type Locator } from "@playwright/test";

/**
 * Presses the button of a dialog that shows an impact: waits until that is known, and types what is asked for, if anything is. Gives the
 * words; null: none were asked for.
 */
export async function confirmIn(dialog: Locator, action: string): Promise<string | null> {
  const button = dialog.getByRole("button", { name: action, exact: true });
  const asked = dialog.locator("label code");
  let words: string | null = null;
  await expect(async () => {
    words = (await asked.count()) === 0 ? null : await asked.innerText();
    if (words !== null) await dialog.getByRole("textbox", { name: /to confirm$/ }).fill(words);
    await expect(button).toBeEnabled({ timeout: 500 });
  }).toPass();
  await button.click();
  return words;
}
