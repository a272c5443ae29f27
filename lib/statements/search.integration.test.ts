import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePast, type Past, type PastStatement, RARE_VALUE, RARE_WORD, randomFrom } from "@/e2e/support/history";
import { insertPast } from "@/e2e/support/history-store";
import { ctxOf, statementRow } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { statements, statementTemplates, templateObjects } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { countStatements } from "./counts";
import type { StatementFilter } from "./filter";
import { listStatements } from "./list";
import { suggestNames } from "./suggest-names";

const DAY_MS = 86_400_000;
const FROM = new Date("2026-06-01T00:00:00Z");
const TO = new Date("2026-06-06T00:00:00Z");
/** Small, so that every search is cut into looks that do not reach the end. */
const WINDOW = { primary: 700, secondary: 250 };

type Part = {
  readonly name: string;
  readonly filter: StatementFilter;
  readonly meets: (one: PastStatement) => boolean;
};

describe("a search for statements", () => {
  let store: TestStore;
  let ctx: Ctx;
  let past: Past;
  let all: readonly PastStatement[];
  let parts: readonly Part[];

  beforeAll(async () => {
    store = await createTestStore();
    ctx = ctxOf(store.db, "auditor");
    past = makePast({ seed: 7, statements: 3_000, from: FROM, to: TO, identities: 12, templates: 60 });
    all = (await insertPast(store.db, past)).statements;
    parts = filterParts(past, all);
  });
  afterAll(() => store.close());

  async function found(filter: StatementFilter): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listStatements(ctx, { filter, cursor, size: 200 }, WINDOW);
      ids.push(...page.rows.map((row) => row.id));
      cursor = page.next;
    } while (cursor !== null);
    return ids;
  }
  const expected = (...of: readonly Part[]) =>
    all
      .filter((one) => of.every((part) => part.meets(one)))
      .map((one) => one.id)
      .toReversed();

  it("finds by each filter alone exactly the statements that meet it, newest first", async () => {
    for (const part of parts) {
      expect(expected(part).length, `${part.name} must be met by some`).toBeGreaterThan(0);
      expect(await found(part.filter), part.name).toEqual(expected(part));
    }
  });

  it("finds by each two filters exactly the statements that meet both", async () => {
    let met = 0;
    for (const [at, one] of parts.entries()) {
      for (const other of parts.slice(at + 1)) {
        if (Object.keys(one.filter).some((name) => Object.hasOwn(other.filter, name))) continue;
        const wanted = expected(one, other);
        expect(await found({ ...one.filter, ...other.filter }), `${one.name} and ${other.name}`).toEqual(wanted);
        if (wanted.length > 0) met++;
      }
    }
    expect(met).toBeGreaterThan(100);
  });

  it("counts by every filter and pair what a count of the rows gives, over time and by facet", async () => {
    const random = randomFrom(3);
    const wide = { primary: 10_000, secondary: 10_000 };
    const span = { from: FROM, to: TO };
    for (const one of parts) {
      const other = parts[Math.floor(random() * parts.length)] ?? one;
      const clash = Object.keys(one.filter).some((name) => Object.hasOwn(other.filter, name));
      const used = clash ? [one] : [one, other];
      // What is not over yet is in no sum.
      const rows = all.filter((row) => used.every((part) => part.meets(row)));
      const filter: StatementFilter = Object.assign({}, span, ...used.map((part) => part.filter));
      const counts = await countStatements(ctx, filter, TO, wide);
      const running = rows.filter((row) => row.state === "running").length;
      const what = used.map((part) => part.name).join(" and ");
      expect(rows.length - counts.total, what).toBeLessThanOrEqual(running);
      expect(counts.total, what).toBeLessThanOrEqual(rows.length);
      expect(counts.countedFrom, what).toBeNull();
      const denied = counts.buckets.reduce((sum, bucket) => sum + bucket.deny, 0);
      expect(denied, what).toBe(rows.filter((row) => row.effect === "deny").length);
      const by = (name: string) => counts.facets.connection.find((facet) => facet.value === name)?.count ?? 0;
      if (filter.connection === undefined) {
        const shop = rows.filter((row) => row.template.connection === "shop" && row.state !== "running").length;
        expect(Math.abs(by("shop") - shop), what).toBeLessThanOrEqual(running);
      }
    }
  });

  it("counts from sums per minute, hour and day exactly, wherever the time begins and ends", async () => {
    const random = randomFrom(11);
    for (let round = 0; round < 25; round++) {
      const start = FROM.getTime() + Math.floor(random() * 4 * DAY_MS);
      const from = new Date(Math.floor(start / 60_000) * 60_000);
      const to = new Date(
        Math.min(from.getTime() + Math.ceil((random() ** 3 * 4 * DAY_MS) / 60_000 + 1) * 60_000, TO.getTime()),
      );
      const identity = past.identities[round % past.identities.length];
      const filter = round % 3 === 0 ? { from, to } : { from, to, identity: identity?.id };
      const meets = (one: PastStatement) =>
        one.at >= from &&
        one.at < to &&
        one.state !== "running" &&
        (filter.identity === undefined || one.identity.id === filter.identity);
      const rows = all.filter(meets);
      const counts = await countStatements(ctx, filter, TO);
      expect(counts.total).toBe(rows.length);
      for (const bucket of counts.buckets) {
        const end = bucket.start.getTime() + counts.bucketMs;
        const within = rows.filter((one) => one.at >= bucket.start && one.at.getTime() < end);
        expect(bucket).toEqual({
          start: bucket.start,
          allow: within.filter((one) => (one.effect === "allow" || one.effect === null) && one.errorNumber === null)
            .length,
          review: within.filter((one) => one.effect === "review").length,
          deny: within.filter((one) => one.effect === "deny").length,
          failed: within.filter((one) => (one.effect === "allow" || one.effect === null) && one.errorNumber !== null)
            .length,
        });
      }
      const failed = all.filter(
        (one) =>
          one.at >= from &&
          one.at < to &&
          one.errorNumber !== null &&
          (filter.identity === undefined || one.identity.id === filter.identity),
      );
      expect(counts.facets.outcome.find((facet) => facet.value === "error")?.count ?? 0).toBe(failed.length);
    }
  });

  it("says from when on it counted, when the filters need a look at more rows than one answer may cost", async () => {
    const counts = await countStatements(ctx, { text: "select", from: FROM, to: TO }, TO, {
      primary: 500,
      secondary: 500,
    });
    expect(counts.countedFrom).toEqual(all.at(-500)?.at);
    expect(counts.total).toBe(all.slice(-500).filter((one) => one.sql.startsWith("SELECT")).length);
  });

  it("shows at once what holds a seldom word by its template, however far back, and goes on from where it looked", async () => {
    const rare = all.filter((one) => one.sql.includes(RARE_WORD)).map((one) => one.id);
    const first = await listStatements(ctx, { filter: { text: RARE_WORD } }, { primary: 20, secondary: 20 });
    const shown = [...first.rows, ...first.further].map((row) => row.id);
    expect(rare.length).toBeGreaterThan(0);
    expect(first.searchedTo).not.toBeNull();
    expect(shown).toEqual(rare.toReversed().slice(0, shown.length));
    expect(shown.length).toBe(Math.min(50, rare.length));
    expect(await found({ text: RARE_WORD })).toEqual(rare.toReversed());
  });

  it("offers names of what it knows", async () => {
    const of = async (question: Parameters<typeof suggestNames>[1]) =>
      (await suggestNames(ctx, question)).map((one) => one.value);
    expect(await of({ kind: "table", q: "SHOP.ORD" })).toEqual(["shop.order_items", "shop.orders"]);
    expect(await of({ kind: "table", q: "orders", connection: "crm" })).toEqual(["crm.orders"]);
    expect(await of({ kind: "column", q: "shop.orders.sta" })).toEqual(["shop.orders.status"]);
    expect(await of({ kind: "identity", q: "agent-12" })).toEqual([past.identities[11]?.id]);
    expect(await of({ kind: "template", q: RARE_WORD })).toEqual([
      past.templates.find((one) => one.text.includes(RARE_WORD))?.hash,
    ]);
    expect((await of({ kind: "error", q: "12" })).toSorted()).toEqual(["1205", "1213", "1227"]);
    expect((await suggestNames(ctx, { kind: "read_column", q: "", connection: "shop" }))[0]?.detail).toBe("masked");
  });

  it("tells the same text on another connection, or in another schema, from what a table's statements are", async () => {
    const hash = "ab".repeat(32);
    const session = newId();
    const places = [
      { connectionName: "north", defaultSchema: "a", table: "a.things" },
      { connectionName: "north", defaultSchema: "", table: "b.things" },
      { connectionName: "south", defaultSchema: "a", table: "b.things" },
    ];
    for (const { table, ...place } of places) {
      const id = newId();
      const now = new Date();
      await store.db.insert(statementTemplates).values({
        id,
        ...place,
        templateHash: hash,
        text: "SELECT ? FROM things",
        statementClass: "select",
        tables: [table],
        reads: [],
        uses: [],
        writes: [],
        firstAt: now,
        lastAt: now,
      });
      await store.db.insert(templateObjects).values({ name: table, kind: "table", templateId: id });
    }
    const rows = [
      { connectionName: "north", defaultSchema: "a", sql: "north a" },
      { connectionName: "north", defaultSchema: null, sql: "north none" },
      { connectionName: "south", defaultSchema: "a", sql: "south a" },
    ].map((one) => statementRow({ sessionId: session, identityId: newId(), templateHash: hash, ...one }));
    await store.db.insert(statements).values(rows);
    const texts = async (filter: StatementFilter) =>
      (await listStatements(ctx, { filter, order: "oldest" })).rows.map((row) => row.sqlPreview);
    expect(await texts({ table: "a.things" })).toEqual(["north a"]);
    expect(await texts({ table: "b.things" })).toEqual(["north none", "south a"]);
    expect(await texts({ table: "b.things", connection: "north" })).toEqual(["north none"]);
    expect(await texts({ template: hash })).toEqual(["north a", "north none", "south a"]);
    expect(await texts({ table: "c.things" })).toEqual([]);
  });
});

/** One part for every field of the filter, with the same in words of the generated statements. */
function filterParts(past: Past, all: readonly PastStatement[]): Part[] {
  const person = past.identities[1]?.id ?? "";
  const middle = all[1_500];
  const template = middle?.template;
  const session = middle?.sessionId ?? "";
  const uses = (column: string) => (one: PastStatement) =>
    [...one.template.reads, ...one.template.uses, ...one.template.writes].includes(column);
  const late = new Date(FROM.getTime() + 2 * DAY_MS);
  const early = new Date(FROM.getTime() + 3 * DAY_MS);
  return [
    { name: "identity", filter: { identity: person }, meets: (one) => one.identity.id === person },
    { name: "connection", filter: { connection: "billing" }, meets: (one) => one.template.connection === "billing" },
    { name: "session", filter: { session }, meets: (one) => one.sessionId === session },
    { name: "command", filter: { command: "query" }, meets: () => true },
    { name: "table", filter: { table: "shop.orders" }, meets: (one) => one.template.tables.includes("shop.orders") },
    { name: "column", filter: { column: "shop.orders.status" }, meets: uses("shop.orders.status") },
    { name: "template", filter: { template: template?.hash }, meets: (one) => one.template.hash === template?.hash },
    { name: "text", filter: { text: "FROM customers" }, meets: (one) => one.sql.includes("FROM customers") },
    { name: "text of a value", filter: { text: RARE_VALUE }, meets: (one) => one.sql.includes(RARE_VALUE) },
    { name: "allowed", filter: { effect: "allow" }, meets: (one) => one.effect === "allow" },
    { name: "denied", filter: { effect: "deny" }, meets: (one) => one.effect === "deny" },
    { name: "to review", filter: { effect: "review" }, meets: (one) => one.effect === "review" },
    {
      name: "policy",
      filter: { policy: "shop agents" },
      meets: (one) => one.effect !== null && one.template.policy === "shop agents",
    },
    {
      name: "rule",
      filter: { rule: "read orders" },
      meets: (one) => one.effect !== null && one.template.rule === "read orders",
    },
    { name: "failed", filter: { outcome: "error" }, meets: (one) => one.errorNumber !== null },
    { name: "went well", filter: { outcome: "ok" }, meets: (one) => one.errorNumber === null },
    { name: "error number", filter: { errorNumber: 1064 }, meets: (one) => one.errorNumber === 1064 },
    { name: "class", filter: { statementClass: "delete" }, meets: (one) => one.template.statementClass === "delete" },
    { name: "masked", filter: { masked: "yes" }, meets: (one) => one.maskedRows > 0 },
    { name: "not masked", filter: { masked: "no" }, meets: (one) => one.maskedRows === 0 },
    { name: "held", filter: { held: "yes" }, meets: (one) => one.approvalId !== null },
    { name: "not held", filter: { held: "no" }, meets: (one) => one.approvalId === null },
    { name: "running", filter: { state: "running" }, meets: (one) => one.state === "running" },
    { name: "done", filter: { state: "done" }, meets: (one) => one.state === "done" },
    { name: "slow", filter: { minMilliseconds: 100 }, meets: (one) => one.durationUs >= 100_000 },
    { name: "from", filter: { from: late }, meets: (one) => one.at >= late },
    { name: "to", filter: { to: early }, meets: (one) => one.at < early },
  ];
}
