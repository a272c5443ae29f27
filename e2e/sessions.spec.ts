import type { Page } from "@playwright/test";
import { expect, reloadUntilVisible, test } from "./support/fixtures";
import type { GatewayClient } from "./support/gateway-client";

/** Opens the client's session from the list of live ones. */
async function openFromList(page: Page, agent: GatewayClient): Promise<void> {
  await page.goto("/sessions?state=live");
  await page.getByRole("row").locator(`a[href="/sessions/${agent.sessionId}"]`).click();
  await expect(page.getByRole("heading", { name: /-agent on shop$/, level: 1 })).toBeVisible();
}

test.describe("a running session", () => {
  test("is live in the list, and its page follows its statements as they come", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    const page = await openAs("Rita");
    await openFromList(page, agent);
    const marker = `followed ${Date.now()}`;
    await agent.query(`SELECT '${marker}'`);
    const row = page.getByRole("row").filter({ hasText: marker });
    await expect(row).toBeVisible({ timeout: 5_000 });
    await expect(row).toContainText("ok");
    await agent.failure("SELECT * FROM no_such_table");
    await expect(page.getByRole("row").filter({ hasText: "no_such_table" })).toContainText("1064");
  });

  test("announces new statements instead of moving rows when following is off", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 'seen before'");
    const page = await openAs("Rita");
    await openFromList(page, agent);
    await page.getByRole("checkbox", { name: "Follow" }).click();
    const marker = `announced ${Date.now()}`;
    await agent.query(`SELECT '${marker}'`);
    await page.getByRole("button", { name: "1 new statement" }).click();
    await expect(page.getByRole("row").filter({ hasText: marker })).toBeVisible();
  });

  test("ends when it is killed: the client gets a clean error, and the page and the audit trail say who and why", async ({
    openAs,
    client,
  }) => {
    const agent = await client("orders-agent");
    const page = await openAs("Rita");
    await openFromList(page, agent);
    const running = agent.failure("SELECT SLEEP(30)");
    await page.getByRole("button", { name: "Kill session" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("rolled back");
    await expect(dialog.getByRole("button", { name: "Kill session" })).toBeDisabled();
    await dialog.getByRole("textbox", { name: "Reason" }).fill("runs wild");
    await dialog.getByRole("button", { name: "Kill session" }).click();
    const failure = await running;
    expect(failure?.message).toMatch(/\[sallyport\].*kill/i);
    expect(await agent.failure("SELECT 1")).not.toBeNull();

    await expect(page.getByText("Killed", { exact: true })).toBeVisible();
    await expect(page.getByText("Kill asked by")).toBeVisible();
    await expect(page.getByText("Rita Reviewer")).toBeVisible();
    await expect(page.getByRole("button", { name: "Kill session" })).toBeHidden();
  });

  test("goes on when only its statement is stopped", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    const page = await openAs("Otto");
    await openFromList(page, agent);
    const running = agent.failure("SELECT COUNT(*) FROM orders a, orders b, orders c, orders d");
    await page.getByRole("button", { name: "Stop statement" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("too long");
    await dialog.getByRole("button", { name: "Stop statement" }).click();
    expect((await running)?.errno).toBe(1317);
    expect(await agent.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("can not be killed by an auditor, who sees no button for it", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    const page = await openAs("Amir");
    await openFromList(page, agent);
    await expect(page.getByText("The client is connected")).toBeVisible();
    await expect(page.getByRole("button", { name: "Kill session" })).toHaveCount(0);
  });
});

test("an ended session says how it ended, and keeps its statements", async ({ openAs, client }) => {
  const marker = `kept ${Date.now()}`;
  const agent = await client("support-agent");
  await agent.query(`SELECT '${marker}'`);
  await agent.quit();
  const page = await openAs("Amir", "/sessions");
  const link = page.locator(`a[href="/sessions/${agent.sessionId}"]`);
  await reloadUntilVisible(page, page.getByRole("row").filter({ has: link, hasText: "Client quit" }));
  await link.click();
  await expect(page.getByText("The client said goodbye.")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: marker })).toBeVisible();
});
