import { expect, reloadUntilVisible, test } from "./support/fixtures";

const PAGE_SIZE = 50;

test.describe("the list of statements", () => {
  test("finds text whatever its case, takes wildcards as they are, and keeps the search in the address", async ({
    openAs,
    client,
  }) => {
    const marker = `Needle${Date.now()}`;
    const agent = await client("orders-agent");
    await agent.query(`SELECT '${marker} 100%'`);
    await agent.query(`SELECT '${marker} 1000'`);
    const page = await openAs("Amir", "/statements");
    await page.keyboard.press("/");
    await page.keyboard.type(`${marker.toUpperCase()} 100%`);
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(1);
    expect(new URL(page.url()).searchParams.get("q")).toBe(`${marker.toUpperCase()} 100%`);
    await page.reload();
    await expect(page.getByRole("row").filter({ hasText: `${marker} 100%` })).toHaveCount(1);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect(page.getByRole("row").filter({ hasText: `${marker} 1000` })).toBeVisible();
  });

  test("says so when nothing fits, and leads back", async ({ openAs }) => {
    const page = await openAs("Amir", "/statements?q=there-is-no-such-text-anywhere");
    await expect(page.getByText("No statement fits these filters")).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "Clear filters" }).click();
    await expect(page).toHaveURL(/\/statements$/);
  });

  test("refuses a filter in the address that it does not understand", async ({ openAs }) => {
    const page = await openAs("Amir", "/statements?outcome=whatever");
    await expect(page.getByText("This address has a filter that is not understood")).toBeVisible();
  });

  test("pages to older statements and back without losing one", async ({ openAs, client }) => {
    const marker = `page${Date.now()}`;
    const agent = await client("orders-agent");
    for (let i = 0; i < PAGE_SIZE + 5; i++) {
      await agent.query(`SELECT '${marker} ${i} end'`);
    }
    const page = await openAs("Amir", `/statements?q=${marker}`);
    const rows = page.getByRole("row").filter({ hasText: marker });
    await reloadUntilVisible(page, rows.filter({ hasText: `${marker} ${PAGE_SIZE + 4} end` }));
    await expect(rows).toHaveCount(PAGE_SIZE);
    await expect(rows.first()).toContainText(`${marker} ${PAGE_SIZE + 4} end`);
    await page.getByRole("link", { name: "Older" }).click();
    await expect(rows).toHaveCount(5);
    await expect(rows.last()).toContainText(`${marker} 0 end`);
    await page.getByRole("link", { name: "Newer" }).click();
    await expect(rows).toHaveCount(PAGE_SIZE);
    await expect(rows.first()).toContainText(`${marker} ${PAGE_SIZE + 4} end`);
  });

  test("announces what is new without moving the rows", async ({ openAs, client }) => {
    const before = `before ${Date.now()}`;
    const agent = await client("orders-agent");
    await agent.query(`SELECT '${before}'`);
    const page = await openAs("Amir", "/statements");
    const first = page.getByRole("row").nth(1);
    await reloadUntilVisible(page, first.filter({ hasText: before }));
    const marker = `new ${Date.now()}`;
    await agent.query(`SELECT '${marker}'`);
    await expect(page.getByRole("button", { name: "1 new statement" })).toBeVisible();
    await expect(first).toContainText(before);
    await page.getByRole("button", { name: "1 new statement" }).click();
    await expect(first).toContainText(marker);
  });

  test("shows one whole beside the list, and on a page of its own with its neighbours", async ({ openAs, client }) => {
    const marker = `whole${Date.now()}`;
    const agent = await client("orders-agent");
    await agent.query(`SELECT '${marker} one'`);
    await agent.failure(`SELECT '${marker} two' FROM no_such_table`);
    const page = await openAs("Amir", `/statements?q=${marker}`);
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(2);
    await page.keyboard.press("j");
    await page.keyboard.press("Space");
    const sheet = page.getByRole("dialog", { name: "Statement" });
    await expect(sheet.getByText("Error 1064")).toBeVisible();
    await sheet.getByRole("link", { name: "Open", exact: true }).click();
    await expect(page.getByRole("region", { name: "SQL" })).toContainText(`${marker} two`);
    await page.getByRole("link", { name: "Earlier" }).click();
    await expect(page.getByRole("region", { name: "SQL" })).toContainText(`${marker} one`);
    await page.getByRole("link", { name: "Open its session" }).click();
    await expect(page.getByRole("heading", { name: "orders-agent on shop", level: 1 })).toBeVisible();
  });

  test("shows what an execution was bound to", async ({ openAs, client }) => {
    const marker = `bound${Date.now()}`;
    const agent = await client("orders-agent");
    await agent.change(`SELECT id AS ${marker} FROM orders WHERE id = ? AND status <> ?`, [7, "it's open"]);
    const page = await openAs("Amir", `/statements?q=${marker}`);
    // To prepare it, and to execute it: the newest comes first.
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(2);
    await page.keyboard.press("j");
    await page.keyboard.press("Space");
    const values = page.getByRole("dialog", { name: "Statement" }).getByRole("region", { name: "Bound values" });
    await expect(values.getByRole("listitem")).toHaveText([/7$/, /'it''s open'$/]);
  });
});
