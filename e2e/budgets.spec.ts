import type { Page } from "@playwright/test";
import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, test } from "./support/fixtures";

/** A window of the budget may end while the test looks at it: then it tries again in the next one. */
const WINDOWS = { timeout: 60_000, intervals: [200] };
const PHONE = { width: 390, height: 844 };
const RULE = "directory";
const ALLOWED = "SELECT id, name FROM employees LIMIT 5";

const policyFile = (name: string) => `name: ${name}
connection: shop
identities:
  - client_id: orders-agent
metadata: allow
default: deny
rules:
  - name: ${RULE}
    effect: allow
    statements: [select]
    tables: [shop.employees]
`;

async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name: option }).click();
}

async function publish(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save and publish" }).click();
  const dialog = page.getByRole("dialog", { name: /^Publish/ });
  await confirmIn(dialog, "Publish");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("As published")).toBeVisible();
}

test("a budget of five statements a minute refuses the sixth in plain words, and its meter shows it", async ({
  openAs,
  client,
}) => {
  test.slow();
  const name = `budgeted-${Date.now() % 1_000_000}`;
  const page = await openAs("Ada", "/policies");
  await page.getByRole("link", { name: "New policy" }).click();
  await page.getByRole("button", { name: "File", exact: true }).click();
  await page.getByRole("textbox", { name: "The policy as a file" }).fill(policyFile(name));
  await page.getByRole("button", { name: "Form", exact: true }).click();

  await page.getByRole("button", { name: "Add a budget" }).click();
  await choose(page, "Budget 1: what is counted", /^Statements/);
  await choose(page, "Budget 1: period", /per minute/);
  await page.getByRole("textbox", { name: "Budget 1: at most" }).fill("0");
  await expect(page.getByRole("list", { name: "Budgets" }).getByRole("alert")).toBeVisible();
  await page.getByRole("textbox", { name: "Budget 1: at most" }).fill("5");
  await page.getByRole("checkbox", { name: "Review what is new" }).click();
  await expect(page.getByRole("checkbox", { name: "New tables" })).toBeChecked();
  await page.getByRole("checkbox", { name: "Review what is new" }).click();
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator("html")).toHaveClass(new RegExp(theme));
    expect(await seriousFindings(page)).toEqual([]);
  }
  await publish(page);
  const published = page.url();

  const agent = await client("orders-agent");
  await expect(async () => {
    const said: (string | undefined)[] = [];
    for (let n = 0; n < 7; n += 1) said.push((await agent.failure(ALLOWED))?.message);
    const at = said.findIndex((one) => one !== undefined);
    expect(said[at]).toMatch(
      new RegExp(
        `The budget of the policy ${name} is used up: 5 statements a minute\\. Use less, or try again after \\d\\d:\\d\\d UTC`,
      ),
    );
    await page.reload();
    await expect(page.getByText("used up: more is denied")).toBeVisible({ timeout: 5_000 });
    await expect(page.getByRole("meter", { name: "Statements per minute, orders-agent" })).toHaveAttribute(
      "value",
      "5",
    );
  }).toPass(WINDOWS);
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator("html")).toHaveClass(new RegExp(theme));
    expect(await seriousFindings(page)).toEqual([]);
  }
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.getByRole("link", { name: "orders-agent", exact: true }).first().click();
  await expect(page.getByRole("meter", { name: `Statements per minute, ${name}` })).toBeVisible();
  expect(await seriousFindings(page)).toEqual([]);

  await page.goto("/audit?action=budget.exceeded");
  await expect(page.getByText("orders-agent").first()).toBeVisible();

  await page.goto(published);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await confirmIn(page.getByRole("alertdialog"), "Remove policy");
  await expect(page).toHaveURL(/\/policies$/);
});
