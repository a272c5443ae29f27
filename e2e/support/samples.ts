import type { Page } from "@playwright/test";
import { CONSOLE_PAGES } from "@/lib/auth/routes";

/** Where the objects of a page are listed in a table, when not at the address above it. */
const LISTS = new Map([
  ["/approvals/[id]", "/approvals/history"],
  ["/policies/learn/[id]", "/policies/learn?connection=shop"],
]);

/**
 * An address of every page of the console; those of one object point to one that exists. The page must be signed in as an
 * admin, and something must have asked for approval before. */
export async function sampleAddresses(page: Page): Promise<Map<string, string>> {
  const firstLink = async (list: string) => {
    await page.goto(list);
    const href = await page.getByRole("row").locator("[data-row-link]").first().getAttribute("href");
    if (href === null) throw new Error(`${list} has no row that opens`);
    return href;
  };
  const make = (route: string, data: object) =>
    page.request.post(route, { headers: { origin: new URL(page.url()).origin }, data });
  await make("/api/webhooks", {
    name: "sample",
    url: "https://hooks.invalid/sample",
    events: ["approval.denied"],
    format: "generic",
    enabled: false,
  });
  await make("/api/streams", {
    name: "sample",
    url: "https://siem.invalid/sample",
    statements: false,
    start: "now",
    enabled: false,
  });
  await make("/api/policies/learn", {
    connection: "shop",
    since: new Date(Date.now() - 60_000).toISOString(),
    until: new Date().toISOString(),
  });
  const addresses = new Map<string, string>();
  for (const { path } of CONSOLE_PAGES) {
    const [list, parameter] = path.split("/[");
    const [, below = ""] = parameter?.split("]") ?? [];
    addresses.set(path, parameter === undefined ? path : `${await firstLink(LISTS.get(path) ?? list ?? "/")}${below}`);
  }
  return addresses;
}
