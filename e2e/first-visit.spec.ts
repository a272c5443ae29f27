import { expect, reloadUntilVisible, test } from "./support/fixtures";
import { signIn } from "./support/people";
import { runInShell } from "./support/shell";

test.describe("the first visit", () => {
  test("leads from sign-in over the demo connection to a statement with identity and time", async ({
    page,
    product,
  }) => {
    const marker = `first visit ${Date.now()}`;
    await signIn(page, "Ada");
    await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();

    await page.getByRole("link", { name: "Connections", exact: true }).click();
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await expect(page.getByRole("heading", { name: "shop", level: 1 })).toBeVisible();
    await page.getByText("mariadb command line", { exact: true }).click();
    const commands = page.getByRole("region", { name: "Command" }).locator("pre");
    await expect(commands).toHaveCount(2);
    const [getToken = "", connect = ""] = await commands.allTextContents();
    const answer = await runInShell(
      product,
      `${getToken}\n${connect}`,
      `SELECT '${marker}' AS said, COUNT(*) > 0 FROM orders;`,
    );
    expect(answer).toContain(`${marker}\t1`);

    await page.goto(`/statements?q=${encodeURIComponent(marker)}`);
    const row = page.getByRole("row").filter({ hasText: marker });
    await reloadUntilVisible(page, row);
    await expect(row).toContainText("orders-agent");
    await expect(row.getByRole("time")).toHaveText(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$/);
  });

  test("the command that npm start prints runs as it is", async ({ openAs, product }) => {
    const marker = `printed command ${Date.now()}`;
    const command = /^ {2}mariadb [\s\S]+?\n\n/m.exec(product.printed)?.[0] ?? "";
    expect(command).toContain("--password=");
    await runInShell(product, command, `SELECT '${marker}';`);

    const page = await openAs("Amir", `/statements?q=${encodeURIComponent(marker)}`);
    await expect(page.getByRole("row").filter({ hasText: marker })).toContainText("orders-agent");
  });
});
