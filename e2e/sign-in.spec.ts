import { expect, test } from "./support/fixtures";
import { signIn } from "./support/people";

test.describe("signing in", () => {
  test("a newcomer is sent to the identity provider, and back to the page they asked for", async ({ page }) => {
    await page.goto("/sessions?state=live");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByRole("button", { name: "Sign in with single sign-on" }).click();
    await page.getByRole("button", { name: "Rita Reviewer" }).click();
    await expect(page.getByRole("heading", { name: "Sessions", level: 1 })).toBeVisible();
    expect(new URL(page.url()).search).toBe("?state=live");
  });

  test("a browser gets an icon, also one that asks before the page has named it", async ({ request }) => {
    for (const [path, type] of [
      ["/favicon.ico", "image/x-icon"],
      ["/icon.svg", "image/svg+xml"],
    ] as const) {
      const answer = await request.get(path);
      expect(answer.status(), path).toBe(200);
      expect(answer.headers()["content-type"]).toContain(type);
    }
  });

  test("a person without a role is told so, with the groups that arrived and whom to ask", async ({ page }) => {
    await signIn(page, "Nils");
    await expect(page.getByRole("heading", { name: "You have no role here" })).toBeVisible();
    await expect(page.getByText("engineering")).toBeVisible();
    await page.goto("/statements");
    await expect(page.getByRole("heading", { name: "You have no role here" })).toBeVisible();
  });

  test("signing out ends the session here and at the identity provider, and the old cookie opens nothing", async ({
    page,
    context,
    product,
  }) => {
    await signIn(page, "Otto");
    const cookies = await context.cookies(product.consoleUrl);
    await page.getByRole("button", { name: "Signed in as Otto Reviewer" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL((url) => url.origin === product.issuer || url.pathname === "/sign-in");
    if (page.url().startsWith(product.issuer)) {
      await page.getByRole("button", { name: "Sign out" }).click();
    }
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

    await context.addCookies(cookies);
    await page.goto("/sessions");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByRole("button", { name: "Sign in with single sign-on" }).click();
    // The identity provider asks again who this is: its own session is over too.
    await expect(page.getByRole("button", { name: "Otto Reviewer" })).toBeVisible();
  });

  test("cancelling at the identity provider comes back with an explanation", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Sign in with single sign-on" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  });
});
