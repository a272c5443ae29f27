import { readFile } from "node:fs/promises";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, test } from "./support/fixtures";

test.describe("the upstream account", () => {
  test("is compared on request, and the script to narrow it is copied, downloaded and chosen", async ({
    openAs,
    product,
    context,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await openAs("Ada", "/connections/shop?tab=account");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    const excess = page.getByRole("table", { name: "Privileges beyond the need" });
    await expect(excess).toBeVisible({ timeout: 30_000 });
    await expect(excess.getByRole("row").nth(1)).toContainText(/Critical|High|Medium|Low/);
    await expect(page.getByRole("table", { name: "Current grants" })).toContainText("SELECT");

    const script = page.getByRole("region", { name: "Script of the account" });
    await expect(script).toContainText("REVOKE");
    await page.getByRole("button", { name: "Copy script of the account" }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("Sallyport never runs it");
    expect(copied).toContain("FROM `shop_app`@");
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe("shop-account.sql");
    expect(await readFile(await download.path(), "utf8")).toBe(copied);

    await page.getByRole("combobox", { name: "For" }).click();
    await page.getByRole("option", { name: /A new account/ }).click();
    await page.getByRole("textbox", { name: "New user" }).fill("narrow");
    await expect(script).toContainText("CREATE USER `narrow`@");
    await page.getByRole("combobox", { name: "Server" }).click();
    await page.getByRole("option", { name: "MySQL 8 and 9" }).click();
    await expect(script).toContainText("For MySQL 8 and 9");
    expect(await page.content()).not.toContain(product.upstream.password);
    await page.getByRole("button", { name: "Compare again" }).click();
    await expect(excess).toBeVisible();
  });

  for (const theme of ["light", "dark"] as const) {
    test(`has no serious accessibility finding in the ${theme} theme, and fits a phone`, async ({ openAs }) => {
      const page = await openAs("Ada", "/connections/shop?tab=account");
      await page.evaluate((name) => localStorage.setItem("theme", name), theme);
      await page.reload();
      await expect(page.locator("html")).toHaveClass(new RegExp(theme));
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await expect(page.getByRole("region", { name: "Script of the account" })).toBeVisible({ timeout: 30_000 });
      expect(await seriousFindings(page)).toEqual([]);
      await page.setViewportSize(PHONE);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    });
  }

  test("is nothing for auditors", async ({ openAs }) => {
    const page = await openAs("Amir", "/connections/shop?tab=account");
    await expect(page.getByRole("link", { name: "Account", exact: true })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Compare", exact: true })).toHaveCount(0);
  });
});
