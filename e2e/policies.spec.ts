import type { Locator, Page } from "@playwright/test";
import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, test } from "./support/fixtures";
import type { GatewayClient } from "./support/gateway-client";

/** The gateway promises a second; a loaded machine running browser, gateway and database gets more. */
const FOLLOWS_MS = 5_000;
const PHONE = { width: 390, height: 844 };

const editor = (page: Page, label: string) => page.getByRole("textbox", { name: label, exact: true });
const cards = (page: Page) => page.getByRole("list", { name: "Rules" }).locator("[data-rule]");
const rule = (page: Page, name: string) => cards(page).filter({ hasText: name });
const ruleNames = (page: Page) =>
  page.getByRole("list", { name: "Rules" }).locator("[data-rule-toggle]").allInnerTexts();

/** Adds words to a field of chips by typing them. */
async function addTo(card: Locator, label: string, words: readonly string[]): Promise<void> {
  const field = card.getByRole("combobox", { name: label, exact: true });
  for (const word of words) {
    await field.fill(word);
    await field.press("Enter");
    await expect(card.getByRole("list", { name: `${label}: chosen` })).toContainText(word);
  }
}

/** Starts a policy that binds orders-agent, with one rule whose card is open. */
async function startPolicy(page: Page, name: string): Promise<Locator> {
  await editor(page, "Policy name").fill(name);
  await page
    .getByRole("textbox", { name: "Identity to add" })
    .or(page.getByRole("combobox", { name: "Identity to add" }))
    .fill("orders-agent");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "Add a rule" }).click();
  return cards(page).last();
}

async function publish(page: Page, note = ""): Promise<void> {
  await page.getByRole("button", { name: "Save and publish" }).click();
  const dialog = page.getByRole("dialog", { name: /^Publish/ });
  if (note !== "") await dialog.getByRole("textbox", { name: "Note" }).fill(note);
  await confirmIn(dialog, "Publish");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("As published")).toBeVisible();
}

async function remove(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await confirmIn(dialog, "Remove policy");
  await expect(page).toHaveURL(/\/policies$/);
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(0);
}

async function becomes(agent: GatewayClient, sql: string, outcome: "runs" | "is refused"): Promise<void> {
  await expect
    .poll(async () => ((await agent.failure(sql)) === null ? "runs" : "is refused"), {
      timeout: FOLLOWS_MS,
      intervals: [100],
    })
    .toBe(outcome);
}

test.describe("policies", () => {
  test.slow();

  test("a newcomer writes, tries and publishes one, and the agent's next statement obeys it; a deny rule and the way back too", async ({
    openAs,
    client,
  }) => {
    const name = `staff-directory-${Date.now() % 1_000_000}`;
    const allowed = "SELECT id, name FROM employees LIMIT 5";
    const agent = await client("orders-agent");
    expect((await agent.failure(allowed))?.message).toContain("POLICY_DENIED");

    const page = await openAs("Ada", "/policies");
    await page.getByRole("link", { name: "New policy" }).click();
    const card = await startPolicy(page, name);
    await editor(page, "Rule name").fill("names of the staff");
    const tables = card.getByRole("combobox", { name: "Tables", exact: true });
    await tables.fill("empl");
    await page.getByRole("option", { name: /shop\.employees/ }).click();
    await addTo(card, "Columns", ["shop.employees.id", "shop.employees.name"]);
    await card.getByRole("textbox", { name: /^Highest LIMIT/ }).fill("10");
    await expect(card).toContainText("Allows SELECT on shop.employees that uses no other columns than");

    await editor(page, "Statement to try").fill(allowed);
    await expect(page.getByText('Rule "names of the staff" allows it')).toBeVisible();
    await editor(page, "Statement to try").fill("SELECT name, salary FROM employees LIMIT 5");
    await expect(page.getByText("column shop.employees.salary is not among its columns").first()).toBeVisible();
    await editor(page, "Statement to try").fill("SELECT name FROM employees WHERE");
    await expect(page.getByText("Not understood")).toBeVisible();

    await publish(page, "The staff directory needs names");
    await expect(page).toHaveURL(/\/policies\/[0-9A-Z]{26}$/);
    await becomes(agent, allowed, "runs");
    expect((await agent.failure("SELECT name, salary FROM employees LIMIT 5"))?.message).toContain("POLICY_DENIED");

    await page.getByRole("button", { name: "Add a rule" }).click();
    const second = cards(page).last();
    await second.getByRole("textbox", { name: "Rule name" }).fill("no staff");
    await second.getByRole("combobox", { name: "Effect" }).click();
    await page.getByRole("option", { name: /^Deny/ }).click();
    await addTo(second, "Tables", ["shop.employees"]);
    await publish(page);
    await becomes(agent, allowed, "is refused");

    await page.getByRole("link", { name: "History", exact: true }).click();
    const row = page.getByRole("row").filter({ hasText: "The staff directory needs names" });
    await expect(row).toContainText("Ada Admin");
    await row.getByRole("link").click();
    await expect(page.getByText(`policy ${name}`)).toBeVisible();
    await page.getByRole("button", { name: "Roll back to this" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog.getByRole("list", { name: "What changes" })).toContainText("no staff");
    await confirmIn(dialog, "Roll back");
    await expect(dialog).toBeHidden();
    await becomes(agent, allowed, "runs");

    await page.goto(`/statements?policy=${encodeURIComponent(name)}&effect=allow`);
    await page.getByRole("row").filter({ hasText: "employees" }).first().locator("[data-row-link]").click();
    await expect(page.getByRole("region", { name: "Decision" })).toContainText("names of the staff");
    await page.getByRole("link", { name: "Try this statement" }).click();
    await expect(page.getByText('Rule "names of the staff" allows it')).toBeVisible();
    await remove(page, name);
    await becomes(agent, allowed, "is refused");
  });

  test("are the same as form and as file, keep edits when the view changes, and mark what is wrong", async ({
    openAs,
  }) => {
    const name = `as-a-file-${Date.now() % 1_000_000}`;
    const page = await openAs("Ada", "/policies/new");
    await startPolicy(page, name);
    await page.getByRole("button", { name: "File", exact: true }).click();
    const file = editor(page, "The policy as a file");
    await expect(file).toContainText(`name: ${name}`);
    const good = `name: ${name}
connection: shop
identities:
  - client_id: orders-agent
rules:
  - name: products
    effect: allow
    statements: [select]
    tables: [shop.products]
`;
    await file.fill(good.replace("shop.products", "products"));
    await expect(page.getByText(/^Line 9: must be schema\.table/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Form", exact: true })).toBeDisabled();
    await file.fill(good.replace("shop.products", "shop.prodacts"));
    await expect(page.getByText(/^Line 9: no table or view that is known matches shop\.prodacts/)).toBeVisible();
    await file.fill(good);
    await page.getByRole("button", { name: "Form", exact: true }).click();
    await expect(rule(page, "products")).toContainText("Allows SELECT on shop.products.");
    await publish(page);
    await remove(page, name);
  });

  test("keep their rules in an order that keys and buttons change", async ({ openAs }) => {
    const name = `in-order-${Date.now() % 1_000_000}`;
    const page = await openAs("Ada", "/policies/new");
    await startPolicy(page, name);
    await editor(page, "Rule name").fill("first");
    await page.getByRole("button", { name: "Duplicate first" }).click();
    await page.getByRole("button", { name: "Add a rule" }).click();
    await rule(page, "new rule").locator("[data-rule-toggle]").focus();
    await page.keyboard.press("Alt+ArrowUp");
    await page.keyboard.press("Alt+ArrowUp");
    await expect(page.getByText("new rule is rule 1 of 3 now")).toBeAttached();
    expect((await ruleNames(page)).map((text) => /new rule|copy of first|first/.exec(text)?.[0])).toEqual([
      "new rule",
      "first",
      "copy of first",
    ]);
    await expect(rule(page, "new rule").locator("[data-rule-toggle]")).toBeFocused();
    await page.getByRole("button", { name: "Move new rule down" }).click();
    expect((await ruleNames(page))[1]).toContain("new rule");
    await page.getByRole("button", { name: "Remove new rule" }).click();
    await expect(rule(page, "new rule")).toHaveCount(0);
    await page.getByRole("button", { name: "Undo" }).click();
    expect((await ruleNames(page))[1]).toContain("new rule");

    await page.getByRole("link", { name: "Statements", exact: true }).click();
    const leaving = page.getByRole("alertdialog", { name: "Leave this page?" });
    await leaving.getByRole("button", { name: "Stay" }).click();
    await expect(rule(page, "new rule")).toHaveCount(1);
    await page.getByRole("link", { name: "Statements", exact: true }).click();
    await leaving.getByRole("button", { name: "Leave" }).click();
    await expect(page.getByRole("heading", { name: "Statements", level: 1 })).toBeVisible();
  });

  test("show who was faster when two people edit the same one", async ({ openAs }) => {
    const name = `for-two-${Date.now() % 1_000_000}`;
    const page = await openAs("Ada", "/policies/new");
    await startPolicy(page, name);
    await publish(page);
    await expect(page).toHaveURL(/\/policies\/[0-9A-Z]{26}$/);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await expect(other.getByRole("button", { name: "Add a rule" })).toBeEnabled();

    await page.getByRole("button", { name: "Add a rule" }).click();
    await other.getByRole("button", { name: "Add a rule" }).click();
    await other.getByRole("textbox", { name: "Rule name" }).last().fill("theirs");
    await publish(other);
    await page.getByRole("textbox", { name: "Rule name" }).last().fill("mine");
    await page.getByRole("button", { name: "Save and publish" }).click();
    await confirmIn(page.getByRole("dialog"), "Publish");
    const notice = page.getByRole("alert").filter({ hasText: "Ada Admin changed" });
    await expect(notice.getByRole("list", { name: "What they changed" })).toContainText('Rule "theirs"');
    await notice.getByRole("button", { name: "Take theirs, discard mine" }).click();
    await expect(rule(page, "theirs")).toHaveCount(1);
    await expect(rule(page, "mine")).toHaveCount(0);
    await other.close();
    await remove(page, name);
  });

  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing serious in the editor's states in the ${theme} theme, and a phone shows all of them`, async ({
      openAs,
    }) => {
      const page = await openAs("Ada", "/policies");
      await page.evaluate((chosen) => localStorage.setItem("theme", chosen), theme);
      const findings: string[] = [];
      const wide: string[] = [];
      const look = async (state: string) => {
        findings.push(...(await seriousFindings(page)).map((one) => `${state}: ${one}`));
        const before = page.viewportSize();
        await page.setViewportSize(PHONE);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > PHONE.width) wide.push(`${state} is ${width} wide`);
        if (before !== null) await page.setViewportSize(before);
      };
      await page.getByRole("link", { name: "orders-agent" }).first().click();
      await rule(page, "one customer with orders").locator("[data-rule-toggle]").click();
      await rule(page, "refund").locator("[data-rule-toggle]").click();
      await editor(page, "Statement to try").fill(
        "SELECT o.id, SUM(total) AS sum FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY o.id",
      );
      await expect(page.getByText("How it was read")).toBeVisible();
      await look("the form with open rules and a statement tried");
      await page.getByRole("button", { name: "Move refund up" }).click();
      await page.getByRole("button", { name: "Save and publish" }).click();
      await expect(page.getByRole("dialog")).toContainText('"refund"');
      await look("the dialog before publishing");
      await page.getByRole("button", { name: "Go on editing" }).click();
      await page.getByRole("button", { name: "File", exact: true }).click();
      await editor(page, "The policy as a file").fill("name: [");
      await expect(page.getByText("Correct the file first")).toBeVisible();
      await look("the file with a mistake");
      page.on("dialog", (dialog) => void dialog.accept());
      await page.goto("/connections/shop?tab=schema");
      await page.getByRole("treeitem", { name: /customer_directory/ }).click();
      await expect(page.getByRole("region", { name: "View definition" })).toBeVisible();
      await look("the schema browser with a view");
      expect(findings).toEqual([]);
      expect(wide).toEqual([]);
    });
  }
});
