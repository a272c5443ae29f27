import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { inputHash } from "@/lib/analyses/start";
import { type Db, openStore } from "@/lib/db/client";
import { analyses, connections } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Rule } from "@/lib/policy/rule";
import {
  LEARN_KIND,
  type LearnInput,
  type LearnResult,
  type ProposedPolicy,
  type ProposedRule,
} from "@/lib/policy/suggest/model";
import { insertConnection } from "./approvals";
import type { Product } from "./product";

const HOUR_MS = 3_600_000;
const REFUND = "UPDATE orders SET status = ? WHERE id = ?";
const ONE_ORDER = "SELECT id, status, total FROM orders WHERE id = ?";

type AnalysisRow = typeof analyses.$inferInsert;

/** A rule with evidence: one template, seen this often in the last hour by an agent. */
function proposed(
  rule: Rule,
  statements: number,
  text: string,
  beyond: Partial<Pick<ProposedRule, "wider" | "risks" | "notes">> = {},
): ProposedRule {
  const now = Date.now();
  const seen = {
    firstAt: new Date(now - HOUR_MS).toISOString(),
    lastAt: new Date(now - 60_000).toISOString(),
    identities: ["e2e-agent"],
  };
  const examples = [41, 42].map((value) => ({
    statementId: newId(),
    sessionId: newId(),
    sql: text.replaceAll("?", String(value)),
    at: seen.lastAt,
  }));
  const templateHash = createHash("sha256").update(text).digest("hex");
  return {
    rule,
    statements,
    ...seen,
    templates: [{ templateHash, text, statements, ...seen, examples }],
    wider: [],
    risks: [],
    notes: [],
    ...beyond,
  };
}

/** What learning from an agent of orders might propose, under this name, and beside it one of an agent that misbehaves. */
export function learnedResult(name: string): LearnResult {
  const rules = [
    proposed(
      {
        name: "one order",
        effect: "allow",
        template: ONE_ORDER,
        parameters: [{ type: "integer", range: [1, 5000] }],
      },
      1840,
      ONE_ORDER,
    ),
    proposed(
      {
        name: "read products",
        effect: "allow",
        statements: ["select"],
        tables: ["shop.products"],
        columns: ["shop.products.id", "shop.products.name", "shop.products.price"],
        max_limit: 50,
      },
      920,
      "SELECT id, name, price FROM products ORDER BY name LIMIT 50",
      { wider: ["reads name and price of shop.products together with any condition on them"] },
    ),
    proposed(
      {
        name: "change status of orders",
        effect: "review",
        template: REFUND,
        parameters: [{ in: ["refunded", "cancelled"] }, { type: "integer" }],
      },
      12,
      REFUND,
      { risks: [{ risk: "write", why: "it changes rows of shop.orders" }] },
    ),
    proposed(
      {
        name: "read customers",
        effect: "review",
        statements: ["select"],
        tables: ["shop.customers"],
        columns: ["shop.customers.id", "shop.customers.email"],
      },
      3,
      "SELECT id, email FROM customers",
      {
        risks: [
          { risk: "no_where", why: "it reads shop.customers whole" },
          { risk: "rare", why: "it was seen 3 times only" },
        ],
        notes: ["shop.customers.email stays masked"],
      },
    ),
  ];
  const good: ProposedPolicy = {
    identities: [{ id: newId(), name: "e2e-agent" }],
    policy: {
      name,
      identities: [{ client_id: "e2e-agent" }],
      metadata: "allow",
      default: "deny",
      rules: rules.map((one) => one.rule),
    },
    rules,
    statements: 2900,
    allowedShare: 2760 / 2777,
    surface: { tables: 3, columns: 9, cells: 11, possible: 310 },
    apart: null,
    leftOut: [
      { why: "could not be understood", statements: 2, example: "SELECT id FROM orders WHERE (", needsRule: true },
    ],
  };
  const dump = proposed(
    { name: "read employees", effect: "review", statements: ["select"], tables: ["shop.employees"] },
    44,
    "SELECT * FROM employees",
    { risks: [{ risk: "wide_read", why: "it reads every column of shop.employees" }] },
  );
  const bad: ProposedPolicy = {
    ...good,
    identities: [{ id: newId(), name: "rogue-agent" }],
    policy: { ...good.policy, name: `${name} rogue`, identities: [{ client_id: "rogue-agent" }], rules: [dump.rule] },
    rules: [dump],
    statements: 61,
    allowedShare: 0,
    surface: { tables: 0, columns: 0, cells: 0, possible: 310 },
    apart: "44 of its 61 statements read whole tables, and 17 were refused",
    leftOut: [{ why: "was refused when it came", statements: 17, example: "DROP TABLE payments", needsRule: true }],
  };
  return { statements: good.statements + bad.statements, policies: [good, bad] };
}

/** Puts learning into the product's store as if Ada had asked for it; left out, it is done and has a result of this name. */
export async function insertLearning(
  product: Product,
  name: string,
  changes: Partial<AnalysisRow> = {},
): Promise<string> {
  const id = newId();
  const now = new Date();
  const input: LearnInput = {
    connection: "shop",
    since: new Date(now.getTime() - HOUR_MS).toISOString(),
    until: now.toISOString(),
    identities: [],
    together: false,
  };
  await inStore(product, (db) =>
    db.insert(analyses).values({
      id,
      kind: LEARN_KIND,
      connectionName: "shop",
      input,
      inputHash: inputHash(LEARN_KIND, input),
      createdAt: now,
      createdBy: "Ada Admin",
      state: "done",
      progress: 1,
      startedAt: now,
      endedAt: now,
      result: JSON.stringify(learnedResult(name)),
      ...changes,
    }),
  );
  return id;
}

/** Work that nobody but the test goes on with: it counts as alive for an hour. */
export const RUNNING: Partial<AnalysisRow> = {
  state: "running",
  progress: 0.2,
  step: "Reading the record",
  heartbeatAt: new Date(Date.now() + HOUR_MS),
  endedAt: null,
  result: null,
};

export async function changeLearning(product: Product, id: string, changes: Partial<AnalysisRow>): Promise<void> {
  await inStore(product, (db) => db.update(analyses).set(changes).where(eq(analyses.id, id)));
}

/** Whether somebody asked it to stop. */
export async function cancelWasAsked(product: Product, id: string): Promise<boolean> {
  return inStore(product, async (db) => {
    const [row] = await db.select({ at: analyses.cancelRequestedAt }).from(analyses).where(eq(analyses.id, id));
    return row !== undefined && row.at !== null;
  });
}

/** A connection that only observes, which no gateway is told of; returns what removes it. */
export async function insertObserved(product: Product, name: string): Promise<() => Promise<void>> {
  const id = await inStore(product, async (db) => {
    const made = await insertConnection(db, {}, name);
    await db.update(connections).set({ mode: "observe" }).where(eq(connections.id, made));
    return made;
  });
  return () =>
    inStore(product, async (db) => {
      await db.delete(connections).where(eq(connections.id, id));
    });
}

async function inStore<T>(product: Product, work: (db: Db) => Promise<T>): Promise<T> {
  const store = openStore(product.databaseUrl, { connections: 1 });
  try {
    return await work(store.db);
  } finally {
    await store.close();
  }
}
