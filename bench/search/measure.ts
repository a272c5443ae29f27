import { and, eq } from "drizzle-orm";
import { RARE_VALUE, RARE_WORD } from "@/e2e/support/history";
import type { Ctx } from "@/lib/ctx";
import { openStore } from "@/lib/db/client";
import { columnReads, identities } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { countStatements } from "@/lib/statements/counts";
import type { StatementFilter } from "@/lib/statements/filter";
import { listStatements } from "@/lib/statements/list";
import { whoSaw } from "@/lib/statements/who-saw";

/** A search must answer within this, in milliseconds, nineteen times out of twenty. */
export const LIMIT_MS = 300;

interface Question {
  readonly name: string;
  readonly ask: (ctx: Ctx, round: number) => Promise<number>;
}

const list = (name: string, filter: (round: number) => StatementFilter): Question => ({
  name,
  ask: async (ctx, round) => {
    const { rows, further } = await listStatements(ctx, { filter: filter(round) });
    return rows.length + further.length;
  },
});
const count = (name: string, filter: StatementFilter): Question => ({
  name,
  ask: async (ctx) => (await countStatements(ctx, filter)).total,
});
const TABLES = ["customers", "orders", "refunds", "invoices", "coupons", "tickets"] as const;
const pick = <T>(items: readonly [T, ...T[]], round: number): T => items[round % items.length] ?? items[0];

function questions(people: readonly [string, ...string[]], template: string, column: string): Question[] {
  const identity = (round: number) => pick(people, round);
  const table = (round: number) => `payroll.${pick(TABLES, round)}`;
  return [
    list("recent", () => ({})),
    list("by identity", (round) => ({ identity: identity(round) })),
    list("connection + denied", () => ({ connection: "crm", effect: "deny" })),
    list("connection + review", () => ({ connection: "crm", effect: "review" })),
    list("table", (round) => ({ table: table(round) })),
    list("table + identity", (round) => ({ table: table(round), identity: identity(round * 7) })),
    list("column", () => ({ column })),
    list("column + masked + connection", () => ({ column, masked: "yes", connection: "shop" })),
    list("template", () => ({ template })),
    list("errors in a day", () => ({ outcome: "error", range: "24h" })),
    list("error number + identity", (round) => ({ errorNumber: 1213, identity: identity(round) })),
    list("rule", () => ({ policy: "support agents", rule: "change tickets" })),
    list("class + connection", () => ({ statementClass: "delete", connection: "billing" })),
    list("held", () => ({ held: "yes" })),
    list("slow + identity", (round) => ({ minMilliseconds: 900, identity: identity(round) })),
    list("text, common", () => ({ text: "customers" })),
    list("text in one template", () => ({ text: RARE_WORD })),
    list("text in few values", () => ({ text: RARE_VALUE })),
    list("text that is nowhere", () => ({ text: "no such text" })),
    list("text nowhere + identity", (round) => ({ text: "no such text", identity: identity(round) })),
    count("counts, 24 h", { range: "24h" }),
    count("counts, 30 d", { range: "30d" }),
    count("counts, 90 d", { from: new Date(Date.now() - 90 * 86_400_000) }),
    count("counts, 30 d, one identity", { range: "30d", identity: people[0] }),
    count("counts, 24 h, a table", { range: "24h", table: "shop.orders" }),
    count("counts, 30 d, text", { range: "30d", text: "no such text" }),
    {
      name: "who saw a column, 90 d",
      ask: async (ctx) => (await whoSaw(ctx, { connection: "shop", column })).rows.length,
    },
    {
      name: "what an identity saw, 90 d",
      ask: async (ctx, round) => (await whoSaw(ctx, { identity: identity(round) })).rows.length,
    },
  ];
}

function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

/** Asks every question `rounds` times, one after the other, and prints p50 and p95. Returns whether all were within LIMIT_MS. */
export async function measureSearches(url: string, rounds: number, say: (line: string) => void): Promise<boolean> {
  const store = openStore(url);
  try {
    const ctx: Ctx = { actor: { kind: "system", name: "bench" }, requestId: newId(), db: store.db };
    const [first, ...others] = await store.db.select({ id: identities.id }).from(identities);
    const sample = (await listStatements(ctx, { filter: { connection: "warehouse" } })).rows[17]?.templateHash;
    const [masked] = await store.db
      .select({ column: columnReads.column })
      .from(columnReads)
      .where(and(eq(columnReads.connectionName, "shop"), eq(columnReads.how, "redact")))
      .limit(1);
    if (first === undefined || !sample || masked === undefined) throw new Error("the store is empty");
    const asked = questions([first.id, ...others.map(({ id }) => id)], sample, masked.column);
    const times = new Map<string, number[]>(asked.map(({ name }) => [name, []]));
    const answers = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      for (const { name, ask } of asked) {
        const start = performance.now();
        answers.set(name, await ask(ctx, round));
        times.get(name)?.push(performance.now() - start);
      }
    }
    say(`${"".padEnd(32)}${"p50 ms".padStart(9)}${"p95 ms".padStart(9)}${"found".padStart(12)}`);
    let within = true;
    for (const [name, taken] of times) {
      const sorted = taken.toSorted((a, b) => a - b);
      const p95 = rank(sorted, 0.95);
      within &&= p95 <= LIMIT_MS;
      say(
        `${name.padEnd(32)}${rank(sorted, 0.5).toFixed(1).padStart(9)}${p95.toFixed(1).padStart(9)}${String(answers.get(name)).padStart(12)}${p95 > LIMIT_MS ? "  over" : ""}`,
      );
    }
    return within;
  } finally {
    await store.close();
  }
}
