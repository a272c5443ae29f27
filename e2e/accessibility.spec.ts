import type { Page } from "@playwright/test";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, test } from "./support/fixtures";
import { signIn } from "./support/people";
import { sampleAddresses } from "./support/samples";

const CONNECTION_TABS = [
  "connect",
  "schema",
  "access",
  "self-test",
  "settings",
  "credential",
  "account",
  "sessions",
  "activity",
  "danger",
];
const MASK_VIEWS = ["show=unreviewed", "show=masked", "view=what-if"];

/** Opens the address, and waits until what it loads stands there. */
async function settle(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
}

async function addressesOf(page: Page): Promise<string[]> {
  const samples = await sampleAddresses(page);
  return [
    ...samples.values(),
    ...CONNECTION_TABS.map((tab) => `/connections/shop?tab=${tab}`),
    ...MASK_VIEWS.map((view) => `/masks?${view}`),
  ];
}

test.describe("accessibility", () => {
  // Axe looks at every element of some twenty pages.
  test.setTimeout(300_000);

  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing serious on any page in the ${theme} theme`, async ({ openAs, client }) => {
      const agent = await client("orders-agent");
      await agent.failure("SELECT * FROM no_such_table");
      // Waits for a reviewer while the pages are looked at, and ends with its client.
      void agent.failure("UPDATE orders SET status = 'refunded' WHERE id = 89");
      const page = await openAs("Ada");
      await page.evaluate((name) => localStorage.setItem("theme", name), theme);
      const findings: string[] = [];
      for (const address of await addressesOf(page)) {
        await settle(page, address);
        await expect(page.locator("html")).toHaveClass(new RegExp(theme));
        findings.push(...(await seriousFindings(page)));
      }
      expect(findings).toEqual([]);
    });

    test(`axe finds nothing serious while signing in and without a role in the ${theme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await settle(page, "/sign-in");
      const findings = await seriousFindings(page);
      await signIn(page, "Nils");
      await settle(page, "/no-role");
      findings.push(...(await seriousFindings(page)));
      expect(findings).toEqual([]);
    });
  }

  test("no page is wider than a phone's screen", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query(
      "SELECT 'a statement that is much longer than a narrow screen is wide, so that it must be cut or scroll'",
    );
    void agent.failure("UPDATE orders SET status = 'refunded' WHERE id = 89");
    const page = await openAs("Ada");
    const addresses = await addressesOf(page);
    await page.setViewportSize(PHONE);
    const wide: string[] = [];
    for (const address of addresses) {
      await settle(page, address);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > PHONE.width) wide.push(`${address} is ${width} wide`);
    }
    expect(wide).toEqual([]);
  });
});
