import { readdirSync } from "node:fs";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type SelfTestRig, selfTestRig } from "@/e2e/support/self-test";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { auditEvents, identities } from "@/lib/db/schema";
import { type Mask, mask } from "@/lib/masking/mask";
import { policy, type Rule } from "@/lib/policy/rule";
import { SELF_TEST_ISSUER } from "@/lib/self-test/marked-identity";
import type { AttackResult, SelfTestResult } from "@/lib/self-test/model";

/** Falling with the key, so that whoever reads an index on them sees other rows first. */
const SSN = Array.from({ length: 30 }, (_, at) => `913-40-${1000 - 11 * at}`);
const WAGE = Array.from({ length: 30 }, (_, at) => 773999 - 11 * at);

describe("attack my policy", () => {
  let database: TestDatabase;
  let store: TestStore;
  let gateway: GatewayUnderTest;
  let rig: SelfTestRig;
  let admin: mysql.Connection;
  let S: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await createTestStore();
    S = database.name;
    admin = await mysql.createConnection({ ...testServer(), database: S });
    await admin.query(
      "CREATE TABLE people (id INT PRIMARY KEY, city VARCHAR(40), ssn VARCHAR(20), wage INT, KEY k_ssn (ssn))",
    );
    await admin.query("INSERT INTO people VALUES ?", [SSN.map((ssn, at) => [at + 1, "Boston", ssn, WAGE[at] ?? 0])]);
    await admin.query("CREATE TABLE badges (id INT PRIMARY KEY, people_id INT, colour VARCHAR(20))");
    await admin.query("INSERT INTO badges VALUES (1, 1, 'red'), (2, 2, 'blue')");
    await admin.query("CREATE TABLE vault (id INT PRIMARY KEY, v VARCHAR(20))");
    await admin.query("CREATE VIEW v_people AS SELECT id, ssn AS code FROM people");
    gateway = await startGateway({ schema: S });
    rig = selfTestRig(gateway, store);
  });
  afterAll(async () => {
    rig.remove();
    await gateway.close();
    await admin.end();
    await database.drop();
    await store.close();
  });

  beforeEach(() => {
    gateway.settings.changeRuling = (ruling) => ruling;
    gateway.settings.groups = [];
    gateway.settings.mode = "enforce";
    gateway.settings.limits = {};
  });

  const masks = (change: object = {}): readonly Mask[] => [
    mask.parse({ column: `${S}.people.ssn`, method: "partial", options: { keep_last: 2 }, ...change }),
    mask.parse({ column: `${S}.people.wage`, method: "redact" }),
  ];
  const tight = (): Partial<Rule>[] => [
    {
      name: "read",
      effect: "allow",
      statements: ["select"],
      tables: [`${S}.people`, `${S}.badges`, `${S}.v_people`],
      columns: [`${S}.*.*`, `!${S}.badges.colour`],
      max_limit: 100,
    },
    {
      name: "one badge",
      effect: "allow",
      template: "SELECT colour FROM badges WHERE id = ? LIMIT 1",
      parameters: [{ type: "integer", range: [1, 9] }],
    },
  ];

  async function attack(
    given: { readonly masks?: readonly Mask[]; readonly rules?: readonly Partial<Rule>[] } = {},
    input: Parameters<SelfTestRig["run"]>[0] = {},
  ): Promise<SelfTestResult> {
    gateway.settings.masks = given.masks ?? masks();
    gateway.settings.policies = [
      policy.parse({
        name: "agents",
        identities: [{ client_id: "agent" }, { group: "auditors" }],
        rules: given.rules ?? tight(),
      }),
    ];
    gateway.publish();
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
    return rig.run(input);
  }
  const through = ({ attacks }: SelfTestResult) =>
    attacks.filter((one) => one.outcome !== "stopped" && one.outcome !== "harmless");
  const told = (attacks: readonly AttackResult[]) => attacks.map(({ id, outcome, why }) => `${outcome} ${id}: ${why}`);
  const sums = async () => (await admin.query(`CHECKSUM TABLE people, badges, vault`))[0];

  it("finds nothing in a tight policy, changes nothing, and keeps the evidence", async () => {
    const before = await sums();
    const earlier = gateway.observed.began.length;
    const result = await attack();
    expect(told(through(result))).toEqual([]);
    expect(result).toMatchObject({
      score: 100,
      policies: ["agents"],
      identity: { clientId: "agent", groups: [] },
      sentAs: { name: "Self-test of shop" },
      startedBy: "Ada Admin",
      gateway: { version: "test" },
    });
    expect(result.families.map((one) => one.family)).toEqual([
      "values",
      "inference",
      "errors",
      "metadata",
      "effects",
      "scope",
      "reading",
    ]);
    expect(result.counts.harmless).toBeGreaterThan(15);
    expect(result.counts.stopped).toBeGreaterThan(150);
    expect(result.attacks.length).toBeLessThanOrEqual(400);
    expect(new Set(result.attacks.map((one) => one.id)).size).toBe(result.attacks.length);

    // Nothing but reads reached the server, and no row is another one.
    expect(await sums()).toEqual(before);
    const ran = gateway.observed.began.slice(earlier).map((one) => one.sql ?? "");
    expect(ran.length).toBeGreaterThan(20);
    const written = ran.filter(
      (sql) => !/^\s*\(?(SELECT|WITH|SHOW|START TRANSACTION READ ONLY|EXPLAIN|DESCRIBE|KILL)\b/i.test(sql),
    );
    expect(written).toEqual([]);
    expect(ran.filter((sql) => /OUTFILE|SLEEP|GET_LOCK|FOR UPDATE/i.test(sql))).toEqual([]);

    // Each record is one of the marked identity, and the door is gone.
    const [marked] = (await store.db.select().from(identities)).filter((one) => one.issuer === SELF_TEST_ISSUER);
    expect(marked).toMatchObject({ displayName: "Self-test of shop", clientId: null, groups: [] });
    const records = new Map(gateway.observed.statements.map((one) => [one.id, one]));
    for (const { statementId, statements } of result.attacks) {
      if (statementId === null) continue;
      expect(records.get(statementId)?.identityId).toBe(marked?.id);
      expect(statements).toContain(records.get(statementId)?.sql);
    }
    expect(readdirSync(rig.folder)).toEqual([]);

    // No value of a masked column is in what is kept.
    const kept = JSON.stringify(result);
    for (const value of [...SSN, ...WAGE]) expect(kept).not.toContain(String(value));
    const events = (await store.db.select().from(auditEvents)).filter((one) => one.action === "self_test.finished");
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      connectionName: "shop",
      detail: { score: 100, failed: 0, startedBy: "Ada Admin" },
    });
    expect(events[0]?.chainId).not.toBeNull();
  }, 120_000);

  it("finds every leak where masks are not applied: the test can fail", async () => {
    gateway.settings.changeRuling = (ruling) => (ruling.kind === "forward" ? { ...ruling, result: null } : ruling);
    const result = await attack();
    const failed = result.attacks.filter((one) => one.outcome === "failed");
    expect(failed.map((one) => one.id)).toEqual(
      expect.arrayContaining([
        `values.plain ${S}.people.ssn`,
        `values.plain ${S}.people.wage`,
        `values.view ${S}.v_people`,
        `values.alias ${S}.people.wage`,
        `values.self-join ${S}.people.ssn`,
        `values.natural ${S}.people.wage`,
      ]),
    );
    // What is answered by the server itself, and not refused, is found: none of it counts as harmless.
    const missed = result.attacks.filter((one) => one.family === "values" && one.outcome === "harmless");
    expect(missed.filter((one) => !one.why.startsWith("The server answered with error"))).toEqual([]);
    expect(result.score).toBeLessThan(97);
    expect(failed.find((one) => one.id === `values.plain ${S}.people.ssn`)).toMatchObject({
      family: "values",
      about: `${S}.people.ssn`,
      why: expect.stringContaining(`${S}.people.ssn`),
      mend: expect.any(String),
      statementId: expect.any(String),
    });
    const kept = JSON.stringify(result);
    for (const value of [...SSN, ...WAGE]) expect(kept).not.toContain(String(value));
  }, 120_000);

  it("warns of a column that lost its mask and looks as if it should have one", async () => {
    const result = await attack({ masks: [mask.parse({ column: `${S}.people.wage`, method: "redact" })] });
    expect(told(through(result))).toEqual([
      expect.stringMatching(new RegExp(`^setting scope.alike ${S}.people.ssn: .*is not masked`)),
    ]);
  }, 120_000);

  it("warns of a mask that lets conditions tell", async () => {
    const result = await attack({ masks: masks({ predicates: "any" }) });
    const warned = through(result);
    expect(warned.every((one) => one.outcome === "setting" && one.family === "inference")).toBe(true);
    expect(warned.every((one) => one.about === `${S}.people.ssn` && one.why.includes("predicates: any"))).toBe(true);
    expect(warned.length).toBeGreaterThan(10);
    const some = await attack({ masks: masks({ predicates: "equality" }) });
    expect(
      through(some)
        .map((one) => one.id)
        .sort(),
    ).toEqual([`inference.equals ${S}.people.ssn`, `inference.equals-bound ${S}.people.ssn`]);
  }, 120_000);

  it("finds no fault with computations that are hidden whole", async () => {
    const result = await attack({ masks: masks({ derived: "mask" }) });
    expect(told(through(result))).toEqual([]);
    expect(result.attacks.find((one) => one.id === `values.hex ${S}.people.ssn`)).toMatchObject({
      outcome: "harmless",
    });
  }, 120_000);

  it("warns of a rule over all tables, once for each of a few that it lets in", async () => {
    const wide: Partial<Rule> = { name: "read", effect: "allow", statements: ["select"], tables: [`${S}.*`] };
    const result = await attack({ rules: [wide] });
    expect(
      through(result)
        .map((one) => `${one.outcome} ${one.id}`)
        .sort(),
    ).toEqual(["badges", "people", "vault"].map((table) => `setting scope.wide select agents/read ${S}.${table}`));
  }, 120_000);

  it("warns where another rule makes a condition void", async () => {
    const second: Partial<Rule> = { name: "loose", effect: "allow", statements: ["select"], tables: [`${S}.people`] };
    const result = await attack({ rules: [...tight(), second] });
    expect(
      through(result)
        .map((one) => `${one.outcome} ${one.id}`)
        .sort(),
    ).toEqual([`setting scope.limit agents/read ${S}.people`, `setting scope.limit-none agents/read ${S}.people`]);
  }, 120_000);

  it("warns of an exempted group, for an identity that has it", async () => {
    const exempting = masks({ exempt: ["auditors"] });
    expect(told(through(await attack({ masks: exempting })))).toEqual([]);
    const result = await attack({ masks: exempting }, { identity: { groups: ["auditors"] } });
    expect(told(through(result))).toEqual([
      `setting values.exempt ${S}.people.ssn: The identity sees the values of ${S}.people.ssn: the mask ${S}.people.ssn exempts its group auditors`,
    ]);
  }, 120_000);

  it("sends nothing that would pass and write, and asks nobody for an approval", async () => {
    const request = vi.fn(async () => "A".repeat(26));
    gateway.settings.approvalStore = { ...gateway.settings.approvalStore, request };
    const before = await sums();
    const rules: Partial<Rule>[] = [
      { name: "write", effect: "allow", statements: ["delete", "update", "insert"], tables: ["*.*"] },
      { name: "admin", effect: "review", statements: ["admin", "ddl"] },
      ...tight(),
    ];
    const result = await attack({ rules });
    expect(await sums()).toEqual(before);
    expect(request).not.toHaveBeenCalled();
    expect(through(result).filter((one) => one.family === "scope" && one.id.includes("wide delete")).length).toBe(3);
    expect(result.attacks.find((one) => one.id === "effects.grant")).toMatchObject({
      outcome: "stopped",
      statementId: null,
      why: expect.stringContaining("wait for a reviewer"),
    });
  }, 120_000);

  it("fails a connection that only observes, and says what to change", async () => {
    gateway.settings.mode = "observe";
    const before = await sums();
    const result = await attack();
    expect(await sums()).toEqual(before);
    const failed = result.attacks.filter((one) => one.outcome === "failed");
    expect(failed.find((one) => one.id.startsWith("scope.verb drop_table"))).toMatchObject({
      statementId: null,
      mend: expect.stringContaining("enforce"),
    });
    // Masks hold in observe mode too.
    expect(failed.filter((one) => one.family === "values" || one.family === "inference")).toEqual([]);
  }, 120_000);

  it("runs for nobody whom no policy binds, and stops when it is cancelled", async () => {
    await attack();
    await expect(rig.run({ identity: { client_id: "somebody" } })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(rig.run({ connection: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const stop = new AbortController();
    const progress = (share: number) => {
      if (share > 0.1) stop.abort();
    };
    await expect(rig.run({}, { signal: stop.signal, progress })).rejects.toMatchObject({ name: "AbortError" });
    expect(readdirSync(rig.folder)).toEqual([]);
  }, 120_000);

  it("does not log in a marked identity that is suspended", async () => {
    const snapshot = gateway.snapshot();
    const [marked] = (await store.db.select().from(identities)).filter((one) => one.issuer === SELF_TEST_ISSUER);
    const suspended = { ...rig.parts, snapshot: () => ({ ...snapshot, suspended: new Set([marked?.id ?? ""]) }) };
    await expect(selfTestRig(gateway, store, suspended).run()).rejects.toThrow(/is suspended/);
  });
});
