import type { Locator, Page } from "@playwright/test";
import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, reloadUntilVisible, test } from "./support/fixtures";
import type { GatewayClient } from "./support/gateway-client";

/** The gateway promises a second; a loaded machine running browser, gateway and database gets more. */
const FOLLOWS_MS = 5_000;
const PHONE = { width: 390, height: 844 };
const PRODUCTS = "SELECT id, name, category FROM products WHERE id = 1";

const columnRow = (page: Page, column: string) =>
  page.getByRole("table", { name: "Columns" }).getByRole("row").filter({ hasText: column });
const editor = (page: Page) => page.getByRole("dialog").filter({ hasText: "within a second of publishing" });

/** Opens the list narrowed to some columns. */
async function openColumns(page: Page, search: string): Promise<void> {
  await page.goto(`/masks?connection=shop&q=${encodeURIComponent(search)}`);
  await expect(columnRow(page, search.split(".").at(-1) ?? search).first()).toBeVisible();
}

async function becomes(agent: GatewayClient, column: string, check: (value: unknown) => boolean): Promise<void> {
  await expect
    .poll(async () => check((await agent.query(PRODUCTS))[0]?.[column]), { timeout: FOLLOWS_MS, intervals: [100] })
    .toBe(true);
}

async function publish(sheet: Locator, reason = ""): Promise<void> {
  if (reason !== "") await sheet.getByRole("textbox", { name: "Reason" }).fill(reason);
  await sheet.getByRole("button", { name: "Save and publish" }).click();
  await expect(sheet).toBeHidden();
}

test.describe("masks", () => {
  test.slow();

  test("an admin hides a column, the agent's next statement obeys, the record says why, and a rollback shows it again", async ({
    openAs,
    client,
  }) => {
    const reason = `Product names are secret ${Date.now() % 1_000_000}`;
    const agent = await client("orders-agent");
    const clear = (await agent.query(PRODUCTS))[0]?.name;
    expect(clear).not.toBe("[redacted]");

    const page = await openAs("Ada");
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await expect(page.getByRole("heading", { name: "Masks", level: 1 })).toBeVisible();
    await openColumns(page, "products.name");
    await columnRow(page, "name").getByRole("button", { name: /^name/ }).click();
    const sheet = editor(page);
    await expect(sheet.getByRole("list", { name: "Columns to mask" })).toHaveText("shop.products.name");
    await expect(sheet.getByRole("radio", { name: "Redact" })).toBeChecked();
    const effect = sheet.getByRole("region", { name: "What it does" });
    await expect(effect).toContainText("Matches 1 column");
    await expect(effect.getByRole("cell", { name: "[redacted]" }).first()).toBeVisible();
    await expect(effect).toContainText("use it in WHERE, ORDER BY or GROUP BY");
    await publish(sheet, reason);
    await expect(columnRow(page, "name")).toContainText("Redact");
    await becomes(agent, "name", (value) => value === "[redacted]");
    expect((await agent.query(PRODUCTS))[0]?.category).not.toBe("[redacted]");
    const refused = await agent.failure("SELECT id FROM products WHERE name LIKE 'a%' LIMIT 5");
    expect(refused?.message).toContain("MASK_UNSAFE");
    expect(refused?.errno).toBe(1143);

    await page.goto("/statements?masked=yes&q=FROM%20products");
    await reloadUntilVisible(page, page.getByRole("row").filter({ hasText: "products" }).first());
    await page.getByRole("row").filter({ hasText: "products" }).first().locator("[data-row-link]").click();
    const record = page.getByRole("region", { name: "Masks" });
    await expect(record).toContainText("1 result column was hidden, in 1 row");
    await record.getByRole("button", { name: "Why is name masked?" }).click();
    await expect(page.getByRole("link", { name: "shop.products.name" })).toHaveAttribute("href", /^\/masks\?/);

    await page.goto("/statements?effect=deny&q=name%20LIKE");
    await reloadUntilVisible(page, page.getByRole("row").filter({ hasText: "LIKE" }).first());
    const denied = page.getByRole("row").filter({ hasText: "LIKE" }).first();
    await expect(denied).toContainText("Deny");
    await expect(denied).toContainText("error 1143");

    await page.goto("/connections/shop?tab=schema&table=shop/products");
    await expect(page.getByRole("table", { name: "Columns of products" })).toContainText("Redact");

    await page.goto("/policies/history");
    const mine = page.getByRole("row").filter({ hasText: reason });
    const published = Number(await mine.locator("[data-row-link]").innerText());
    await mine.getByRole("link").click();
    await expect(page.getByText("mask shop.products.name on shop")).toBeVisible();
    await page.goto(`/policies/history/${published - 1}`);
    await page.getByRole("button", { name: "Roll back to this" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog.getByRole("list", { name: "What changes" })).toContainText("mask shop.products.name on shop");
    // The agent has read the hidden name: the way back shows it again, which is said in words.
    expect(await confirmIn(dialog, "Roll back")).toMatch(/unmask \d+$/);
    await expect(dialog).toBeHidden();
    await becomes(agent, "name", (value) => value === clear);
  });

  test("of many columns are set and removed at once, each as one revision", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    const page = await openAs("Ada");
    await openColumns(page, "shop.products.");
    await page.getByRole("checkbox", { name: "Select shop.products.sku" }).click();
    await page.getByRole("checkbox", { name: "Select shop.products.category" }).click({ modifiers: ["Shift"] });
    const bar = page.getByRole("region", { name: "Selected columns" });
    await expect(bar).toContainText("3 columns selected");
    await columnRow(page, "sku").locator("[data-row-link]").focus();
    await page.keyboard.press("x");
    await expect(bar).toContainText("2 columns selected");
    await bar.getByRole("button", { name: "Set a mask for 2 columns" }).click();
    const sheet = editor(page);
    await sheet.getByRole("radio", { name: "Partial" }).click();
    await sheet.getByRole("textbox", { name: /^Last characters/ }).fill("");
    await expect(sheet.getByText("is missing: how many characters to leave")).toBeVisible();
    await sheet.getByRole("textbox", { name: /^Last characters/ }).fill("1");
    await expect(sheet.getByRole("region", { name: "What it does" })).toContainText("Matches 2 columns");
    await publish(sheet);
    await expect(page.getByText("Masks published")).toBeVisible();
    await becomes(agent, "category", (value) => String(value).startsWith("*"));
    await becomes(agent, "name", (value) => String(value).startsWith("*"));

    await page.getByRole("checkbox", { name: "Select shop.products.name" }).click();
    await page.getByRole("checkbox", { name: "Select shop.products.category" }).click();
    await bar.getByRole("button", { name: "Remove masks from 2 columns" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("shop.products.category");
    await confirmIn(dialog, "Remove masks");
    await expect(dialog).toBeHidden();
    await becomes(agent, "category", (value) => !String(value).startsWith("*"));
    await expect(columnRow(page, "category")).not.toContainText("Partial");
  });

  test("tell before a query runs what would be hidden and why, also for a mask that nobody has published", async ({
    openAs,
  }) => {
    const page = await openAs("Ada", "/masks?view=what-if&connection=shop");
    const who = page.getByRole("combobox", { name: "Identity to try as" });
    const sql = page.getByRole("textbox", { name: "Statement to try" });
    await who.fill("orders-agent");
    await sql.fill("SELECT id, email FROM customers WHERE id = 1");
    const facts = page.getByRole("region", { name: "Masks" });
    await expect(facts).toContainText("1 of 2 result columns is hidden");
    await expect(facts).toContainText("hidden by token because shop.customers.email flows in");
    await sql.fill("SELECT id FROM customers WHERE ssn LIKE '1%'");
    await expect(facts).toContainText("MASK_UNSAFE");
    await expect(facts).toContainText("What to do:");
    expect(await seriousFindings(page)).toEqual([]);

    await page.goto("/masks?connection=shop");
    await page.getByRole("button", { name: "New mask" }).click();
    const sheet = editor(page);
    await sheet.getByRole("combobox", { name: "Columns", exact: true }).fill("shop.pro*.category");
    await expect(sheet.getByRole("region", { name: "What it does" })).toContainText("Matches 1 column");
    await sheet.getByRole("button", { name: "Try a statement with this mask" }).click();
    await sheet.getByRole("combobox", { name: "Identity to try as" }).fill("orders-agent");
    await sheet.getByRole("textbox", { name: "Statement to try" }).fill("SELECT id, category FROM products LIMIT 3");
    await expect(sheet.getByRole("region", { name: "Masks" })).toContainText("because shop.products.category flows in");
    expect(await seriousFindings(page)).toEqual([]);
    await sheet.getByRole("button", { name: "Close" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
    await expect(sheet).toBeHidden();
  });

  test("are suggested where a column looks sensitive: dismissed, reviewed again, and accepted with another method", async ({
    openAs,
  }) => {
    const page = await openAs("Ada", "/masks?show=unreviewed&q=postal_code");
    const row = page.getByRole("row").filter({ hasText: "postal_code" });
    await reloadUntilVisible(page, row);
    await expect(row).toContainText("Address");
    await row.locator("[data-row-link]").focus();
    await page.keyboard.press("d");
    await expect(row).toHaveCount(0);
    await page.goto("/masks?show=dismissed&q=postal_code");
    await page.getByRole("button", { name: "Review shop.customers.postal_code again" }).click();
    await expect(row).toHaveCount(0);
    await page.goto("/masks?show=unreviewed&q=postal_code");
    await page.getByRole("button", { name: "Edit and accept shop.customers.postal_code" }).click();
    const sheet = editor(page);
    await sheet.getByRole("radio", { name: "NULL" }).click();
    await sheet.getByRole("button", { name: "Accept and publish" }).click();
    await expect(sheet).toBeHidden();
    await openColumns(page, "customers.postal_code");
    await expect(columnRow(page, "postal_code")).toContainText("NULL");
    await columnRow(page, "postal_code").locator("[data-row-link]").click();
    await editor(page).getByRole("button", { name: "Remove" }).click();
    await confirmIn(page.getByRole("alertdialog"), "Remove mask");
    await expect(columnRow(page, "postal_code")).not.toContainText("NULL");
  });

  test("are shown to reviewers and auditors, who can not change them", async ({ openAs }) => {
    const page = await openAs("Rita", "/masks?connection=shop&q=customers.ssn");
    await expect(columnRow(page, "ssn")).toContainText("Redact");
    await expect(page.getByRole("button", { name: "New mask" })).toHaveCount(0);
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await columnRow(page, "ssn").locator("[data-row-link]").click();
    const sheet = editor(page);
    await expect(sheet.getByRole("region", { name: "What it does" })).toContainText("Matches 1 column");
    await expect(sheet.getByRole("button", { name: "Save and publish" })).toHaveCount(0);
    await expect(sheet.getByRole("button", { name: "Remove" })).toHaveCount(0);
  });

  test("can be looked at and changed on a phone", async ({ openAs }) => {
    const page = await openAs("Ada");
    await page.setViewportSize(PHONE);
    await openColumns(page, "customers.ssn");
    await columnRow(page, "ssn").locator("[data-row-link]").click();
    await expect(editor(page).getByRole("button", { name: "Save and publish" })).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
