import type { Page } from "@playwright/test";
import { PEOPLE } from "@/scripts/dev-idp/people";

/** The demo's people by first name. */
export type PersonName = "Ada" | "Rita" | "Otto" | "Amir" | "Nils";

/** The name the pages show. */
export function fullName(person: PersonName): string {
  const found = PEOPLE.find(({ name }) => name.startsWith(`${person} `));
  if (found === undefined) throw new Error(`the demo has no ${person}`);
  return found.name;
}

/** Signs in from the console's first page through the IdP, and waits for the console. */
export async function signIn(page: Page, person: PersonName): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in with single sign-on" }).click();
  await page.getByRole("button", { name: fullName(person) }).click();
  await page.waitForURL((url) => url.pathname === "/" || url.pathname === "/no-role");
}
