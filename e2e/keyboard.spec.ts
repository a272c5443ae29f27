import { expect, test } from "./support/fixtures";

test.describe("the keyboard", () => {
  test("opens the palette, which goes to a page by a part of its name", async ({ openAs }) => {
    const page = await openAs("Ada");
    await page.keyboard.press("ControlOrMeta+k");
    await expect(page.getByRole("dialog", { name: "Go to or do" })).toBeVisible();
    await page.keyboard.type("statem");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/statements$/);
  });

  test("goes places with g and a letter, and shows the keys with ?", async ({ openAs }) => {
    const page = await openAs("Ada");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await expect(page.getByRole("heading", { name: "Sessions", level: 1 })).toBeVisible();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog");
    await expect(help).toContainText("Go to Statements");
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
  });

  test("moves through a list with j and k, and opens the row with enter", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    const marker = `keys${Date.now()}`;
    await agent.query(`SELECT '${marker} older'`);
    await agent.query(`SELECT '${marker} newer'`);
    const page = await openAs("Ada", `/statements?q=${marker}`);
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(2);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "SQL" })).toContainText(`${marker} older`);
  });

  test("leaves single keys alone while somebody types, and when they are switched off", async ({ openAs }) => {
    const page = await openAs("Ada", "/statements");
    await page.getByRole("searchbox", { name: "Search statements" }).click();
    await page.keyboard.type("g s ?");
    await expect(page.getByRole("heading", { name: "Statements", level: 1 })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("searchbox", { name: "Search statements" }).fill("");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Signed in as Ada Admin" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Single-key shortcuts" }).click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});
