import { createHash } from "node:crypto";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import type { StatementClass } from "@/lib/sql/taxonomy";

/** A made-up past of a company's agents: the same seed gives the same statements, templates and identities. */

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CONNECTIONS = ["shop", "billing", "crm", "warehouse", "analytics", "support", "payroll", "catalogue"] as const;
const TABLES = [
  "customers",
  "orders",
  "order_items",
  "payments",
  "products",
  "refunds",
  "tickets",
  "addresses",
  "invoices",
  "employees",
  "shipments",
  "coupons",
] as const;
const COLUMNS = ["id", "email", "status", "created_at", "amount", "customer_id", "notes", "ssn", "name"] as const;
/** Hidden by a mask wherever they are read. */
const MASKED: Readonly<Record<string, string>> = { email: "email", ssn: "redact" };
const ERRORS = [1054, 1064, 1146, 1205, 1213, 1317] as const;
/** Stands in the text of one seldom used template only. */
export const RARE_WORD = "reconciliation_hint";
/** A value that stands in few statements and in no template. */
export const RARE_VALUE = "needle-in-a-value";

/** Uniform in [0, 1), repeatable (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An id of this number at this instant: ids sort by time, then number. */
export function idOf(at: Date, number: number): string {
  let tail = "";
  for (let rest = number; tail.length < 16; rest = Math.floor(rest / 32)) tail = (CROCKFORD[rest % 32] ?? "0") + tail;
  return firstIdAt(at).slice(0, 10) + tail;
}

export interface PastIdentity {
  readonly id: string;
  readonly name: string;
}

export interface PastTemplate {
  readonly id: string;
  readonly connection: string;
  readonly schema: string;
  readonly hash: string;
  readonly text: string;
  readonly statementClass: StatementClass;
  readonly tables: readonly string[];
  readonly reads: readonly string[];
  readonly uses: readonly string[];
  readonly writes: readonly string[];
  readonly policy: string;
  readonly rule: string;
}

export interface PastStatement {
  readonly id: string;
  readonly at: Date;
  readonly sequence: number;
  readonly sessionId: string;
  readonly identity: PastIdentity;
  readonly template: PastTemplate;
  readonly state: "done" | "running" | "unknown";
  readonly sql: string;
  readonly durationUs: number;
  readonly waitedUs: number | null;
  readonly rowCount: number;
  readonly affectedRows: number;
  readonly resultBytes: number;
  readonly errorNumber: number | null;
  readonly effect: "allow" | "review" | "deny" | null;
  readonly approvalId: string | null;
  readonly maskedRows: number;
}

export interface PastOptions {
  readonly seed: number;
  readonly statements: number;
  readonly from: Date;
  readonly to: Date;
  readonly identities?: number;
  /** Templates of each connection. */
  readonly templates?: number;
}

export interface Past {
  readonly identities: readonly PastIdentity[];
  readonly templates: readonly PastTemplate[];
  statements(): Generator<PastStatement>;
}

/** Few are picked often, most seldom (Zipf-like). */
function skewed<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(items.length ** random() - 1) % items.length];
}

export function makePast({
  seed,
  statements,
  from,
  to,
  identities: people = 40,
  templates: many = 300,
}: PastOptions): Past {
  const random = randomFrom(seed);
  const identities = Array.from({ length: people }, (_, i) => ({
    id: idOf(new Date(1_600_000_000_000), i),
    name: `agent-${i + 1}`,
  }));
  const templates = CONNECTIONS.flatMap((connection, c) =>
    Array.from({ length: many }, (_, i) => makeTemplate(connection, c * many + i, i, random)),
  );
  const byConnection = CONNECTIONS.map((_, c) => templates.slice(c * many, (c + 1) * many));
  return {
    identities,
    templates,
    *statements() {
      const span = to.getTime() - from.getTime();
      for (let n = 0; n < statements; n++) {
        const at = new Date(from.getTime() + Math.floor((span * n) / statements));
        const identity = skewed(identities, random);
        const template = skewed(skewed(byConnection, random) ?? [], random);
        if (identity === undefined || template === undefined) throw new Error("a past needs identities and templates");
        yield makeStatement(at, n, identity, template, n > statements - 4, random);
      }
    },
  };
}

function makeTemplate(connection: string, serial: number, i: number, random: () => number): PastTemplate {
  const table = TABLES[i % TABLES.length] ?? "orders";
  const full = `${connection}.${table}`;
  const start = Math.floor(random() * COLUMNS.length);
  const picked = COLUMNS.filter((_, at) => (at + start) % 3 !== 0).slice(0, 2 + (i % 4));
  const names = picked.map((column) => `${full}.${column}`);
  const kind = i % 10;
  const rare = serial === 7 * 13 ? ` AND ${RARE_WORD} = ?` : "";
  const condition = `id = ? AND status = ?${rare}`;
  const [statementClass, text]: [StatementClass, string] =
    kind < 7
      ? ["select", `SELECT ${picked.join(", ")} FROM ${table} WHERE ${condition} LIMIT ${10 + serial}`]
      : kind < 9
        ? [
            "update",
            `UPDATE ${table} SET ${picked.map((one) => `${one} = ?`).join(", ")} WHERE ${condition} AND ${serial} = ?`,
          ]
        : ["delete", `DELETE FROM ${table} WHERE ${condition} AND ${serial} = ?`];
  const uses = [`${full}.id`, `${full}.status`];
  return {
    id: idOf(new Date(1_600_000_000_000), 1_000_000 + serial),
    connection,
    schema: connection,
    hash: createHash("sha256").update(text).digest("hex"),
    text,
    statementClass,
    tables: [full],
    reads: statementClass === "select" ? names : [],
    uses,
    writes: statementClass === "update" ? names : [],
    policy: `${connection} agents`,
    rule: statementClass === "select" ? `read ${table}` : `change ${table}`,
  };
}

function makeStatement(
  at: Date,
  n: number,
  identity: PastIdentity,
  template: PastTemplate,
  last: boolean,
  random: () => number,
): PastStatement {
  const dice = random();
  const effect = dice < 0.01 ? "deny" : dice < 0.014 ? "review" : dice < 0.02 ? null : "allow";
  const held = effect === "review" && random() < 0.7;
  const running = last && effect === "allow";
  const state = running ? "running" : random() < 0.000_5 ? "unknown" : "done";
  const failed = !running && (effect === "deny" || random() < 0.02);
  const reads = template.statementClass === "select" && !failed && !running;
  const rowCount = reads ? Math.floor(random() * 40) : 0;
  const masks = template.reads.some((column) => Object.hasOwn(MASKED, column.slice(column.lastIndexOf(".") + 1)));
  let value = 0;
  const literal = () =>
    value++ % 2 === 0 ? String(Math.floor(random() * 1e6)) : `'state ${Math.floor(random() * 40)}'`;
  const comment = n % 50_021 === 17 ? ` /* ${RARE_VALUE} */` : "";
  const sql = template.text.replaceAll("?", literal) + comment;
  return {
    id: idOf(at, n),
    at,
    sequence: (n % 500) + 1,
    sessionId: idOf(new Date(1_600_000_000_000), 5_000_000 + Math.floor(n / 500) * 64 + (n % 8)),
    identity,
    template,
    state,
    sql,
    durationUs: Math.floor(300 * 10 ** (random() * 3.5)),
    waitedUs: effect === "deny" ? null : held ? 9_000_000 : 60,
    rowCount,
    affectedRows: reads || failed ? 0 : 1,
    resultBytes: rowCount * 80 + 60,
    errorNumber: effect === "deny" ? 1227 : failed ? (ERRORS[Math.floor(random() * ERRORS.length)] ?? 1064) : null,
    effect,
    approvalId: held ? idOf(at, 900_000_000 + n) : null,
    maskedRows: masks ? rowCount : 0,
  };
}

/** How a column's values came to the client: the mask's method, or `clear`. */
export function howRead(column: string): string {
  const name = column.slice(column.lastIndexOf(".") + 1);
  return Object.hasOwn(MASKED, name) ? (MASKED[name] ?? "clear") : "clear";
}
