import type { Page } from "@playwright/test";
import { CONSOLE_PAGES } from "@/lib/auth/routes";

/** An address of every page of the console; those of one object point to one that exists. The page must be signed in as an admin. */
export async function sampleAddresses(page: Page): Promise<Map<string, string>> {
  const firstLink = async (list: string) => {
    await page.goto(list);
    const href = await page.getByRole("row").locator("[data-row-link]").first().getAttribute("href");
    if (href === null) throw new Error(`${list} has no row that opens`);
    return href;
  };
  const addresses = new Map<string, string>();
  for (const { path } of CONSOLE_PAGES) {
    const [list, parameter] = path.split("/[");
    addresses.set(path, parameter === undefined ? path : await firstLink(list ?? "/"));
  }
  return addresses;
}
