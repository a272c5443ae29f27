import { pino } from "pino";
import { type Mask, maskFields } from "@/lib/masking/mask";
import { tokensByConnection } from "@/lib/masking/tokens";
import { BUDGET_MEASURES } from "@/lib/policy/budget";
import { policy } from "@/lib/policy/rule";
import type { GatewaySnapshot, SnapshotConnection } from "@/lib/policy/snapshot";
import type { StatementContext } from "@/lib/policy/understand";
import { Holds } from "@/proxy/approvals/holds";
import { Usage } from "@/proxy/budgets/usage";
import { Decisions } from "@/proxy/decision/decisions";
import type { StatementGate } from "@/proxy/session/gate";
import type { LoginGrant } from "@/proxy/session/ports";
import { median } from "./report";

const RUNS = 100_000;
const notHeld = () => Promise.reject(new Error("nothing here is held"));
const CONNECTION = {
  id: "bench",
  name: "bench",
  schema: "shop",
  limits: {},
  recording: { results: "none", max_result_bytes: 0, retention_days: 1 },
} as const;
const FACTS = { clientId: "bench", subject: "bench", groups: [], email: null } as const;

/** The gate of one session whose connection has these masks and whose policy watches like this. */
function gateWith({ masks, watches }: Case, { catalogue }: StatementContext, rules: readonly unknown[]): StatementGate {
  const connection: SnapshotConnection = {
    ...CONNECTION,
    host: "",
    port: 0,
    user: "",
    sealedPassword: "",
    restricted: null,
    tls: "disabled",
    ca: null,
    mode: "enforce",
    approvals: { hold_seconds: 0, expires_minutes: 1, required: 1, reviewers: [] },
    catalogue: { refresh_seconds: 30 },
    masks,
    policies: [{ policy: policy.parse({ name: "bench", identities: [], rules, ...watches }), bindsEverybody: true }],
    bindings: [],
  };
  const snapshot: GatewaySnapshot = {
    version: 1,
    byName: new Map(),
    byId: new Map([[connection.id, connection]]),
    suspended: new Set(),
    unreadable: [],
  };
  const known = { version: 1, catalogue };
  const decisions = new Decisions({
    snapshot: () => snapshot,
    catalogues: {
      current: () => known,
      ready: () => Promise.resolve(),
      refresh: () => Promise.resolve(),
      tablesChanged: () => undefined,
      settling: () => null,
    },
    parse: () => Promise.reject(new Error("nothing here is long")),
    tokens: tokensByConnection(Buffer.alloc(32, 1)),
    approvals: { take: notHeld, request: notHeld },
    holds: new Holds({
      store: { poll: notHeld, clientsGone: notHeld, sessionKilled: notHeld },
      log: pino({ level: "silent" }),
    }),
    explain: () => undefined,
    usage: new Usage({
      store: { add: notHeld, read: notHeld, history: notHeld, templateRuns: notHeld, removeBefore: notHeld },
      snapshot: () => snapshot,
      audit: () => undefined,
      log: pino({ level: "silent" }),
      now: Date.now,
    }),
    consoleUrl: "",
    template: () => undefined,
  });
  const target = { host: "", port: 0, user: "", password: "", tls: "disabled", ca: null } as const;
  const grant: LoginGrant = {
    identity: { id: "bench", name: "bench" },
    facts: { ...FACTS, upstreamKey: "" },
    connection: { ...CONNECTION, upstream: target, restricted: null },
    tokenExpiresAt: new Date(),
  };
  return decisions.gate(grant, "bench", null);
}

const redacted = (column: string) => maskFields.parse({ column, method: "redact" });
const REQUEST = {
  id: "",
  at: 0,
  schema: "shop",
  session: { dialect: "mariadb", asciiOnly: false, fingerprint: "" },
} as const;

interface Case {
  readonly name: string;
  readonly masks: readonly Mask[];
  readonly watches?: object;
  readonly columns: string;
}

const BUDGETS = BUDGET_MEASURES.map((measure) => ({ measure, per: "day", max: 1e12 }));

const CASES: readonly Case[] = [
  { name: "no masks configured", masks: [], columns: "id, total, city" },
  { name: "masks, none in the table", masks: [redacted("shop.t1.note")], columns: "id, total, city" },
  { name: "a masked column", masks: [redacted("shop.t4999.city")], columns: "id, total, city" },
  { name: "a hint against its index", masks: [redacted("shop.t4999.note")], columns: "id, total, note" },
  { name: "a budget of statements", masks: [], watches: { budgets: BUDGETS.slice(0, 1) }, columns: "id, total, city" },
  { name: "a budget of each measure", masks: [], watches: { budgets: BUDGETS }, columns: "id, total, city" },
];

/** Prints how long the whole gate takes on a hit, by what masks do, in one run; every statement has another value. */
export function measureGate(at: StatementContext, rules: readonly unknown[]): void {
  const runs = CASES.map((one) => {
    const { name, columns } = one;
    const gate = gateWith(one, at, rules);
    const texts = Array.from({ length: 1_000 }, (_, id) =>
      Buffer.from(`SELECT ${columns} FROM t4999 WHERE id = ${id} LIMIT 10`),
    );
    return { name, times: [] as number[], once: () => rule(gate, texts) };
  });
  for (let round = 0; round < 9; round += 1) {
    for (const { times, once } of runs) {
      const before = performance.now();
      for (let run = 0; run < RUNS; run += 1_000) once();
      times.push(((performance.now() - before) * 1000) / RUNS);
    }
  }
  for (const { name, times } of runs) console.log(`gate on a hit, ${name}: ${median(times).toFixed(2)} us`);
}

function rule(gate: StatementGate, texts: readonly Buffer[]): void {
  for (const text of texts) {
    const ruling = gate.query(text, 0, text.length, REQUEST);
    if (ruling instanceof Promise || ruling.kind !== "forward") throw new Error("it does not pass");
  }
}
