import { expect, reloadUntilVisible, test } from "./support/fixtures";
import { connectWith, refusalOf } from "./support/gateway-client";
import { signIn } from "./support/people";
import { accessToken } from "./support/tokens";

/** The gateway promises a second; a loaded machine running browser, gateway and database gets two more. */
const AT_ONCE_MS = 3_000;

test("suspending an identity ends its session at once, refuses its tokens, and reactivating lets it in again", async ({
  openAs,
  client,
  product,
}) => {
  const agent = await client("support-agent");
  await agent.query("SELECT 1");
  const page = await openAs("Ada", "/identities");
  await page.getByRole("link", { name: "support-agent" }).click();
  await page.getByRole("button", { name: "Suspend" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("strange statements");
  await expect(dialog.getByRole("button", { name: "Suspend" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: /Type/ }).fill("support-agent");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  const asked = Date.now();
  await expect.poll(async () => (await agent.failure("SELECT 1")) !== null, { intervals: [50] }).toBe(true);
  expect(Date.now() - asked).toBeLessThan(AT_ONCE_MS);
  await expect(page.getByText("Suspended by Ada Admin")).toBeVisible();

  const refusal = await refusalOf(connectWith(product, await accessToken(product, "support-agent")));
  expect(refusal.errno).toBe(1045);
  expect(refusal.message).toMatch(/suspended/i);

  await page.getByRole("link", { name: "Sessions", exact: true }).first().click();
  await page.goto("/sessions?reason=revoked");
  // The end of a session reaches the store a moment after the client has heard of it.
  const ended = page.getByRole("row").filter({ hasText: "support-agent" }).filter({ hasText: "Access revoked" });
  await reloadUntilVisible(page, ended.first());

  await page.goto("/identities?q=support-agent");
  await page.getByRole("link", { name: "support-agent" }).click();
  await page.getByRole("button", { name: "Reactivate" }).click();
  await dialog.getByRole("textbox", { name: "Reason" }).fill("explained");
  await dialog.getByRole("button", { name: "Reactivate" }).click();
  await expect(page.getByRole("button", { name: "Suspend" })).toBeVisible();
  // Gateways follow within a second.
  await expect(async () => {
    const again = await client("support-agent");
    expect(await again.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  }).toPass();
});

test("a person who is signed out everywhere must sign in again", async ({ openAs, browser, product, signedIn }) => {
  const otto = await browser.newContext({ baseURL: product.consoleUrl });
  const ottosPage = await otto.newPage();
  await signIn(ottosPage, "Otto");
  signedIn.delete("Otto");

  const page = await openAs("Ada", "/identities?q=Otto");
  await page.getByRole("link", { name: "Otto Reviewer" }).click();
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByText("Otto Reviewer is signed out everywhere")).toBeVisible();

  await ottosPage.goto("/sessions");
  await expect(ottosPage.getByText("You were signed out everywhere")).toBeVisible();
  await otto.close();
});
