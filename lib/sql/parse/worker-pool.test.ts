import { afterEach, describe, expect, it } from "vitest";
import { analyseAway } from "../analyse";
import { lexText } from "../lexer";
import { SHOP_CATALOGUE } from "../shop.fixture";
import { INLINE_CHARACTERS, parse } from "./parse";
import { DEFAULT_WORKER_LIMITS, ParserWorker } from "./worker-pool";

function input(sql: string) {
  const lexed = lexText(sql, "mariadb");
  if (!lexed.ok) throw new Error(lexed.reason);
  return {
    tokens: lexed.lexed.tokens,
    literals: lexed.lexed.literals,
    catalogue: SHOP_CATALOGUE,
    defaultSchema: "shop",
  };
}

/** A valid statement whose simplified text is longer than what is parsed on the event loop. */
const LARGE = `SELECT id FROM people WHERE ${Array.from({ length: INLINE_CHARACTERS / 20 }, () => "name LIKE 'x'").join(" OR ")}`;

/** Ten megabytes of simplified text: no parser is done with it in a second. */
const ENDLESS = Array.from({ length: 60 }, () => `SELECT ${Array.from({ length: 20_000 }, () => "`n1`").join(", ")}`);

describe("the parser's worker", () => {
  const workers: ParserWorker[] = [];
  const start = (limits = DEFAULT_WORKER_LIMITS) => {
    const worker = new ParserWorker(limits);
    workers.push(worker);
    return worker;
  };
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  });

  it("parses a statement that is too large for the event loop, with the same meaning", async () => {
    const worker = start({ ...DEFAULT_WORKER_LIMITS, deadlineMs: 20_000 });
    expect(parse(input(LARGE))).toMatchObject({ ok: false, code: "TOO_COMPLEX" });
    const result = await analyseAway(input(LARGE), (texts) => worker.parse(texts));
    expect(result).toMatchObject({ ok: true, class: "select" });
    expect(result.ok && result.uses.map((use) => use.column.column)).toEqual(["name"]);
  });

  it("refuses a statement that takes longer than the deadline, and then parses the next one", async () => {
    const worker = start({ ...DEFAULT_WORKER_LIMITS, deadlineMs: 1_000 });
    expect(await worker.parse(ENDLESS)).toMatchObject({ ok: false, code: "TOO_COMPLEX" });
    expect(await worker.parse(["SELECT 1000000"])).toMatchObject([{ type: "select" }]);
  });

  it("leaves the event loop free while it parses", async () => {
    const worker = start({ ...DEFAULT_WORKER_LIMITS, deadlineMs: 300 });
    await worker.parse(["SELECT 1000000"]);
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 5);
    await worker.parse(ENDLESS);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
  });

  it("refuses what does not fit in its memory instead of dying with it", async () => {
    const worker = start({ ...DEFAULT_WORKER_LIMITS, deadlineMs: 20_000, maxHeapMb: 8 });
    expect(await worker.parse(ENDLESS)).toMatchObject({ ok: false, message: expect.stringContaining("memory") });
  }, 30_000);

  it("refuses more statements than may wait, and everything once it is closed", async () => {
    const worker = start({ ...DEFAULT_WORKER_LIMITS, maxWaiting: 1 });
    const first = worker.parse(["SELECT 1000000"]);
    const second = worker.parse(["SELECT 1000000"]);
    expect(await worker.parse(["SELECT 1000000"])).toMatchObject({ ok: false, code: "TOO_COMPLEX" });
    expect(await first).toHaveLength(1);
    expect(await second).toHaveLength(1);
    await worker.close();
    expect(await worker.parse(["SELECT 1000000"])).toMatchObject({ ok: false, code: "TOO_COMPLEX" });
  });

  it("gives no tree for a text that is no statement, or that is two", async () => {
    const worker = start({ ...DEFAULT_WORKER_LIMITS, deadlineMs: 20_000 });
    expect(await worker.parse(["SELECT FROM", "SELECT 1000000; SELECT 1000001", "SELECT 1000000 GO SELECT 1"])).toEqual(
      [null, null, null],
    );
  });
});
