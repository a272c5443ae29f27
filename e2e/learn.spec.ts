import type { Locator, Page } from "@playwright/test";
import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, reloadUntilVisible, test } from "./support/fixtures";
import { cancelWasAsked, changeLearning, insertLearning, insertObserved, RUNNING } from "./support/learned";

const policy = (page: Page, name: string) =>
  page.locator("section", { has: page.getByRole("heading", { name, level: 2, exact: true }) });
const rule = (within: Locator, name: string) =>
  within.locator("[data-proposed-rule]").filter({ has: within.page().getByRole("button", { name: `Edit ${name}` }) });
const pressed = (card: Locator, effect: string) =>
  card.getByRole("button", { name: effect, exact: true, pressed: true });
const nameOf = (what: string) => `${what}-${Date.now() % 1_000_000}`;

test.describe("learning", () => {
  test.slow();

  test("starts from a connection's record with everybody who was there, without those taken out", async ({
    openAs,
    client,
  }) => {
    await (await client("orders-agent")).query("SELECT 'learning needs a statement'");
    await (await client("support-agent")).query("SELECT 'learning needs a statement'");
    const page = await openAs("Ada", "/policies");
    await page.getByRole("link", { name: "Learn", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Learn", level: 1 })).toBeVisible();
    const who = page.getByRole("table", { name: "Identities with traffic" });
    await reloadUntilVisible(page, who.getByRole("row").filter({ hasText: "orders-agent" }));
    await reloadUntilVisible(page, who.getByRole("row").filter({ hasText: "support-agent" }));
    await expect(page.getByText("shop enforces its policies")).toBeVisible();
    await expect(page.getByRole("link", { name: "Mode of shop" })).toHaveAttribute(
      "href",
      "/connections/shop?tab=settings",
    );
    await expect(who.getByRole("checkbox", { name: "Learn from orders-agent" })).toBeChecked();
    await who.getByRole("checkbox", { name: "Choose all identities" }).click();
    await expect(page.getByText("Choose at least one identity.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Learn", exact: true })).toBeDisabled();
    await who.getByRole("checkbox", { name: "Learn from orders-agent" }).click();
    await expect(page.getByText(/statements of 1 identity\./)).toBeVisible();

    const asked = page.waitForRequest((request) => request.url().endsWith("/api/policies/learn"));
    await page.getByRole("button", { name: "Learn", exact: true }).click();
    const question = (await asked).postDataJSON();
    expect(question).toMatchObject({ connection: "shop", together: false });
    expect(question.identities).toHaveLength(1);
    await expect(page).toHaveURL(/\/policies\/learn\/[0-9A-Z]{26}$/);
    await expect(page.getByRole("heading", { name: /^Learn(ing|ed) on shop$/ })).toBeVisible();
  });

  test("says what to do where nothing was recorded, and what is wrong with an address", async ({ openAs }) => {
    const page = await openAs(
      "Ada",
      "/policies/learn?connection=shop&from=2001-01-01T00:00:00.000Z&to=2001-01-02T00:00:00.000Z",
    );
    await expect(page.getByText("Nothing was recorded in this period")).toBeVisible();
    await expect(page.getByRole("link", { name: "Switch to observe" })).toBeVisible();
    await expect(page.getByRole("main").getByRole("link", { name: "Connect an agent" })).toBeVisible();
    await page.goto("/policies/learn?range=forever");
    await expect(page.getByRole("alert").filter({ hasText: "is not understood" })).toContainText("range");
  });

  test("is offered by a connection that observes, and says what to do while nobody works on it", async ({
    openAs,
    product,
  }) => {
    const name = `watched${Date.now() % 1_000_000}`;
    const remove = await insertObserved(product, name);
    try {
      const page = await openAs("Ada", "/connections/shop");
      await expect(page.getByRole("heading", { name: "shop", level: 1 })).toBeVisible();
      await expect(page.getByRole("link", { name: "Learn a policy" })).toHaveCount(0);
      await page.goto(`/connections/${name}`);
      await page.getByRole("link", { name: "Learn a policy" }).click();
      await expect(page.getByText("Nothing was recorded in this period")).toBeVisible();
      await expect(page.getByRole("combobox", { name: "Connection" })).toContainText(name);
      await expect(page.getByText("enforces its policies")).toHaveCount(0);
      await expect(page.getByRole("link", { name: "Switch to observe" })).toHaveCount(0);
    } finally {
      await remove();
    }
  });

  test("shows how far it is, stops when told to, and says why it failed", async ({ openAs, product }) => {
    const id = await insertLearning(product, "unused", RUNNING);
    const page = await openAs("Ada", `/policies/learn/${id}`);
    const bar = page.getByRole("progressbar", { name: "Learning" });
    await expect(bar).toHaveJSProperty("value", 0.2);
    await expect(page.getByText("Reading the record")).toBeVisible();
    await changeLearning(product, id, { progress: 0.6, step: "Grouping templates" });
    await expect(bar).toHaveJSProperty("value", 0.6);
    await expect(page.getByText("Grouping templates")).toBeVisible();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("button", { name: "Cancel" })).toBeDisabled();
    await expect.poll(() => cancelWasAsked(product, id)).toBe(true);
    await changeLearning(product, id, { state: "cancelled", endedAt: new Date() });
    await expect(page.getByText("Learning was cancelled")).toBeVisible();
    await expect(page.getByRole("link", { name: "Start again" })).toHaveAttribute("href", /connection=shop&from=/);

    const failed = await insertLearning(product, "unused", {
      state: "failed",
      result: null,
      error: "The schema is not known. Wait for a gateway to read it",
    });
    await page.goto(`/policies/learn/${failed}`);
    await expect(page.getByRole("alert").filter({ hasText: "Learning failed" })).toContainText(
      "The schema is not known",
    );
  });

  test("is reviewed with the keyboard, edited, kept over a reload, and published from the editor", async ({
    openAs,
    product,
  }) => {
    const name = nameOf("learned");
    const id = await insertLearning(product, name);
    const page = await openAs("Ada", `/policies/learn/${id}`);
    const good = policy(page, name);
    const taken = good.getByRole("status", { name: "Taken so far" });
    await expect(good).toContainText("grants 11 of 310 column uses");
    await expect(taken).toContainText("2 allow, 2 review, 0 left out");
    await expect(taken).toContainText("99.4 % allowed (2,760)");
    await expect(good.getByRole("list", { name: "Set apart" })).toContainText("it changes rows of shop.orders.");

    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Leave the rule out");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await expect(pressed(rule(good, "read products"), "Review")).toBeVisible();
    await page.keyboard.press("a");
    await expect(pressed(rule(good, "read products"), "Allow")).toBeVisible();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await expect(pressed(rule(good, "read customers"), "Leave out")).toBeVisible();
    await expect(taken).toContainText("2 allow, 1 review, 1 left out");
    await expect(taken).toContainText("(5)");
    await expect(taken).toContainText(/grants \d+ of [\d,]+ column uses/);
    await page.keyboard.press("e");
    const evidence = rule(good, "read customers");
    await expect(evidence.getByRole("link", { name: "All statements of this template" })).toHaveAttribute(
      "href",
      /^\/statements\?connection=shop&template=[0-9a-f]{64}&from=/,
    );
    await expect(evidence.getByRole("link", { name: /^Replay/ }).first()).toHaveAttribute(
      "href",
      /^\/sessions\/\w{26}\/replay\?statement=\w{26}$/,
    );
    await page.keyboard.press("e");
    await expect(evidence.getByRole("link", { name: "All statements of this template" })).toHaveCount(0);

    await rule(good, "read products").getByRole("button", { name: "Edit read products" }).click();
    const sheet = page.getByRole("dialog", { name: "Edit read products" });
    await sheet.getByRole("textbox", { name: /^Highest LIMIT/ }).fill("20");
    await sheet.getByRole("button", { name: "Take the edited rule" }).click();
    await expect(rule(good, "read products")).toContainText("a LIMIT of at most 20");
    await expect(rule(good, "read products")).toContainText("Edited");

    await page.reload();
    await expect(rule(good, "read products")).toContainText("a LIMIT of at most 20");
    await expect(pressed(rule(good, "read customers"), "Leave out")).toBeVisible();

    await good.getByRole("link", { name: "Open in the editor" }).click();
    await expect(page.getByText("3 rules come from what was learned.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Policy name" })).toHaveValue(name);
    const rules = page.getByRole("list", { name: "Rules" }).locator("[data-rule]");
    await expect(rules).toHaveCount(3);
    await expect(rules.filter({ hasText: "read products" })).toContainText("a LIMIT of at most 20");
    await page.getByRole("button", { name: "Save and publish" }).click();
    const dialog = page.getByRole("dialog", { name: /^Publish/ });
    await confirmIn(dialog, "Publish");
    await expect(page).toHaveURL(/\/policies\/[0-9A-Z]{26}$/);
    const published = page.url();

    await page.goto(`/policies/learn/${id}`);
    await expect(good).toContainText(`Ada Admin published it as ${name}`);
    await page.goto("/policies/learn?connection=shop");
    await expect(page.getByRole("table", { name: "Earlier proposals" }).getByRole("link", { name })).toBeVisible();

    const again = await insertLearning(product, nameOf("more"));
    await page.goto(`/policies/learn/${again}`);
    const more = page.getByRole("region", { name: /^more-\d+$/ });
    await more.getByRole("button", { name: "Add to a policy" }).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`${new URL(published).pathname}\\?learned=${again}`));
    await expect(page.getByText("2 rules come from what was learned.")).toBeVisible();
    await expect(page.getByText("Not published yet")).toBeVisible();
    await expect(rules).toHaveCount(5);

    await page.goto(published);
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("textbox").fill(name);
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove policy" }).click();
    await expect(page).toHaveURL(/\/policies$/);
  });

  test("leaves out a policy that is set apart until somebody looks at it all the same", async ({ openAs, product }) => {
    const name = nameOf("apart");
    const page = await openAs("Ada", `/policies/learn/${await insertLearning(product, name)}`);
    const bad = policy(page, `${name} rogue`);
    await expect(bad.getByRole("note")).toContainText("44 of its 61 statements read whole tables");
    await expect(bad.getByRole("link", { name: "Open in the editor" })).toHaveCount(0);
    await expect(bad.locator("[data-proposed-rule]")).toHaveCount(0);
    await bad.getByRole("button", { name: "Look at it all the same" }).click();
    await expect(rule(bad, "read employees")).toContainText("it reads every column of shop.employees.");
    await expect(bad.getByRole("list", { name: "Statements no rule is proposed for" })).toContainText(
      "DROP TABLE payments",
    );
    await expect(bad.getByRole("link", { name: "Open in the editor" })).toBeVisible();
    await page.reload();
    await bad.getByRole("button", { name: "Leave it out" }).click();
    await expect(bad.locator("[data-proposed-rule]")).toHaveCount(0);
  });

  test("is seen by auditors, who can neither start nor decide", async ({ openAs, product, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 'learning needs a statement'");
    const name = nameOf("audited");
    const id = await insertLearning(product, name);
    const page = await openAs("Amir", "/policies/learn?connection=shop");
    await reloadUntilVisible(page, page.getByText("An administrator can start it."));
    await expect(page.getByRole("button", { name: "Learn", exact: true })).toHaveCount(0);
    await page.goto(`/policies/learn/${id}`);
    const good = policy(page, name);
    await expect(good.getByRole("list", { name: "Recurring" })).toContainText("one order");
    await expect(good.getByRole("button", { name: "Leave out", exact: true })).toHaveCount(0);
    await expect(good.getByRole("link", { name: "Open in the editor" })).toHaveCount(0);
    await page.keyboard.press("j");
    await page.keyboard.press("e");
    await expect(good.getByRole("link", { name: "All statements of this template" })).toBeVisible();
  });

  test.describe("for reviewers", () => {
    test.use({ expectedComplaints: [/403/] });

    test("is not there", async ({ openAs, product }) => {
      const id = await insertLearning(product, "unused");
      const page = await openAs("Rita", "/policies");
      await expect(page.getByRole("link", { name: "Learn", exact: true })).toHaveCount(0);
      for (const address of ["/policies/learn", `/policies/learn/${id}`]) {
        const answer = await page.goto(address);
        expect(answer?.status()).toBe(403);
      }
    });
  });

  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing serious in the ${theme} theme, and no page is wider than a phone`, async ({
      openAs,
      product,
    }) => {
      const name = nameOf(theme);
      const [done, running] = [await insertLearning(product, name), await insertLearning(product, "unused", RUNNING)];
      const page = await openAs("Ada");
      await page.evaluate((chosen) => localStorage.setItem("theme", chosen), theme);
      const findings: string[] = [];
      for (const address of [`/policies/learn/${running}`, "/policies/learn", `/policies/learn/${done}`]) {
        await page.goto(address);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
        await expect(page.locator("html")).toHaveClass(new RegExp(theme));
        findings.push(...(await seriousFindings(page)));
      }
      const good = policy(page, name);
      await policy(page, `${name} rogue`).getByRole("button", { name: "Look at it all the same" }).click();
      for (const card of await good.locator("[data-proposed-rule] [data-rule-focus]").all()) await card.click();
      findings.push(...(await seriousFindings(page)));
      await page.setViewportSize(PHONE);
      findings.push(...(await seriousFindings(page)));
      expect(findings).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      await rule(good, "one order").getByRole("button", { name: "Leave out", exact: true }).click();
      await expect(good.getByRole("status", { name: "Taken so far" })).toContainText("1 left out");
      await page.goto("/policies/learn");
      await expect(page.getByRole("table", { name: "Earlier proposals" })).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    });
  }
});
