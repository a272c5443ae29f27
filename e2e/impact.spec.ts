import type { Locator, Page } from "@playwright/test";
import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, test } from "./support/fixtures";
import type { GatewayClient } from "./support/gateway-client";

/** The gateway promises a second; a loaded machine running browser, gateway and database gets more. */
const FOLLOWS_MS = 5_000;
const PRODUCTS = "SELECT id, sku FROM products WHERE id = 3";
const STAFF = "SELECT id, name FROM employees WHERE id = 2";

const panel = (page: Page) => page.getByRole("tabpanel", { name: "Impact" });
const figure = (scope: Locator, word: string) =>
  scope.locator("dl[aria-label='Impact in figures'] > div").filter({ hasText: word }).locator("dd");
const lastRule = (page: Page) => page.getByRole("list", { name: "Rules" }).locator("[data-rule]").last();

/** Adds a rule about one table at the end of the policy. */
async function addRule(page: Page, name: string, effect: "Allow" | "Deny", table: string): Promise<void> {
  await page.getByRole("button", { name: "Add a rule" }).click();
  const card = lastRule(page);
  await card.getByRole("textbox", { name: "Rule name" }).fill(name);
  await card.getByRole("combobox", { name: "Effect" }).click();
  await page.getByRole("option", { name: new RegExp(`^${effect}`) }).click();
  const tables = card.getByRole("combobox", { name: "Tables", exact: true });
  await tables.fill(table);
  await tables.press("Enter");
}

/** Runs the impact until the record holds what a client has just done: the gateway writes in batches. */
async function runUntil(page: Page, there: Locator): Promise<void> {
  await expect(async () => {
    await panel(page)
      .getByRole("button", { name: /^(Show impact|Run again)$/ })
      .click();
    await expect(panel(page).getByText("unchanged.")).toBeVisible();
    await expect(there).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

async function becomes(agent: GatewayClient, sql: string, outcome: "runs" | "is refused"): Promise<void> {
  await expect
    .poll(async () => ((await agent.failure(sql)) === null ? "runs" : "is refused"), {
      timeout: FOLLOWS_MS,
      intervals: [100],
    })
    .toBe(outcome);
}

async function openPolicy(page: Page, name: string): Promise<void> {
  await page.goto("/policies");
  await page.getByRole("link", { name, exact: true }).first().click();
  await expect(page.getByRole("button", { name: "Add a rule" })).toBeEnabled();
}

test.describe("impact before publishing", () => {
  test.slow();

  test("the editor tells what a draft would have done, to whom, and leads to the moment; an edited draft makes it outdated", async ({
    openAs,
    client,
  }) => {
    const agent = await client("orders-agent");
    await agent.query(PRODUCTS);
    const page = await openAs("Ada");
    await openPolicy(page, "orders-agent");
    await addRule(page, "no products", "Deny", "shop.products");
    await page.getByRole("tab", { name: "Impact" }).click();
    const blocked = panel(page).getByRole("region", { name: "Newly blocked" });
    const change = blocked.getByRole("list", { name: "Changes for orders-agent" }).getByRole("button", { name: "sku" });
    await runUntil(page, change.first());
    expect(Number(await figure(panel(page), "blocked").innerText())).toBeGreaterThan(0);
    await expect(figure(panel(page), "unmasked")).toHaveText("0");

    await change.first().focus();
    await page.keyboard.press("Enter");
    await expect(blocked).toContainText("read orders and products");
    await expect(blocked).toContainText("is denied");
    await expect(blocked).toContainText("no products");
    await expect(blocked.getByRole("link", { name: "All like it" })).toHaveAttribute(
      "href",
      /^\/statements\?connection=shop&identity=[0-9A-Z]{26}&template=[0-9a-f]{64}$/,
    );
    const moment = await blocked.getByRole("link", { name: "See it in its replay" }).getAttribute("href");

    await lastRule(page).getByRole("textbox", { name: "Rule name" }).fill("no goods");
    await expect(panel(page)).toContainText("Outdated: this draft has changed since.");
    // What was tried and what was foreseen both stay when the other is looked at.
    await page.getByRole("tab", { name: "Try" }).click();
    await page.getByRole("tab", { name: "Impact" }).click();
    await expect(panel(page)).toContainText("Outdated");
    await panel(page).getByRole("button", { name: "Run again" }).click();
    await expect(panel(page).getByText("Outdated")).toBeHidden();
    await expect(panel(page).getByText("unchanged.")).toBeVisible();

    await page.getByRole("button", { name: "Discard" }).click();
    await page.goto(moment ?? "");
    await expect(page).toHaveURL(/\/replay\?statement=[0-9A-Z]{26}/);
    await expect(page.getByText("sku").first()).toBeVisible();
  });

  test("what newly allows asks for words, the agent obeys it then; what only narrows does not ask", async ({
    openAs,
    client,
  }) => {
    const agent = await client("orders-agent");
    expect(await agent.failure(STAFF)).not.toBeNull();
    const name = `staff-${Date.now() % 1_000_000}`;
    const page = await openAs("Ada", "/policies/new");
    await page.getByRole("textbox", { name: "Policy name" }).fill(name);
    await page
      .getByRole("textbox", { name: "Identity to add" })
      .or(page.getByRole("combobox", { name: "Identity to add" }))
      .fill("orders-agent");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await addRule(page, "staff", "Allow", "shop.employees");
    await page.getByRole("tab", { name: "Impact" }).click();
    await runUntil(page, panel(page).getByRole("region", { name: "Newly allowed" }).getByText("employees").first());

    const dialog = page.getByRole("dialog", { name: /^Publish/ });
    const publish = dialog.getByRole("button", { name: "Publish", exact: true });
    await page.getByRole("button", { name: "Save and publish" }).click();
    const words = dialog.getByRole("textbox", { name: /to confirm$/ });
    await expect(dialog.getByRole("list", { name: "What it newly gives" })).toContainText("orders-agent");
    await expect(publish).toBeDisabled();
    await words.fill("publish unseen");
    await expect(publish).toBeDisabled();
    expect(await confirmIn(dialog, "Publish")).toMatch(/^allow \d+ more$/);
    await expect(dialog).toBeHidden();
    await expect(page.getByText("As published")).toBeVisible();
    await becomes(agent, STAFF, "runs");

    await expect(page).toHaveURL(/\/policies\/[0-9A-Z]{26}$/);
    await addRule(page, "no staff", "Deny", "shop.employees");
    await page.getByRole("button", { name: "Save and publish" }).click();
    await expect(dialog).toContainText("This can only narrow what identities may do and see.");
    await expect(words).toHaveCount(0);
    await publish.click();
    await expect(dialog).toBeHidden();
    await becomes(agent, STAFF, "is refused");

    // Its denial goes with it, and nothing else allows what it denied.
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    const removal = page.getByRole("alertdialog");
    await confirmIn(removal, "Remove policy");
    await expect(page).toHaveURL(/\/policies$/);
  });

  test("a mask that goes says what it shows, and a connection that only observes what it lets pass", async ({
    openAs,
    client,
  }) => {
    const agent = await client("support-agent");
    await agent.query("SELECT name, email FROM customers WHERE id = 5");
    await agent.failure(STAFF);
    const page = await openAs("Ada", "/masks?connection=shop");
    const removal = page.getByRole("alertdialog");
    const typed = removal.getByRole("textbox", { name: /^Type unmask \d+ to confirm$/ });
    await expect(async () => {
      await page.goto("/masks?connection=shop");
      await page.getByRole("button", { name: "Open the mask of shop.*.email" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await expect(typed).toBeVisible({ timeout: 5_000 });
    }).toPass();
    await expect(removal.getByRole("list", { name: "What it newly gives" })).toContainText("Newly unmasked");
    await expect(removal.getByRole("button", { name: "Remove mask" })).toBeDisabled();

    await page.goto("/connections/shop?tab=settings");
    const save = page.getByRole("button", { name: "Save", exact: true });
    await page.getByRole("combobox", { name: "What decisions do" }).click();
    await page.getByRole("option", { name: /^Observe/ }).click();
    await expect(page.getByRole("textbox", { name: "Type block nothing to confirm" })).toBeVisible();
    await expect(save).toBeDisabled();
    await page.getByRole("button", { name: "Discard" }).click();
    await expect(page.getByRole("combobox", { name: "What decisions do" })).toHaveText(/Enforce/);

    const unseen = page.getByRole("textbox", { name: "Type publish unseen to confirm" });
    await expect(unseen).toBeHidden();
    await page.getByRole("textbox", { name: /^Default schema/ }).fill("other");
    await expect(unseen).toBeVisible();
    await expect(save).toBeDisabled();
    await unseen.fill("publish unseen");
    await expect(save).toBeEnabled();
    await page.getByRole("button", { name: "Discard" }).click();
    await expect(unseen).toBeHidden();
  });

  test("can be cancelled while it runs; what nobody has seen is published with those words only", async ({
    openAs,
  }) => {
    const page = await openAs("Ada");
    let cancelled = false;
    // A record that takes minutes: what a console says meanwhile, and after it was asked to stop.
    await page.route("**/api/analyses/*", async (route) => {
      if (route.request().method() === "DELETE") {
        cancelled = true;
        await route.fulfill({ json: { ok: true } });
        return;
      }
      const state = cancelled ? "cancelled" : "running";
      const analysis = { state, progress: 0.4, step: "400,000 statements decided again", cancelRequestedAt: null };
      await route.fulfill({ json: { analysis } });
    });
    await openPolicy(page, "orders-agent");
    await addRule(page, "staff", "Allow", "shop.employees");
    await page.getByRole("button", { name: "Save and publish" }).click();
    const dialog = page.getByRole("dialog", { name: /^Publish/ });
    await expect(dialog).toContainText("400,000 statements decided again");
    await expect(dialog.getByRole("progressbar", { name: "Impact" })).toHaveAttribute("value", "0.4");
    await expect(dialog.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(dialog).toContainText("Cancelled: nobody knows what this would do.");
    await expect(dialog.getByRole("textbox", { name: "Type publish unseen to confirm" })).toBeVisible();
    await dialog.getByRole("button", { name: "Go on editing" }).click();
    await page.getByRole("tab", { name: "Impact" }).click();
    await expect(panel(page)).toContainText("Cancelled: nothing is known of its impact.");
  });

  test("says when nothing would change, and is for people who publish only", async ({ openAs, openAlsoAs }) => {
    const page = await openAs("Ada");
    await openPolicy(page, "orders-agent");
    await page.getByRole("tab", { name: "Impact" }).click();
    await panel(page).getByRole("button", { name: "Show impact" }).click();
    await expect(
      panel(page).getByText(/No recorded statement would be decided differently|Nothing was recorded in/),
    ).toBeVisible();
    const address = new URL(page.url()).pathname;
    const amir = await openAlsoAs("Amir", address);
    await expect(amir.getByText("Try a statement").first()).toBeVisible();
    await expect(amir.getByRole("tab", { name: "Impact" })).toHaveCount(0);
  });

  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing serious in its states in the ${theme} theme, and a phone shows all of them`, async ({
      openAs,
      client,
    }) => {
      const agent = await client("orders-agent");
      await agent.query(PRODUCTS);
      await agent.failure(STAFF);
      const page = await openAs("Ada");
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
      await openPolicy(page, "orders-agent");
      await addRule(page, "no products", "Deny", "shop.products");
      await addRule(page, "staff", "Allow", "shop.employees");
      await page.getByRole("tab", { name: "Impact" }).click();
      const blocked = panel(page).getByRole("region", { name: "Newly blocked" });
      await runUntil(page, blocked);
      await expect(panel(page).getByRole("region", { name: "Newly allowed" })).toBeVisible();
      await blocked.getByRole("list").getByRole("button").first().click();
      await expect(blocked.getByText("With this draft")).toBeVisible();
      await look("the panel with an open change");
      await page.getByRole("button", { name: "Save and publish" }).click();
      await expect(page.getByRole("dialog").getByRole("textbox", { name: /to confirm$/ })).toBeVisible();
      await look("the dialog that asks for words");
      await page.getByRole("button", { name: "Go on editing" }).click();
      await lastRule(page).getByRole("textbox", { name: "Rule name" }).fill("the staff");
      await expect(panel(page)).toContainText("Outdated");
      await look("an outdated impact");
      expect(findings).toEqual([]);
      expect(wide).toEqual([]);
    });
  }
});
