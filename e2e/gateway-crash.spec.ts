import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, reloadUntilVisible, test } from "./support/fixtures";

/** The heartbeat is taken for lost after 10 s. */
const CUT_MS = 20_000;

test("killing the gateway cuts its clients cleanly, the console says so, and a new gateway takes over", async ({
  openAs,
  client,
  product,
}) => {
  const agent = await client("orders-agent");
  await agent.query("SELECT 1");
  const running = agent.failure("SELECT SLEEP(30)");
  const page = await openAs("Amir", `/sessions/${agent.sessionId}`);
  await expect(page.getByText("Live", { exact: true }).last()).toBeVisible();

  const record: { children: Record<string, number> } = JSON.parse(
    readFileSync(join(product.dataDir, "run.json"), "utf8"),
  );
  process.kill(record.children.gateway ?? Number.NaN, "SIGKILL");
  expect((await running)?.message).toMatch(/lost|closed|ECONNRESET/i);

  await expect(page.getByText("Cut", { exact: true })).toBeVisible({ timeout: CUT_MS });
  await expect(page.getByText("Its gateway stopped without a word")).toBeVisible();
  await expect(async () => {
    const again = await client("orders-agent");
    expect(await again.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  }).toPass({ timeout: CUT_MS });

  await page.goto("/sessions?reason=cut");
  await reloadUntilVisible(page, page.locator(`a[href="/sessions/${agent.sessionId}"]`));
});
