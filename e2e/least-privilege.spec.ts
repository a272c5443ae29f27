import { connectAgent, type Played, playTraffic } from "@/scripts/traffic/play";
import { trafficOf } from "@/scripts/traffic/traffic-of";
import { confirmIn } from "./support/confirm-dialog";
import { expect, reloadUntilVisible, test } from "./support/fixtures";
import { applyObserved } from "./support/observed-connection";
import type { Product } from "./support/product";
import { accessToken } from "./support/tokens";

const AGENT = "stock-agent";
const STATEMENTS = 400;
const SEED = 23;
/** The gateway promises a second; a loaded machine running browser, gateway and database gets more. */
const FOLLOWS_MS = 10_000;

/** One hour of the agent's work through the gateway. */
async function work(product: Product, connection: string, hour: number, statements: number): Promise<Played[]> {
  const password = await accessToken(product, AGENT);
  const to = { host: "localhost", port: product.gatewayPort, user: connection, password };
  const connect = () => connectAgent(AGENT, to, product.gatewayCa, undefined);
  const played: Played[] = [];
  const traffic = trafficOf(AGENT, { seed: SEED, hour, statements });
  for await (const one of playTraffic(traffic, { connect, patienceMs: 60_000 })) played.push(one);
  return played;
}

async function failureOf(product: Product, connection: string, sql: string): Promise<string | null> {
  const password = await accessToken(product, AGENT);
  const to = { host: "localhost", port: product.gatewayPort, user: connection, password };
  const agent = await connectAgent(AGENT, to, product.gatewayCa, undefined);
  try {
    await agent.query(sql);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await agent.end();
  }
}

test("observe, learn, look at the evidence, foresee the impact, publish: and the agent keeps to it", async ({
  openAs,
  product,
}) => {
  test.slow();
  const name = `lab${Date.now() % 1_000_000}`;
  await applyObserved(product, name, AGENT);
  await expect.poll(() => failureOf(product, name, "SELECT 1").catch(String), { timeout: FOLLOWS_MS }).toBeNull();
  const observed = await work(product, name, 0, STATEMENTS);
  expect(observed.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(await failureOf(product, name, "SELECT name, phone FROM customers LIMIT 3")).toBeNull();

  const page = await openAs("Ada", `/connections/${name}`);
  await page.getByRole("link", { name: "Learn a policy" }).click();
  await expect(page).toHaveURL(/\/policies\/learn\?/);
  await reloadUntilVisible(page, page.getByRole("row").filter({ hasText: AGENT }));
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  await expect(page).toHaveURL(/\/policies\/learn\/[0-9A-Z]{26}$/);
  const proposal = page.getByRole("region", { name: new RegExp(`^${AGENT}`) });
  await expect(proposal.getByRole("status", { name: "Taken so far" })).toBeVisible({ timeout: 60_000 });
  await expect(proposal.getByRole("list", { name: "Recurring" })).toContainText("shop.products");
  // Seen once, of people, without a condition: nothing that an admin should nod through.
  const apart = proposal.getByRole("list", { name: "Set apart" });
  const customers = apart.locator("[data-proposed-rule]").filter({ hasText: /customers/ });
  await expect(customers).toBeVisible();
  await customers.getByRole("button", { name: "Leave out", exact: true }).click();

  const recurring = proposal.getByRole("list", { name: "Recurring" }).locator("[data-proposed-rule]").first();
  await recurring.getByRole("button", { name: /evidence/i }).click();
  const replay = recurring.getByRole("link", { name: /^Replay/ }).first();
  const address = (await replay.getAttribute("href")) ?? "";
  const learned = page.url();
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${AGENT} on ${name}`);
  await expect(page.getByText(/FROM products|UPDATE products/).first()).toBeVisible();
  await page.goto(learned);

  await proposal.getByRole("link", { name: "Open in the editor" }).click();
  await page.getByRole("tab", { name: "Impact" }).click();
  const panel = page.getByRole("tabpanel", { name: "Impact" });
  await expect(panel).toContainText(`${name} only observes`);
  await panel.getByRole("button", { name: "Show impact" }).click();
  // Everything passes while it observes; enforced, the look at customers would not.
  await expect(panel).toContainText("SELECT name, phone FROM customers LIMIT 3", { timeout: 60_000 });
  await page.getByRole("button", { name: "Save and publish" }).click();
  const publishing = page.getByRole("dialog", { name: /^Publish/ });
  await confirmIn(publishing, "Publish");
  await expect(publishing).toBeHidden();

  await page.goto(`/connections/${name}?tab=settings`);
  await page.getByRole("combobox", { name: "What decisions do" }).click();
  await page.getByRole("option", { name: /^Enforce/ }).click();
  const save = page.getByRole("button", { name: "Save", exact: true });
  await expect(page.getByText("Newly blocked").or(page.getByText("Newly held")).first()).toBeVisible({
    timeout: 60_000,
  });
  await save.click();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();

  await expect
    .poll(() => failureOf(product, name, "SELECT name, phone FROM customers LIMIT 3"), { timeout: FOLLOWS_MS })
    .toContain("[sallyport]");
  const obeyed = await work(product, name, 1, 200);
  const stopped = obeyed.filter(({ failure }) => failure !== null);
  // A few hundred statements are little to learn from: what is rare comes up for the first time.
  expect(stopped.length).toBeLessThanOrEqual(obeyed.length * 0.05);
  expect(await failureOf(product, name, "DELETE FROM products")).toContain("[sallyport]");

  await page.goto(`/connections/${name}?tab=danger`);
  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("textbox").fill(name);
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete connection" }).click();
  await expect(page).toHaveURL(/\/connections$/);
});
