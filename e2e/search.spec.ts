import { readFileSync } from "node:fs";
import { expect, reloadUntilVisible, test } from "./support/fixtures";

/** The spec's statements are about this column, which the demo masks for the agent. */
const COLUMN = "shop.customers.email";

test.describe("the search for statements", () => {
  test("shows when they were, and zooms in by click and by keyboard", async ({ openAs, client }) => {
    const marker = `zoom${Date.now()}`;
    const agent = await client("orders-agent");
    for (let i = 0; i < 3; i++) await agent.query(`SELECT '${marker} ${i}'`);
    const page = await openAs("Amir", `/statements?q=${marker}&range=24h`);
    const overTime = page.getByRole("region", { name: "Statements over time" });
    await reloadUntilVisible(page, overTime.getByText("3 statements", { exact: true }));
    const bars = overTime.getByRole("group", { name: /Zoom into a time/ }).getByRole("button");
    const all = await bars.count();
    await overTime.getByRole("button", { name: /: 3 statements, 3 allowed/ }).click();
    await expect(page).toHaveURL(/from=.*&to=|to=.*&from=/);
    expect(new URL(page.url()).searchParams.get("range")).toBeNull();
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(3);
    await expect.poll(() => bars.count()).not.toBe(all);

    await page.goBack();
    await expect(page).toHaveURL(/range=24h/);
    await overTime.getByRole("button", { name: /: 3 statements, 3 allowed/ }).focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await expect(overTime.getByText(/: 3 statements, 3 allowed/)).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/from=/);
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(3);
  });

  test("narrows by what the statements have in common, and says how many there are", async ({ openAs, client }) => {
    const marker = `facet${Date.now()}`;
    const agent = await client("orders-agent");
    await agent.query(`SELECT '${marker}'`);
    await agent.failure(`SELECT '${marker}' FROM no_such_table`);
    const page = await openAs("Amir", `/statements?q=${marker}`);
    const outcomes = page.getByRole("region", { name: "Outcomes" });
    await reloadUntilVisible(page, outcomes.getByRole("button", { name: "Failed 1" }));
    await outcomes.getByRole("button", { name: "Failed 1" }).click();
    await expect(page).toHaveURL(/outcome=error/);
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(1);
    await outcomes.getByRole("button", { name: "Failed 1" }).click();
    await expect(page.getByRole("row").filter({ hasText: marker })).toHaveCount(2);
  });

  test("keeps filters under a name, finds them again, renames and removes them", async ({ openAs }) => {
    const name = `failed ${Date.now()}`;
    const page = await openAs("Amir", "/statements?outcome=error&range=7d");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save these filters" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await expect(page.getByText("Share with everybody")).toHaveCount(0);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText(`Saved as ${name}`)).toBeVisible();

    await page.goto("/statements");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name }).click();
    await expect(page).toHaveURL(/outcome=error&range=7d/);

    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Rename, share or remove" }).click();
    await page.getByRole("textbox", { name: `Name of ${name}` }).fill(`${name} again`);
    await page.getByRole("button", { name: "Rename" }).and(page.locator(":enabled")).click();
    await page.getByRole("button", { name: "Views" }).click();
    await expect(page.getByRole("menuitem", { name: `${name} again` })).toBeVisible();
    await page.getByRole("menuitem", { name: "Rename, share or remove" }).click();
    await page.getByRole("button", { name: `Remove ${name} again` }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await expect(page.getByText(`Removed ${name} again`)).toBeVisible();
    await page.getByRole("button", { name: "Views" }).click();
    await expect(page.getByRole("menuitem", { name })).toHaveCount(0);
  });

  test("exports what the filters find as a file without formulas, and leaves an audit event", async ({
    openAs,
    client,
  }) => {
    const marker = `export${Date.now()}`;
    const agent = await client("orders-agent");
    await agent.query(`SELECT '${marker} one'`);
    await agent.query(`SELECT '${marker} two'`);
    const page = await openAs("Amir", `/statements?q=${marker}`);
    await reloadUntilVisible(page, page.getByRole("row").filter({ hasText: `${marker} two` }));
    for (const [item, ending] of [
      [/CSV/, "csv"],
      [/NDJSON/, "ndjson"],
    ] as const) {
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Export" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe(`statements.${ending}`);
      const lines = readFileSync(await file.path(), "utf8")
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(ending === "csv" ? 3 : 2);
      expect(lines.at(-1)).toContain(`${marker} one`);
    }
    await expect(page.getByText("Exported 2 rows").first()).toBeVisible();
    await page.goto("/audit?action=export.created");
    await expect(page.getByRole("row").filter({ hasText: "2 rows" }).first()).toContainText("statements");
  });
});

test("who saw a column: a reader stands there with how it came, and leads to the statements", async ({
  openAs,
  client,
}) => {
  const agent = await client("orders-agent");
  await agent.query("SELECT id, email FROM customers WHERE id = 1");
  const page = await openAs("Amir", `/statements/columns?connection=shop&column=${COLUMN}`);
  const row = page.getByRole("row").filter({ hasText: "orders-agent" });
  await reloadUntilVisible(page, row);
  await expect(row).toContainText("Token");
  await row.getByTitle("Statements of this identity that touch the column").click();
  await expect(page).toHaveURL(/\/statements\?.*column=shop\.customers\.email/);
  await expect(page.getByRole("row").filter({ hasText: "email" }).first()).toContainText("orders-agent");
});
