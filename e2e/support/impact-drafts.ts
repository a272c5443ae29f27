import { type Mask, mask } from "@/lib/masking/mask";
import { type Policy, policy } from "@/lib/policy/rule";
import { pick } from "@/lib/sql/testing/random-statements";

/** A whole configuration of the connection, as it could be published. */
export interface TestConfiguration {
  readonly policies: readonly Policy[];
  readonly masks: readonly Mask[];
  readonly mode: "enforce" | "observe";
}

/** Who plays the traffic, with the groups of their tokens. */
export const AGENTS: Readonly<Record<string, readonly string[]>> = {
  orders: ["staff"],
  support: ["staff", "fraud"],
  writer: ["writers"],
  stranger: [],
};

type Names = readonly [string, ...string[]];

/** Rules to draw from; `db` is the schema of the tables. */
function rulePool(db: string): Record<string, object> {
  const [orders, customers, secrets] = [`${db}.orders`, `${db}.customers`, `${db}.secrets`];
  return {
    "read all": { effect: "allow", statements: ["select"], tables: [`${db}.*`] },
    "read orders": { effect: "allow", statements: ["select"], tables: [orders] },
    "read few orders": { effect: "allow", statements: ["select"], tables: [orders], max_limit: 3 },
    "read own orders": { effect: "allow", statements: ["select"], tables: [orders], where: [`${orders}.customer_id`] },
    "read customers": { effect: "allow", statements: ["select"], tables: [customers] },
    "read names": {
      effect: "allow",
      statements: ["select"],
      tables: [customers],
      columns: [`${customers}.*`, `!${customers}.ssn`],
    },
    "find by mail": { effect: "allow", statements: ["select"], tables: [customers], where: [`${customers}.email`] },
    "review reads": { effect: "review", statements: ["select"], tables: [`${db}.*`] },
    "review orders": { effect: "review", statements: ["select", "update"], tables: [orders] },
    "change orders": { effect: "allow", statements: ["update", "delete"], tables: [orders] },
    "write all": { effect: "allow", statements: ["write"], tables: [`${db}.*`] },
    refund: {
      effect: "allow",
      template: "UPDATE orders SET status = ? WHERE id = ?",
      parameters: [{ in: ["paid", "open"] }, { type: "integer", range: [1, 2] }],
    },
    "review refund": {
      effect: "review",
      template: "UPDATE orders SET status = ? WHERE id = ?",
      parameters: [{ max_length: 4 }, { type: "integer" }],
    },
    "deny one order": {
      effect: "deny",
      template: "SELECT id, status FROM orders WHERE id = ?",
      parameters: [{ in: [2, "2"] }],
    },
    "no secrets": { effect: "deny", tables: [secrets] },
    "no deletes": { effect: "deny", statements: ["delete"] },
    "be slow": { effect: "allow", statements: ["select"], tables: ["none.*"], functions: ["sleep"] },
    "no show": { effect: "deny", statements: ["show"] },
    "no use": { effect: "review", statements: ["use"] },
    admin: { effect: "review", statements: ["admin"] },
  };
}

function maskPool(db: string): Record<string, object> {
  const ssn = `${db}.customers.ssn`;
  const email = `${db}.customers.email`;
  return {
    ssn: { column: ssn, method: "redact" },
    "ssn for fraud": { column: ssn, method: "redact", exempt: ["fraud"] },
    "ssn to nothing": { column: ssn, method: "null", derived: "mask" },
    "ssn ending": { column: ssn, method: "partial", options: { keep_last: 4 }, predicates: "any" },
    mail: { column: email, method: "email", predicates: "equality" },
    "mail hidden": { column: email, method: "redact", exempt: ["staff"] },
    "mail tokens": { column: email, method: "token", predicates: "equality" },
    word: { column: `${db}.secrets.*`, method: "redact", predicates: "any" },
  };
}

const BINDINGS: readonly [readonly object[], ...(readonly object[])[]] = [
  [{ client_id: "orders" }],
  [{ client_id: "support" }],
  [{ group: "staff" }],
  [{ group: "writers" }, { client_id: "orders" }],
  [{ client_id: "writer" }, { client_id: "stranger" }],
  [{ client_id: "orders" }, { client_id: "support" }, { client_id: "writer" }, { client_id: "stranger" }],
];

/** A policy of named rules of the pool. */
export function policyOf(
  db: string,
  name: string,
  identities: readonly object[],
  rules: Names,
  fields: object = {},
): Policy {
  const pool = rulePool(db);
  return policy.parse({ name, identities, rules: rules.map((one) => ({ name: one, ...pool[one] })), ...fields });
}

/** Masks of the pool by name; of several about a column the last one stays. */
export function masksOf(db: string, names: readonly string[]): readonly Mask[] {
  const pool = maskPool(db);
  const parsed = names.map((name) => mask.parse(pool[name]));
  const byColumn = new Map(parsed.map((one) => [one.column, one]));
  return [...byColumn.values()].sort((a, b) => (a.column < b.column ? -1 : 1));
}

/** What is in force when the traffic is recorded. */
export function recordedConfiguration(db: string): TestConfiguration {
  return {
    policies: [
      policyOf(db, "orders", [{ client_id: "orders" }], ["read few orders", "refund", "read names", "deny one order"]),
      policyOf(db, "staff", [{ group: "staff" }], ["read customers", "find by mail", "review orders", "no secrets"], {
        default: "review",
      }),
      policyOf(
        db,
        "writer",
        [{ group: "writers" }, { client_id: "stranger" }],
        ["read all", "write all", "no deletes", "no use"],
      ),
    ],
    masks: masksOf(db, ["ssn for fraud", "mail"]),
    mode: "enforce",
  };
}

/** Some of the pool's policies and masks for some of the agents, by the random numbers given. */
export function randomConfiguration(db: string, random: () => number): TestConfiguration {
  const names = Object.keys(rulePool(db));
  const policies = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, at) => {
    const [first = "read all", ...others] = names.filter(() => random() < 0.3).sort(() => random() - 0.5);
    return policyOf(db, `policy ${at}`, pick(random, BINDINGS), [first, ...others], {
      default: pick(random, ["deny", "review"]),
      metadata: pick(random, ["allow", "allow", "deny"]),
    });
  });
  return {
    policies,
    masks: masksOf(
      db,
      Object.keys(maskPool(db)).filter(() => random() < 0.35),
    ),
    mode: random() < 0.2 ? "observe" : "enforce",
  };
}
