import type { Page } from "@playwright/test";
import { openStore } from "@/lib/db/client";
import { seriousFindings } from "./support/findings";
import { expect, PHONE, test } from "./support/fixtures";
import type { GatewayClient } from "./support/gateway-client";
import { insertLongRecording, removeLongRecordings } from "./support/long-recording";

const playhead = (page: Page) => page.getByRole("slider", { name: "Playhead" });
const moment = (page: Page) => page.getByRole("region", { name: "At this moment" });
const transcript = (page: Page) => page.getByRole("region", { name: "Transcript" });

/** Opens the replay from the session's page, and waits until the gateway has brought the statement with this text. */
async function openReplay(page: Page, agent: GatewayClient, text: string): Promise<void> {
  await expect(async () => {
    await page.goto(`/sessions/${agent.sessionId}`);
    await page.getByRole("link", { name: "Replay", exact: true }).click();
    await expect(playhead(page)).toBeVisible();
    await expect(transcript(page).getByRole("link").filter({ hasText: text })).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

/** A session that read, was refused, and is over. */
async function endedSession(client: (id: "orders-agent") => Promise<GatewayClient>): Promise<GatewayClient> {
  const agent = await client("orders-agent");
  await agent.query("SELECT id, status FROM orders ORDER BY id LIMIT 3");
  await agent.failure("DELETE FROM customers");
  await agent.query("SELECT 'the last word' AS said");
  await agent.quit();
  return agent;
}

test.describe("the replay of a session", () => {
  test("opens from the session's page and shows what the client saw, statement by statement", async ({
    openAs,
    client,
  }) => {
    const agent = await endedSession(client);
    const page = await openAs("Amir");
    await openReplay(page, agent, "the last word");
    await transcript(page).getByRole("link").filter({ hasText: "SELECT id, status FROM orders" }).click();
    await expect(moment(page)).toContainText("Statement");
    await expect(moment(page).getByRole("columnheader", { name: "status" })).toBeVisible();
    await expect(
      moment(page)
        .getByRole("status")
        .filter({ hasText: /^3 rows/ }),
    ).toBeVisible();
    await page.keyboard.press("b");
    await expect(moment(page)).toContainText(/Error 1227/);
    await expect(page.getByRole("complementary", { name: "Inspector" })).toContainText("Deny");
    await page.keyboard.press("ArrowRight");
    await expect(moment(page).getByRole("cell", { name: "the last word" })).toBeVisible();
  });

  test("plays from the beginning to the end, stops there, and begins anew", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 'the first word'");
    await agent.query("SELECT SLEEP(3)");
    await agent.query("SELECT 'the last word'");
    await agent.quit();
    const page = await openAs("Amir");
    await openReplay(page, agent, "the last word");
    const place = (text: RegExp) => expect(playhead(page)).toHaveAttribute("aria-valuetext", text);
    const toggle = (name: "Play" | "Pause") => page.getByRole("button", { name, exact: true });
    await page.keyboard.press("2");
    await page.keyboard.press(" ");
    await place(/SLEEP\(3\)/);
    await expect(moment(page)).toContainText("The database is working");
    await expect(toggle("Pause")).toBeVisible();
    await place(/the last word/);
    await expect(toggle("Play")).toBeVisible();
    await page.keyboard.press("1");
    await page.keyboard.press(" ");
    await place(/SLEEP\(3\)/);
    await expect(toggle("Pause")).toBeVisible();
    await page.keyboard.press(" ");
    await expect(toggle("Play")).toBeVisible();
    await place(/SLEEP\(3\)/);
  });

  test("is moved by the keyboard alone: the slider says where it is", async ({ openAs, client }) => {
    const agent = await endedSession(client);
    const page = await openAs("Amir");
    await openReplay(page, agent, "the last word");
    await playhead(page).focus();
    await page.keyboard.press("End");
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /^statement (\d+) of \1, .*the last word/);
    await page.keyboard.press("[");
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /denied, DELETE FROM customers/);
    await page.keyboard.press("Home");
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /^statement 1 of/);
    await page.keyboard.press("i");
    await expect(page.getByRole("button", { name: "Fold idle time" })).toHaveAttribute("aria-pressed", "false");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Next that was blocked");
  });

  test("goes where the timeline is pressed", async ({ openAs, client }) => {
    const agent = await endedSession(client);
    const page = await openAs("Amir");
    await openReplay(page, agent, "the last word");
    const line = await page.getByRole("region", { name: "Timeline" }).locator("canvas").boundingBox();
    if (line === null) throw new Error("the timeline is not drawn");
    await page.mouse.click(line.x + line.width - 2, line.y + 30);
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /the last word/);
  });

  test("finds a value in the rows, not only in the statements", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT CONCAT('need', 'le') AS hidden_in_rows");
    await agent.quit();
    const page = await openAs("Amir");
    await openReplay(page, agent, "hidden_in_rows");
    await page.keyboard.press("/");
    await page.keyboard.type("needle");
    await expect(transcript(page).getByRole("link")).toHaveCount(1);
    await expect(transcript(page).getByRole("link")).toContainText("found in its rows");
    await transcript(page).getByRole("link").click();
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /hidden_in_rows/);
    const found = moment(page).getByRole("region", { name: "Cell", exact: true });
    await expect(found).toContainText("needle");
  });

  test("has a permanent link to every moment", async ({ openAs, context, client }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const agent = await endedSession(client);
    const page = await openAs("Amir");
    await openReplay(page, agent, "the last word");
    await transcript(page).getByRole("link").filter({ hasText: "DELETE FROM customers" }).click();
    await page.keyboard.press("y");
    await expect(page.getByText(/^Link to statement \d+ copied$/)).toBeVisible();
    await page.goto(await page.evaluate(() => navigator.clipboard.readText()));
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /DELETE FROM customers/);
  });

  test("marks masked values, and says why they are", async ({ openAs, client }) => {
    const agent = await client("support-agent");
    await agent.query("SELECT id, email FROM customers WHERE id = 7");
    await agent.quit();
    const page = await openAs("Amir");
    await openReplay(page, agent, "SELECT id, email");
    await transcript(page).getByRole("link").filter({ hasText: "SELECT id, email" }).click();
    await moment(page).getByRole("button", { name: "Why is email masked?" }).click();
    await expect(page.getByRole("dialog")).toContainText("shop.customers.email");
  });

  test("fills the values of a prepared statement in, and shows the marks on demand", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.change("UPDATE products SET stock = ? WHERE id = ?", [41, 7]);
    await agent.query("SELECT 'behind it'");
    await agent.quit();
    const page = await openAs("Amir");
    const sql = moment(page).getByRole("region", { name: "SQL" });
    await openReplay(page, agent, "behind it");
    await playhead(page).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await expect(sql).toHaveText("UPDATE products SET stock = 41 WHERE id = 7");
    await expect(sql.getByTitle("Parameter 2")).toHaveText("7");
    await moment(page).getByRole("checkbox", { name: "Values in place" }).click();
    await expect(sql).toHaveText("UPDATE products SET stock = ? WHERE id = ?");
    await expect(moment(page).getByRole("list", { name: "Parameters" }).getByRole("listitem")).toHaveText([
      /^1.*41$/,
      /^2.*7$/,
    ]);
  });

  test("says where a result was cut, and how much the client got", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    const rows = await agent.query(
      "SELECT o.id, o.placed_at, p.placed_at AS other FROM orders o JOIN orders p ON p.id <= 12",
    );
    await agent.quit();
    const page = await openAs("Amir");
    await openReplay(page, agent, "placed_at AS other");
    await playhead(page).focus();
    await page.keyboard.press("End");
    await expect(moment(page)).toContainText(`The client got ${rows.length.toLocaleString("en")} rows; the first`);
    await expect(moment(page)).toContainText("the connection's limit was reached");
  });

  test("is read on a phone, and axe finds nothing serious", async ({ openAs, client }) => {
    const agent = await endedSession(client);
    const page = await openAs("Amir");
    await openReplay(page, agent, "the last word");
    await page.setViewportSize(PHONE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await transcript(page).getByRole("link").filter({ hasText: "SELECT id, status" }).click();
    await expect(moment(page).getByRole("columnheader", { name: "status" })).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
  });
});

test.describe("the replay of a live session", () => {
  test("follows until it is moved, says what is new, and follows again", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 'before'");
    const page = await openAs("Rita");
    await openReplay(page, agent, "before");
    await expect(page.getByText("Following as it happens")).toBeVisible();
    await agent.query("SELECT 'as it happens'");
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /as it happens/);
    await page.keyboard.press("ArrowLeft");
    await agent.query("SELECT 'missed'");
    await page.getByRole("button", { name: "1 new, follow" }).click();
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /missed/);
  });

  test("shows a hold while the client waits, and its end", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 'before the hold'");
    const page = await openAs("Rita");
    await openReplay(page, agent, "before the hold");
    // Nobody answers a client that has left: this ends with the test.
    void agent.failure("UPDATE orders SET status = 'refunded' WHERE id = 87");
    await expect(moment(page)).toContainText("The client waits for a reviewer");
    await expect(moment(page)).toContainText("held for a reviewer");
    await expect(playhead(page)).toHaveAttribute("aria-valuetext", /^statement 2 of 2, .*, held, UPDATE orders/);
    const replay = page.url();
    await page.getByRole("link", { name: "The request" }).click();
    await page.getByRole("link", { name: "Replay so far" }).click();
    await expect(moment(page)).toContainText("The client waits for a reviewer");
    await page.goto(replay);
    await expect(moment(page)).toContainText("The client waits for a reviewer");
    await agent.close();
    await expect(transcript(page).getByRole("link").filter({ hasText: "UPDATE orders" })).toContainText("denied");
    await expect(transcript(page).getByRole("link")).toHaveCount(2);
  });

  test("can be killed from it, and then says that it has ended", async ({ openAs, client }) => {
    const agent = await client("orders-agent");
    await agent.query("SELECT 'not for long'");
    const page = await openAs("Rita");
    await openReplay(page, agent, "not for long");
    await page.getByRole("button", { name: "Kill session" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("seen enough");
    await dialog.getByRole("button", { name: "Kill session" }).click();
    await expect(page.getByText("The session has ended: killed")).toBeVisible();
    await expect(page.getByRole("button", { name: "Kill session" })).toBeHidden();
  });
});

test.describe("the replay of 10,000 statements", () => {
  /** Milliseconds. Twice what a small machine needs at most. */
  const OPEN_MS = 4_000;
  const SEEK_MS = 600;

  test("opens at once, and goes anywhere in it at once", async ({ openAs, product }, info) => {
    test.slow();
    const store = openStore(product.databaseUrl, { connections: 1 });
    try {
      const { sessionId } = await insertLongRecording(store.db, { statements: 10_000, bytes: 40 * 1024 * 1024 });
      const page = await openAs("Amir");
      await page.goto(`/sessions/${sessionId}/replay`, { waitUntil: "commit" });
      const opened = await page.waitForFunction(() => {
        const said = document.querySelector("[role=slider]")?.getAttribute("aria-valuetext");
        return said?.includes("of 10000") === true ? performance.now() : null;
      });
      const openMs = Number(await opened.jsonValue());
      const line = await page.getByRole("region", { name: "Timeline" }).locator("canvas").boundingBox();
      if (line === null) throw new Error("the timeline is not drawn");
      const seeks: number[] = [];
      for (const place of [0.5, 0.9, 0.1, 0.7, 0.3]) {
        const watch = await page.evaluateHandle(watchSeek);
        await page.mouse.click(line.x + line.width * place, line.y + 30);
        seeks.push(await watch.evaluate(({ ms }) => ms));
      }
      info.annotations.push({
        type: "measured",
        description: `opened in ${Math.round(openMs)} ms; went to ${seeks.length} places in ${seeks.map(Math.round).join(", ")} ms`,
      });
      expect(openMs).toBeLessThan(OPEN_MS);
      expect(Math.max(...seeks)).toBeLessThan(SEEK_MS);
    } finally {
      await removeLongRecordings(store.db);
      await store.close();
    }
  });
});

/** Runs in the page: milliseconds from the next press to the answer of the statement that it led to. */
function watchSeek(): { readonly ms: Promise<number> } {
  const stage = () => document.querySelector("section[aria-label='At this moment']");
  const place = () => stage()?.querySelector("h2")?.textContent;
  const before = place();
  const isAnswered = () =>
    place() !== before && stage()?.querySelector("[data-result-grid] tbody th, [data-answer]") != null;
  const ms = new Promise<number>((resolve) =>
    window.addEventListener(
      "pointerdown",
      () => {
        const from = performance.now();
        const look = () => (isAnswered() ? resolve(performance.now() - from) : requestAnimationFrame(look));
        look();
      },
      { capture: true, once: true },
    ),
  );
  return { ms };
}
