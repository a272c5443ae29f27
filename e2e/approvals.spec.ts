import type { Page } from "@playwright/test";
import { confirmIn } from "./support/confirm-dialog";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, test } from "./support/fixtures";
import type { GatewayClient } from "./support/gateway-client";

/** The product promises a second for a new request on an open page; a machine that runs browser, databases and tests as well gets three. */
const SHOWN_MS = 3_000;
/** Gateways follow a change of settings within a second; a loaded machine gets more. */
const FOLLOWS_MS = 5_000;

/** Orders that no other test changes, one for each statement. */
let order = 100;
const nextOrder = () => {
  order += 1;
  return order;
};
const refund = (id: number) => `UPDATE orders SET status = 'refunded' WHERE id = ${id}`;

const rows = (page: Page) => page.getByRole("list", { name: "Requests" }).getByRole("listitem");
const rowOf = (page: Page, id: number) => rows(page).filter({ hasText: new RegExp(`id = ${id}$|id = ${id}\\D`) });
const approve = (page: Page) => page.getByRole("button", { name: "Approve", exact: false }).first();

/** The outcome of a statement that waits, as text; the promise never rejects. */
function outcome(agent: GatewayClient, sql: string): Promise<string> {
  return agent.change(sql).then(
    (count) => `${count} row`,
    (error: Error) => error.message,
  );
}

async function approvalSettings(ada: Page, changes: Readonly<Record<string, string>>): Promise<void> {
  await ada.goto("/connections/shop?tab=settings");
  for (const [label, value] of Object.entries(changes)) {
    await expect(ada.getByRole("textbox", { name: label })).toBeEnabled();
    await ada.getByRole("textbox", { name: label }).fill(value);
  }
  await ada.getByRole("button", { name: "Save", exact: true }).click();
  await expect(ada.getByText("Settings saved")).toBeVisible();
}

test.describe("approvals", () => {
  test.slow();
  // Whoever comes second is told so with this status, which Chromium logs.
  test.use({ expectedComplaints: [/status of 409/] });

  test("a held UPDATE stands on the reviewer's open page within a second, and goes on after a and enter", async ({
    openAs,
    client,
  }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const page = await openAs("Rita", "/approvals");
    await agent.query("BEGIN");
    const asked = Date.now();
    const running = outcome(agent, `/* purpose: the parcel came back */ ${refund(id)}`);
    await rowOf(page, id).waitFor({ state: "visible" });
    expect(Date.now() - asked).toBeLessThan(SHOWN_MS);
    await rowOf(page, id).getByRole("link").click();
    const sheet = page.getByRole("article", { name: "Request" });
    await expect(sheet).toContainText("the parcel came back");
    await expect(sheet).toContainText("Waits inside an open transaction");
    await expect(sheet.getByRole("region", { name: "Statement", exact: true })).toContainText(`WHERE id = ${id}`);
    await expect(sheet).toContainText("shop.orders");
    await expect(sheet).toContainText("About 1 row examined");
    await expect(page).toHaveTitle(/^\(\d+\) Approvals/);

    await page.keyboard.press("a");
    await expect(page.getByRole("button", { name: "Approve once" })).toBeFocused();
    await page.keyboard.press("Enter");
    expect(await running).toBe("1 row");
    await expect(rowOf(page, id)).toContainText("You approved it");
    expect(await agent.query(`SELECT id, status FROM orders WHERE id = ${id}`)).toMatchObject([{ status: "refunded" }]);
    await agent.query("ROLLBACK");
  });

  test("a denial gives the client the reason, and its session and transaction go on", async ({ openAs, client }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    await agent.query("BEGIN");
    const page = await openAs("Rita", "/approvals");
    const running = outcome(agent, refund(id));
    await rowOf(page, id).getByRole("link").click();
    await expect(page.getByRole("article")).toContainText(`WHERE id = ${id}`);
    await page.keyboard.press("d");
    await expect(page.getByRole("textbox", { name: "Reason" })).toBeFocused();
    await page.keyboard.type("use the shop's own form");
    await page.keyboard.press("Enter");
    expect(await running).toMatch(/use the shop's own form.*code=APPROVAL_DENIED/);
    await expect(rowOf(page, id)).toContainText("You denied it");
    expect(await agent.failure("SELECT 1")).toBeNull();
    await agent.query("COMMIT");
    await page.goto("/approvals/history?q=own form");
    await expect(page.getByRole("row").filter({ hasText: `id = ${id}` })).toContainText("Denied");
  });

  test("two reviewers see each other, and the slower one learns who was first", async ({
    openAs,
    openAlsoAs,
    client,
  }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const rita = await openAs("Rita", "/approvals");
    const running = outcome(agent, refund(id));
    await rowOf(rita, id).getByRole("link").click();
    await expect(rita.getByRole("article")).toContainText(`WHERE id = ${id}`);
    const otto = await openAlsoAs("Otto", "/approvals");
    await rowOf(otto, id).getByRole("link").click();
    await expect(rowOf(rita, id)).toContainText("Otto Reviewer is looking");
    await expect(rowOf(otto, id)).toContainText("Rita Reviewer is looking");

    await rita.getByRole("article").getByRole("button", { name: /^Deny/ }).click();
    await rita.getByRole("textbox", { name: "Reason" }).fill("too late");
    await otto.keyboard.press("a");
    await otto.keyboard.press("Enter");
    expect(await running).toBe("1 row");
    const dialog = rita.getByRole("dialog");
    await dialog.getByRole("button", { name: "Deny", exact: true }).click();
    await expect(dialog.getByRole("alert")).toContainText("Otto Reviewer approved this request");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(rowOf(rita, id)).toContainText("Otto Reviewer approved it");
  });

  test("held too long the client is told to retry, and the retry runs once it is approved, and only once", async ({
    openAs,
    openAlsoAs,
    client,
  }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const ada = await openAs("Ada");
    await approvalSettings(ada, { "Seconds a client waits": "1" });
    const rita = await openAlsoAs("Rita", "/approvals");
    await expect
      .poll(async () => (await agent.failure(refund(id)))?.message ?? "ran", { timeout: 60_000 })
      .toMatch(/code=APPROVAL_PENDING.*approval=/);
    await expect(rowOf(rita, id)).toContainText("For a retry");
    await rowOf(rita, id).getByRole("link").click();
    await expect(rita.getByRole("article")).toContainText("No longer waits");
    await approve(rita).click();
    await rita.getByRole("button", { name: "Approve once" }).click();
    await expect(rowOf(rita, id)).toContainText("You approved it");
    expect(await agent.change(refund(id))).toBe(1);
    expect((await agent.failure(refund(id)))?.message).toContain("APPROVAL_PENDING");

    // The second request is approved and taken back before use.
    await rita.goto(`/approvals/history?q=${encodeURIComponent(`id = ${id}`)}&state=pending`);
    await rita.getByRole("row").locator("[data-row-link]").first().click();
    await approve(rita).click();
    await rita.getByRole("button", { name: "Approve once" }).click();
    await rita.getByRole("button", { name: "Take my approval back" }).click();
    await rita.getByRole("alertdialog").getByRole("textbox", { name: "Reason" }).fill("wrong order");
    await rita.getByRole("alertdialog").getByRole("button", { name: "Take it back" }).click();
    await expect(rita.getByText("You withdrew it")).toBeVisible();
    expect((await agent.failure(refund(id)))?.message).toContain("APPROVAL_PENDING");
    await approvalSettings(ada, { "Seconds a client waits": "45" });
  });

  test("a reviewer outside the connection's group sees why not, and one of the group decides", async ({
    openAs,
    openAlsoAs,
    client,
  }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const ada = await openAs("Ada");
    await approvalSettings(ada, { "Groups of reviewers": "dba" });
    const running = outcome(agent, refund(id));
    const otto = await openAlsoAs("Otto", "/approvals");
    await rowOf(otto, id).getByRole("link").click();
    await expect(otto.getByRole("note")).toContainText("reviewers of this connection are in dba");
    await expect(otto.getByRole("article").getByRole("button", { name: /^Approve/ })).toHaveCount(0);
    const rita = await openAlsoAs("Rita", "/approvals?mine=1");
    await rowOf(rita, id).getByRole("link").click();
    await rita
      .getByRole("article")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await rita.keyboard.press("Enter");
    expect(await running).toBe("1 row");
    await approvalSettings(ada, { "Groups of reviewers": "" });
  });

  test("the owner of a machine does not decide on what it asks for", async ({ openAs, openAlsoAs, client }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const rita = await openAlsoAs("Rita", "/approvals");
    const ada = await openAs("Ada", "/identities?q=orders-agent");
    await ada.getByRole("link", { name: "orders-agent" }).click();
    const choose = async (button: string, name: string) => {
      await ada.getByRole("button", { name: button }).click();
      await ada.getByRole("dialog").getByRole("combobox", { name: "Owner" }).click();
      await ada.getByRole("option", { name }).click();
      await ada.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await expect(ada.getByText("Owner changed").first()).toBeVisible();
      await expect(ada.getByRole("dialog")).toHaveCount(0);
    };
    await choose("Set owner", "Rita Reviewer");
    const running = outcome(agent, refund(id));
    await rowOf(rita, id).getByRole("link").click();
    await expect(rita.getByRole("note")).toContainText("the owner of an identity does not decide");
    await choose("Change owner", "Nobody");
    // Whoever owned it when it asked stays barred from that request.
    await rita.reload();
    await rowOf(rita, id).getByRole("link").click();
    await expect(rita.getByRole("note")).toContainText("the owner of an identity does not decide");
    const otto = await openAlsoAs("Otto", "/approvals");
    await rowOf(otto, id).getByRole("link").click();
    await otto
      .getByRole("article")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await otto.keyboard.press("Enter");
    expect(await running).toBe("1 row");
  });

  test("new requests wait under a button while the pointer is in the list, and x and d deny several at once", async ({
    openAs,
    client,
  }) => {
    const [first, second] = [nextOrder(), nextOrder()];
    const agents = [await client("orders-agent"), await client("orders-agent")] as const;
    const page = await openAs("Rita", "/approvals");
    const one = outcome(agents[0], refund(first));
    await rowOf(page, first).hover();
    const two = outcome(agents[1], refund(second));
    await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
    await expect(rowOf(page, second)).toHaveCount(0);
    // By key: on its way to the button the pointer leaves the list, which then shows the new ones by itself.
    await page.getByRole("button", { name: "1 new" }).press("Enter");
    await expect(rowOf(page, second)).toBeVisible();
    for (const id of [first, second]) {
      await rowOf(page, id).getByRole("link").click();
      await page.keyboard.press("x");
      await expect(rowOf(page, id).getByRole("checkbox")).toBeChecked();
    }
    await page.keyboard.press("d");
    await expect(page.getByRole("dialog", { name: "Deny 2 requests?" })).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Reason" })).toBeFocused();
    await page.keyboard.type("not on a Friday");
    await page.keyboard.press("Enter");
    for (const running of [one, two]) expect(await running).toContain("not on a Friday");
  });

  test("a phone shows the list, then the request as a page with big buttons", async ({ openAlsoAs, client }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const page = await openAlsoAs("Rita", "/approvals", true);
    const running = outcome(agent, refund(id));
    await rowOf(page, id).getByRole("link").tap();
    await expect(page).toHaveURL(/\/approvals\/[0-9A-Z]{26}$/);
    const button = page.getByRole("button", { name: "Approve" });
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await button.tap();
    await page.getByRole("button", { name: "Approve once" }).tap();
    expect(await running).toBe("1 row");
    await expect(page.getByText("You approved it")).toBeVisible();
  });

  test("an approved request becomes a rule in the policy editor, which publishes it as a revision", async ({
    openAs,
    openAlsoAs,
    client,
  }) => {
    const id = nextOrder();
    const agent = await client("orders-agent");
    const rita = await openAlsoAs("Rita", "/approvals");
    const running = outcome(agent, refund(id));
    await rowOf(rita, id).getByRole("link").click();
    await rita
      .getByRole("article")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await rita.keyboard.press("Enter");
    expect(await running).toBe("1 row");

    const ada = await openAs("Ada", `/approvals/history?q=${encodeURIComponent(`id = ${id}`)}`);
    await ada.getByRole("row").locator("[data-row-link]").first().click();
    await ada.getByRole("link", { name: "Add as a rule" }).click();
    const card = ada.getByRole("list", { name: "Rules" }).locator("[data-rule]").filter({ hasText: "without review" });
    await expect(card).toBeVisible();
    await ada.getByRole("button", { name: "Save and publish" }).click();
    await confirmIn(ada.getByRole("dialog", { name: /^Publish/ }), "Publish");
    await expect(ada.getByText("As published")).toBeVisible();
    // An attempt that came too early waits for a person: every one is another client's.
    let ran = false;
    await expect
      .poll(
        async () => {
          const another = await client("orders-agent");
          void outcome(another, refund(nextOrder())).then((text) => {
            ran ||= text === "1 row";
          });
          return ran;
        },
        { timeout: FOLLOWS_MS, intervals: [300] },
      )
      .toBe(true);
    await ada.goto("/policies/history");
    await ada.getByRole("row").locator("[data-row-link]").nth(1).click();
    await ada.getByRole("button", { name: "Roll back to this" }).click();
    await confirmIn(ada.getByRole("alertdialog"), "Roll back");
    await expect(ada.getByRole("alertdialog")).toHaveCount(0);
  });

  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing serious with a request, a dialog and a settled row in the ${theme} theme`, async ({
      openAs,
      client,
    }) => {
      const id = nextOrder();
      const agent = await client("orders-agent");
      const page = await openAs("Rita", "/approvals");
      await page.evaluate((name) => localStorage.setItem("theme", name), theme);
      await page.reload();
      const running = outcome(agent, refund(id));
      await rowOf(page, id).getByRole("link").click();
      await expect(page.getByRole("table", { name: "EXPLAIN" })).toBeVisible();
      const findings = await seriousFindings(page);
      await page.keyboard.press("a");
      await expect(page.getByRole("button", { name: "Approve once" })).toBeFocused();
      findings.push(...(await seriousFindings(page)));
      await page.keyboard.press("Enter");
      await running;
      await expect(rowOf(page, id)).toContainText("You approved it");
      findings.push(...(await seriousFindings(page)));
      expect(findings).toEqual([]);
    });
  }
});
