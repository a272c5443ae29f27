import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, test } from "./support/fixtures";

const NAME = `idle-${Date.now() % 1_000_000}`;
const FILE = `name: ${NAME}
connection: shop
identities:
  - client_id: stock-agent
metadata: allow
default: deny
rules:
  - name: read
    effect: allow
    statements: [read]
    tables: [shop.products, shop.employees]
  - name: forgotten
    effect: allow
    statements: [delete]
    tables: [shop.payments]
`;

test("what nobody used of a policy is named, taken away in the editor, and the agent goes on", async ({
  openAs,
  openAlsoAs,
  client,
}) => {
  test.slow();
  const page = await openAs("Ada", "/policies/new");
  await page.getByRole("button", { name: "File", exact: true }).click();
  await page.getByRole("textbox", { name: "The policy as a file" }).fill(FILE);
  await page.getByRole("button", { name: "Save and publish" }).click();
  await confirmIn(page.getByRole("dialog", { name: /^Publish/ }), "Publish");
  await expect(page).toHaveURL(/\/policies\/[0-9A-Z]{26}$/);
  const agent = await client("stock-agent");
  await expect.poll(() => agent.failure("SELECT id, name FROM products WHERE id = 3")).toBeNull();

  await page.goto("/policies");
  await page.getByRole("link", { name: "Unused", exact: true }).click();
  const policy = page.locator("section", { has: page.getByRole("heading", { name: NAME, level: 2 }) });
  await expect(async () => {
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await expect(policy.getByRole("row").filter({ hasText: "shop.employees" })).toBeVisible({ timeout: 15_000 });
  }).toPass();
  await expect(policy.getByRole("row").filter({ hasText: "forgotten" })).toContainText("The whole rule");
  await expect(page.getByText("stock-agent").first()).toBeVisible();
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator("html")).toHaveClass(new RegExp(theme));
    expect(await seriousFindings(page)).toEqual([]);
  }
  const size = page.viewportSize();
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  if (size !== null) await page.setViewportSize(size);
  const amir = await openAlsoAs("Amir", new URL(page.url()).pathname + new URL(page.url()).search);
  await expect(amir.getByText("The whole rule").first()).toBeVisible();
  await expect(amir.getByRole("button", { name: "Look", exact: true })).toHaveCount(0);
  await expect(amir.getByRole("link", { name: "Narrow in the editor" })).toHaveCount(0);

  await policy.getByRole("link", { name: "Narrow in the editor" }).click();
  const rules = page.getByRole("list", { name: "Rules" }).locator("[data-rule]");
  await expect(rules).toHaveCount(1);
  await expect(rules).toContainText("shop.products");
  await expect(rules).not.toContainText("shop.employees");
  await page.getByRole("button", { name: "Save and publish" }).click();
  await confirmIn(page.getByRole("dialog", { name: /^Publish/ }), "Publish");
  await expect(page.getByText("As published")).toBeVisible();
  await expect.poll(() => agent.failure("SELECT id, name FROM employees WHERE id = 3")).not.toBeNull();
  expect(await agent.failure("SELECT id, name FROM products WHERE id = 4")).toBeNull();

  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await confirmIn(page.getByRole("alertdialog"), "Remove policy");
  await expect(page).toHaveURL(/\/policies$/);
});
