import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertConnection } from "@/e2e/support/approvals";
import {
  AGENTS,
  masksOf,
  policyOf,
  randomConfiguration,
  recordedConfiguration,
  type TestConfiguration,
} from "@/e2e/support/impact-drafts";
import { type Act, actsIn, type Played, play } from "@/e2e/support/impact-traffic";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { CONNECTION_ID, type GatewayUnderTest, identityId, startGateway } from "@/e2e/support/wire-gateway";
import { storeCatalogue } from "@/lib/catalogue/store";
import { connections, identities, masks, policies, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Mask } from "@/lib/masking/mask";
import { columnsOf as maskColumns } from "@/lib/masks/mask-columns";
import { IMPACT_CHANGES, type ImpactChangeKind, type ImpactOutcome } from "@/lib/policy/impact/model";
import { columnsOf as policyColumns } from "@/lib/policy/policy-columns";
import { seeded } from "@/lib/sql/testing/random-statements";
import type { StatementRecord } from "@/proxy/session/ports";
import { measureImpact } from "./measure";

type Reached = Pick<ImpactOutcome, "kind" | "hidden"> & { readonly exempt: readonly string[] };

const NOBODY: Reached = { kind: "no_policy", hidden: [], exempt: [] };

/** What became of a statement, by what the gateway recorded. */
function reached({ command, effect, errorNumber, waitedUs, masking, sql }: StatementRecord): Reached {
  const hidden = (masking?.outputs ?? []).map(({ position, name, method }) => ({ position, name, method }));
  const exempt = (masking?.exempt ?? []).map(({ column }) => column);
  const stopped = { hidden: [], exempt: [] };
  if (waitedUs != null || errorNumber === null || errorNumber === 1094) return { kind: "passes", hidden, exempt };
  if (errorNumber === 1064 && effect === null) return { kind: "not_understood", ...stopped };
  if (errorNumber === 1143) return { kind: "unsafe", ...stopped };
  if (errorNumber !== 1227) throw new Error(`error ${errorNumber} is no answer to: ${sql}`);
  if (effect === "review" && (command === "query" || command === "execute")) return { kind: "held", hidden, exempt };
  return { kind: "denied", ...stopped };
}

const reachOf = ({ kind }: Reached) => (kind === "passes" || kind === "held" ? kind : "blocked");

/** The kind of change that two records show. */
function changeOf(
  before: Reached,
  after: Reached,
  masked: { before: (column: string) => boolean; after: (column: string) => boolean },
): ImpactChangeKind | null {
  const reach = reachOf(after);
  if (reach !== reachOf(before)) {
    return reach === "blocked" ? "newly_blocked" : reach === "held" ? "newly_held" : "newly_allowed";
  }
  if (reach === "blocked") return null;
  const methods = ({ hidden }: Reached) => new Map(hidden.map(({ position, method }) => [position, method]));
  const [first, second] = [methods(before), methods(after)];
  const steps = [...new Set([...first.keys(), ...second.keys()])].map((at) => {
    const [a, b] = [first.get(at), second.get(at)];
    if (a === b) return "same";
    if (a === undefined) return "less";
    const stricter = b === "null" || (b === "redact" && a !== "null");
    return b !== undefined && stricter ? "less" : "more";
  });
  // Seen by an exemption: in clear now, or then.
  for (const column of before.exempt) if (masked.after(column)) steps.push("less");
  for (const column of after.exempt) if (masked.before(column)) steps.push("more");
  return steps.includes("more") ? "newly_unmasked" : steps.includes("less") ? "newly_masked" : null;
}

describe("the impact of a draft, against enforcing it", () => {
  let database: TestDatabase;
  let store: TestStore;
  let gateway: GatewayUnderTest;
  let acts: readonly Act[];
  let recorded: TestConfiguration;
  let traffic: readonly Played[];
  const since = new Date(Date.now() - 60_000);

  function publish({ policies: wanted, masks: hidden, mode }: TestConfiguration): void {
    gateway.observed.statements.length = 0;
    Object.assign(gateway.settings, { policies: wanted, masks: hidden, mode });
    gateway.publish();
  }

  async function storeConfiguration({ policies: wanted, masks: hidden, mode }: TestConfiguration): Promise<void> {
    const written = { connectionId: CONNECTION_ID, createdAt: since, updatedAt: since, updatedBy: "test" };
    await store.db.update(connections).set({ mode, schema: database.name });
    for (const { name, ...content } of wanted) {
      await store.db.insert(policies).values({ id: newId(), name, ...policyColumns(content), ...written });
    }
    for (const one of hidden) await store.db.insert(masks).values({ id: newId(), ...maskColumns(one), ...written });
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await createTestStore();
    const admin = await mysql.createConnection({ ...testServer(), database: database.name });
    for (const sql of [
      "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, status VARCHAR(20))",
      "CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40), email VARCHAR(80), ssn CHAR(11))",
      "CREATE TABLE secrets (id INT PRIMARY KEY, word VARCHAR(20))",
      "INSERT INTO orders VALUES (1, 7, 'paid'), (2, 1, 'open'), (3, 2, 'open')",
      "INSERT INTO customers VALUES (1, 'Ada', 'a@b.example', '123-45-6789')",
    ]) {
      await admin.query(sql);
    }
    await admin.end();
    recorded = recordedConfiguration(database.name);
    gateway = await startGateway({ schema: database.name, bindsByName: true, groupsOf: AGENTS, ...recorded });
    acts = actsIn(database.name);
    traffic = await play(gateway, database.name, acts);

    await insertConnection(store.db, {}, "shop", CONNECTION_ID);
    await storeConfiguration(recorded);
    const catalogue = gateway.catalogues.current(CONNECTION_ID)?.catalogue;
    if (catalogue === undefined) throw new Error("the gateway has read no catalogue");
    await storeCatalogue(store.db, CONNECTION_ID, catalogue.snapshot, since);
    const seen = { issuer: "https://idp.example", kind: "machine", firstSeenAt: since, lastSeenAt: since } as const;
    for (const [name, groups] of Object.entries(AGENTS)) {
      const facts = { subject: name, clientId: name, displayName: name, groups: [...groups] };
      await store.db.insert(identities).values({ id: identityId(name), ...seen, ...facts });
    }
    await store.db.insert(statements).values(traffic.map(({ record }) => record));
  });
  afterAll(async () => {
    await gateway?.close();
    await store?.close();
    await database?.drop();
  });

  it("is put to traffic in which statements pass, wait, and are refused in every way", () => {
    const kinds = new Set(traffic.map(({ record }) => reached(record).kind));
    expect([...kinds].sort()).toEqual(["denied", "held", "not_understood", "passes", "unsafe"]);
    expect(traffic.some(({ record }) => reached(record).hidden.length > 0)).toBe(true);
    expect(traffic.some(({ record }) => reached(record).exempt.length > 0)).toBe(true);
    expect(new Set(traffic.map(({ record }) => record.command)).size).toBe(5);
  });

  function maskedFor(configuration: TestConfiguration, agent: string) {
    const groups = AGENTS[agent] ?? [];
    const about = (one: Mask, column: string) =>
      one.column === column || (one.column.endsWith("*") && column.startsWith(one.column.slice(0, -1)));
    return (column: string) =>
      configuration.masks.some((one) => about(one, column) && !one.exempt.some((group) => groups.includes(group)));
  }

  /** Plays the same again under the draft, and tells what has become of each recorded statement. */
  async function enforce(draft: TestConfiguration) {
    publish(draft);
    const again = new Map<string, StatementRecord>();
    const letIn = new Set<string>();
    for (const { act, agent, record } of await play(gateway, database.name, acts)) {
      letIn.add(agent);
      again.set(`${agent} ${act} ${record.command}`, record);
    }
    return traffic.map(({ act, agent, record }) => {
      const later = again.get(`${agent} ${act} ${record.command}`);
      const before = reached(record);
      const masked = { before: maskedFor(recorded, agent), after: maskedFor(draft, agent) };
      if (!letIn.has(agent)) return { agent, record, before, after: NOBODY, change: changeOf(before, NOBODY, masked) };
      // Nothing can be executed that was not prepared: what would have become of it is known all the same.
      const preparedOnly = later === undefined && record.command === "execute";
      const prepared = preparedOnly ? again.get(`${agent} ${act} prepare`) : later;
      if (prepared === undefined) throw new Error(`nothing has become of: ${record.sql}`);
      const after = reached(prepared);
      if (preparedOnly) expect(reachOf(after)).toBe("blocked");
      return { agent, record, before, after, change: changeOf(before, after, masked) };
    });
  }

  async function expectAgreement(draft: TestConfiguration): Promise<ReadonlySet<ImpactChangeKind>> {
    const signal = new AbortController().signal;
    const result = await measureImpact(
      store.db,
      { connection: "shop", policies: [...draft.policies], without: "all", masks: [...draft.masks], mode: draft.mode },
      { since, until: new Date(Date.now() + 60_000) },
      { signal, progress: () => undefined },
    );
    const enforced = await enforce(draft);
    const key = (kind: string, agent: string, { templateHash, statementClass, defaultSchema }: StatementRecord) =>
      `${kind}: ${agent}, ${templateHash ?? statementClass}, ${defaultSchema}`;
    const expected = new Map<string, { count: number; sample: string; before: Reached; after: Reached }>();
    for (const { agent, record, before, after, change } of enforced) {
      if (change === null) continue;
      const group = key(change, agent, record);
      expected.set(group, { count: (expected.get(group)?.count ?? 0) + 1, sample: record.id, before, after });
    }
    const shown = ({ kind, hidden }: Pick<Reached, "kind" | "hidden">) =>
      [kind, ...hidden.map(({ position, method }) => `${position} ${method}`)].join(", ");
    const told = result.changes.map((one) => [
      `${one.kind}: ${one.identity.name}, ${one.templateHash ?? one.statementClass}, ${one.defaultSchema}`,
      { count: one.count, sample: one.sample.statementId, before: shown(one.before), after: shown(one.after) },
    ]);
    const wanted = [...expected].map(([group, { count, sample, before, after }]) => [
      group,
      { count, sample, before: shown(before), after: shown(after) },
    ]);
    const sorted = (list: unknown[][]) => list.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect(sorted(told)).toEqual(sorted(wanted));
    const changed = enforced.flatMap(({ change }) => change ?? []);
    expect(result.statements).toBe(traffic.length);
    expect(result.unchanged).toBe(traffic.length - changed.length);
    expect(result.unknown).toEqual({ text_cut: 0, values_unknown: 0 });
    for (const kind of IMPACT_CHANGES) {
      expect([kind, result.totals[kind]]).toEqual([kind, changed.filter((one) => one === kind).length]);
    }
    return new Set(changed);
  }

  it("is nothing for what is in force already", async () => {
    expect([...(await expectAgreement(recorded))]).toEqual([]);
  });

  it("agrees on a stricter draft", async () => {
    const [orders, , writer] = recorded.policies;
    if (orders === undefined || writer === undefined) throw new Error("the recorded configuration has three policies");
    const kinds = await expectAgreement({ ...recorded, policies: [orders, { ...writer, default: "deny" }] });
    expect(kinds).toContain("newly_blocked");
  });

  it("agrees on a wider draft", async () => {
    const wide = policyOf(database.name, "wide", [{ group: "staff" }, { group: "writers" }], ["read all", "write all"]);
    expect(await expectAgreement({ ...recorded, policies: [wide] })).toContain("newly_allowed");
  });

  it("agrees on more held", async () => {
    const held = policyOf(database.name, "held", [{ group: "staff" }, { group: "writers" }], ["review reads"], {
      default: "review",
    });
    expect(await expectAgreement({ ...recorded, policies: [held] })).toContain("newly_held");
  });

  it("agrees on masks added and removed", async () => {
    const others = masksOf(database.name, ["ssn to nothing", "mail hidden", "word"]);
    expect(await expectAgreement({ ...recorded, masks: others })).toContain("newly_masked");
    expect(await expectAgreement({ ...recorded, masks: [] })).toContain("newly_unmasked");
  });

  it("agrees on observing", async () => {
    expect(await expectAgreement({ ...recorded, mode: "observe" })).toContain("newly_allowed");
  });

  it("agrees on random drafts", { timeout: 240_000 }, async () => {
    const random = seeded(20_260_727);
    for (let draft = 0; draft < 20; draft += 1) {
      await expectAgreement(randomConfiguration(database.name, random));
    }
  });
});
