import { expect, test } from "./support/fixtures";

const LONG = "SELECT COUNT(*) FROM orders a, orders b, orders c, orders d";

test.describe("what runs now", () => {
  test("stands on the page within a second or two, counts on, and is stopped from there", async ({
    openAs,
    client,
  }) => {
    const agent = await client("orders-agent");
    const page = await openAs("Otto", "/live");
    const running = agent.failure(LONG);
    const table = page.getByRole("table", { name: "Running" });
    const row = table.getByRole("row").filter({ has: page.locator(`a[href^="/sessions/${agent.sessionId}"]`) });
    await expect(row).toContainText("Running");
    await expect(row).toContainText("COUNT(*)");
    await expect(row).toContainText(/[2-9](\.\d)? s/);

    await row.getByRole("link").focus();
    await page.keyboard.press("Space");
    const sheet = page.getByRole("dialog", { name: /on shop$/ });
    await expect(sheet.getByRole("region", { name: "Statement" })).toContainText(LONG);
    await expect(sheet.getByRole("link", { name: "Follow" })).toHaveAttribute(
      "href",
      `/sessions/${agent.sessionId}/replay?follow=1`,
    );
    await sheet.getByRole("button", { name: "Stop statement" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("too long");
    await dialog.getByRole("button", { name: "Stop statement" }).click();
    expect((await running)?.errno).toBe(1317);
    await expect(sheet.getByText("Done")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(sheet).toBeHidden();
  });

  test("keeps its rows in place under the pointer, and is empty in plain words", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("BEGIN");
    await agent.query("SELECT COUNT(*) FROM orders");
    const page = await openAs("Amir", "/live?doing=transaction");
    const own = page.locator(`a[href^="/sessions/${agent.sessionId}"]`);
    await expect(own).toBeVisible();
    await expect(page.getByRole("row").filter({ has: own })).toContainText("Idle in transaction");
    await expect(
      page
        .getByRole("row")
        .filter({ has: own })
        .getByRole("button", { name: /^Actions/ }),
    ).toBeVisible();
    await own.hover();
    await agent.query("ROLLBACK");
    await expect(page.getByRole("row").filter({ has: own })).toContainText("Done");
    await page.mouse.move(0, 0);
    await expect(own).toBeHidden();
    await page.goto("/live?q=no-such-text");
    await expect(
      page.getByRole("region", { name: "What runs now" }).getByText("Nothing that runs fits these filters"),
    ).toBeVisible();
  });

  test("tells an administrator what a suspension rolls back before it happens", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("BEGIN");
    await agent.query("SELECT COUNT(*) FROM orders");
    const page = await openAs("Ada", "/live");
    const own = page.locator(`a[href^="/sessions/${agent.sessionId}"]`);
    const row = page.getByRole("row").filter({ has: own });
    await row.getByRole("button", { name: /^Actions/ }).click();
    await page.getByRole("menuitem", { name: "Suspend identity" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText(/transactions? rolls? back/);
    await expect(dialog.getByRole("button", { name: "Suspend" })).toBeDisabled();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await agent.query("ROLLBACK");
  });
});
