import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RestrictedGateway, startRestrictedGateway } from "@/e2e/support/restricted-gateway";
import { type SelfTestRig, selfTestRig } from "@/e2e/support/self-test";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { policy } from "@/lib/policy/rule";

/** Flags, ratings and codes stand everywhere: as keys, in messages, in columns without a mask. */
const PEOPLE = Array.from({ length: 20 }, (_, at) => {
  const country = at % 2 === 0 ? "DE" : "FR";
  return `(${at + 1}, 'City ${at % 3}', 'City ${at % 3}', ${at % 2}, ${at % 5}, '${country}', '${country}', 'new')`;
});

describe("attacks on columns with small values, over a connection with a restricted account", () => {
  let restricted: RestrictedGateway;
  let store: TestStore;
  let rig: SelfTestRig;

  beforeAll(async () => {
    store = await createTestStore();
    restricted = await startRestrictedGateway(
      [
        "CREATE TABLE people (id INT PRIMARY KEY, city VARCHAR(40), home VARCHAR(40), vip TINYINT(1) DEFAULT 1, rating INT, country CHAR(2), lives_in CHAR(2), state ENUM('new', 'closed') DEFAULT 'new')",
        `INSERT INTO people VALUES ${PEOPLE.join(", ")}`,
        "CREATE TABLE nobody (id INT PRIMARY KEY, ssn VARCHAR(20))",
      ],
      [
        { column: "people.home", method: "partial", options: { keep_first: 1 } },
        { column: "people.vip", method: "redact" },
        { column: "people.rating", method: "redact" },
        { column: "people.country", method: "redact" },
        { column: "people.state", method: "redact" },
        { column: "nobody.ssn", method: "redact" },
      ],
    );
    const { gateway, schema } = restricted;
    gateway.settings.policies = [
      policy.parse({
        name: "agents",
        identities: [{ client_id: "agent" }],
        rules: [
          { name: "people", effect: "allow", statements: ["select"], tables: [`${schema}.people`], max_limit: 100 },
          { name: "nobody", effect: "allow", statements: ["select"], tables: [`${schema}.nobody`], max_limit: 100 },
        ],
      }),
    ];
    gateway.publish();
    rig = selfTestRig(gateway, store);
  });
  afterAll(async () => {
    rig.remove();
    await restricted.close();
    await store.close();
  });

  it("tells no leak that is none, and says where there was nothing to hide", async () => {
    const { attacks, score } = await rig.run();
    const through = attacks.filter((one) => one.outcome !== "stopped" && one.outcome !== "harmless");
    expect(through.map(({ id, outcome, why }) => `${outcome} ${id}: ${why}`)).toEqual([]);
    expect(score).toBe(100);
    const of = (column: string) => attacks.find((one) => one.id === `values.plain ${restricted.schema}.${column}`);
    expect(of("people.vip")?.why).toContain("no value that the mask hides");
    expect(of("nobody.ssn")?.why).toContain("no value to hide");
  }, 120_000);

  it("is not blind: of the same columns without their masks it finds every one", async () => {
    const { gateway, schema } = restricted;
    gateway.settings.changeRuling = (ruling) => (ruling.kind === "forward" ? { ...ruling, result: null } : ruling);
    const { attacks } = await rig.run();
    const found = attacks.filter((one) => one.id.startsWith("values.plain") && one.outcome === "failed");
    expect(found.map((one) => one.about).sort()).toEqual(
      ["country", "home", "rating", "state", "vip"].map((name) => `${schema}.people.${name}`),
    );
  }, 120_000);
});
