import type { Page } from "@playwright/test";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, reloadUntilVisible, test } from "./support/fixtures";
import { fullName } from "./support/people";

/** Some 300 statements through a real gateway, on a machine that does other things too. */
const RUN_MS = 240_000;
const TAB = "/connections/shop?tab=self-test";

const runs = (page: Page) => page.getByRole("table", { name: "Runs of the self-test" }).getByRole("row");

async function start(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run self-test" }).click();
  await expect(page.getByRole("progressbar", { name: "Progress of the self-test" })).toBeVisible();
}

test.describe("self-test", () => {
  test.setTimeout(RUN_MS + 120_000);

  test("an admin attacks a policy, sees what got through and why, and an auditor keeps the evidence", async ({
    openAs,
    openAlsoAs,
  }) => {
    const page = await openAs("Ada", TAB);
    await expect(page.getByText("Prove that there is no hole")).toBeVisible();
    await start(page);
    await expect(page.getByText(/of \d+ attacks got nothing/)).toBeVisible({ timeout: RUN_MS });
    await expect(page.getByText("Got through", { exact: true }).and(page.locator("h2"))).toHaveCount(0);
    await expect(page.getByText("Sent as").locator("..")).toContainText("Self-test of shop");
    await page.getByText(/^Stopped or harmless/).click();
    const recorded = page.getByRole("link", { name: "Recorded statement" }).first();
    await expect(recorded).toBeVisible();

    for (const theme of ["light", "dark"] as const) {
      await page.evaluate((name) => localStorage.setItem("theme", name), theme);
      await page.reload();
      await expect(page.locator("html")).toHaveClass(new RegExp(theme));
      await expect(page.getByText(/of \d+ attacks got nothing/)).toBeVisible();
      expect(await seriousFindings(page)).toEqual([]);
    }

    const auditor = await openAlsoAs("Amir", TAB);
    await expect(auditor.getByRole("button", { name: "Run self-test" })).toHaveCount(0);
    await expect(
      runs(auditor)
        .filter({ hasText: fullName("Ada") })
        .first(),
    ).toContainText("Finished");
    const download = auditor.waitForEvent("download");
    await auditor.getByRole("link", { name: "JSON" }).click();
    expect((await download).suggestedFilename()).toMatch(/^self-test-shop-\d{4}-\d\d-\d\d\.json$/);
    await auditor.goto("/audit?action=self_test.finished");
    await expect(auditor.getByText("Attacked a policy to test it").first()).toBeVisible();
  });

  test("a test can be cancelled, and the page fits a phone", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 1");
    const page = await openAs("Ada", TAB);
    // Somebody whom a policy binds was here: it is not the first policy's binding, which may do nothing.
    await reloadUntilVisible(page, page.getByText("this identity sent statements here most recently"));
    await expect(page.getByRole("combobox", { name: "Try as" })).toContainText("Seen identity");
    await start(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(runs(page).filter({ hasText: "Cancelled" }).first()).toBeVisible({ timeout: 60_000 });
    await page.setViewportSize(PHONE);
    await page.goto(TAB);
    await expect(page.getByRole("button", { name: "Run self-test" })).toBeVisible();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
  });
});
