import mysql, { type RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RestrictedGateway, startRestrictedGateway } from "@/e2e/support/restricted-gateway";
import { ALLOW_ALL, clientOptions, startGateway } from "@/e2e/support/wire-gateway";
import { policy } from "@/lib/policy/rule";
import type { Ruling } from "./gate";

const SECRET = "901-11-1111";

describe("the server's second opinion, on a real server", () => {
  let world: RestrictedGateway;
  let client: mysql.Connection;

  const rows = async (sql: string, connection = client) => (await connection.query<RowDataPacket[]>(sql))[0];
  const executed = async (sql: string, values: (string | number)[] = []) =>
    (await client.execute<RowDataPacket[]>(sql, values))[0];
  const disagreements = () => world.gateway.observed.audits.filter(({ action }) => action === "mask.disagreement");
  const main = () => `${world.mainUser}@%`;
  const clean = () => `${world.cleanUser}@%`;

  beforeAll(async () => {
    world = await startRestrictedGateway(
      [
        `CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), ssn CHAR(11), mail VARCHAR(80),
         ssn_start CHAR(3) AS (LEFT(ssn, 3)))`,
        `INSERT INTO people (id, name, ssn, mail) VALUES (1, 'Ada', '${SECRET}', 'ada@a.example'), (2, 'Ben', NULL, 'ben@b.example')`,
        "CREATE TABLE places (id INT PRIMARY KEY, name VARCHAR(40), mail VARCHAR(80))",
        "INSERT INTO places VALUES (1, 'Rome', 'ada@a.example')",
        "CREATE TABLE kept (id INT PRIMARY KEY, note VARCHAR(40))",
        "CREATE VIEW tax AS SELECT id, ssn AS number, name FROM people",
        "CREATE FUNCTION twice(n INT) RETURNS INT NO SQL RETURN 2 * n",
        "CREATE VIEW doubled AS SELECT id, twice(id) AS n FROM kept",
      ],
      [
        { column: "people.ssn", method: "redact", exempt: ["fraud"] },
        { column: "people.mail", method: "redact", predicates: "equality", join_class: "mail" },
        { column: "places.mail", method: "redact", join_class: "mail" },
      ],
    );
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    Object.assign(world.gateway.settings, { groups: [], policies: [ALLOW_ALL] });
    world.gateway.publish();
    world.gateway.observed.audits.length = 0;
    client = await mysql.createConnection(clientOptions(world.gateway));
  });
  afterEach(async () => {
    await client.end();
    world.gateway.settings.changeRuling = (ruling) => ruling;
  });

  it("runs clean statements with the restricted account, without a connection of the main one", async () => {
    const sql = "SELECT CURRENT_USER() AS who, name FROM people WHERE id = 1";
    expect(await rows(sql)).toEqual([{ who: clean(), name: "Ada" }]);
    expect(await executed(sql)).toEqual([{ who: clean(), name: "Ada" }]);
    expect(await rows("SELECT CURRENT_USER() AS who")).toEqual([{ who: clean() }]);
    await client.query("INSERT INTO people (id, name) VALUES (3, 'Cyd')");
    await client.query("DELETE FROM people WHERE id = 3");
    expect((await rows("SHOW TABLES")).length).toBeGreaterThan(2);
    expect(await world.connectionsOf(world.cleanUser)).toBe(1);
    expect(await world.connectionsOf(world.mainUser)).toBe(0);
  });

  it("runs what shows masked columns with the main account on one more connection, text and prepared", async () => {
    const sql = "SELECT CURRENT_USER() AS who, ssn, ssn_start FROM people ORDER BY id";
    const expected = [
      { who: main(), ssn: "[redacted]", ssn_start: null },
      { who: main(), ssn: null, ssn_start: null },
    ];
    expect(await rows(sql)).toEqual(expected);
    expect(await executed(sql)).toEqual(expected);
    expect(await rows(sql)).toEqual(expected);
    expect(await rows("SELECT CURRENT_USER() AS who, COUNT(ssn) AS n FROM people")).toEqual([{ who: main(), n: 1 }]);
    expect(await rows("SELECT CURRENT_USER() AS who, id FROM people WHERE mail = 'ben@b.example'")).toEqual([
      { who: main(), id: 2 },
    ]);
    expect(await rows("SELECT number FROM tax WHERE id = 1")).toEqual([{ number: "[redacted]" }]);
    expect(await rows("SELECT CURRENT_USER() AS who, name FROM tax WHERE id = 1")).toEqual([
      { who: main(), name: "Ada" },
    ]);
    expect(await world.connectionsOf(world.mainUser)).toBe(1);
    expect(disagreements()).toEqual([]);
  });

  it("gives exempt identities their values from the main account", async () => {
    world.gateway.settings.groups = ["fraud"];
    world.gateway.publish();
    const exempt = await mysql.createConnection(clientOptions(world.gateway));
    expect(await rows("SELECT CURRENT_USER() AS who, ssn FROM people WHERE ssn LIKE '9%'", exempt)).toEqual([
      { who: main(), ssn: SECRET },
    ]);
    await exempt.end();
  });

  it("refuses a masked read that the server would let the restricted account run, and says so once", async () => {
    await world.admin.query(`GRANT SELECT (ssn) ON people TO ${world.cleanAccount}`);
    for (const again of [1, 2]) {
      const refused = client.query(`SELECT id, ssn FROM people WHERE id = ${again}`);
      await expect(refused).rejects.toMatchObject({ errno: 1143 });
      await expect(refused).rejects.toThrow(/The server lets the restricted account.*code=MASK_UNSAFE/);
    }
    await expect(client.execute("SELECT ssn, id FROM people WHERE id = ?", [1])).rejects.toMatchObject({ errno: 1143 });
    expect(disagreements()).toMatchObject([
      { result: "refused", code: "MASK_UNSAFE", detail: { account: "restricted", says: "prepared" } },
      { objectName: "SELECT ssn, id FROM people WHERE id = ?" },
    ]);
    expect(await world.connectionsOf(world.mainUser)).toBe(0);
    await world.runScript();
    await client.end();
    client = await mysql.createConnection(clientOptions(world.gateway));
    expect(await rows("SELECT id, ssn FROM people WHERE id = 1")).toEqual([{ id: 1, ssn: "[redacted]" }]);
  });

  it("refuses USING over masked columns, which the server does not check", async () => {
    expect(await rows("SELECT p.id FROM people p JOIN places q ON p.mail = q.mail")).toEqual([{ id: 1 }]);
    await expect(client.query("SELECT p.id FROM people p JOIN places q USING (mail)")).rejects.toThrow(/say ON/);
  });

  describe("when lineage takes a masked column for a clean one", () => {
    const gap = (ruling: Ruling): Ruling =>
      ruling.kind === "forward" && ruling.account?.account !== undefined
        ? {
            ...ruling,
            result: null,
            account: {
              ...ruling.account,
              account: "restricted",
              refused: "disagreement",
              opinion: { confirmedAt: 0, told: false },
            },
          }
        : ruling;

    it("lets no value pass: the server refuses, and the audit log tells", async () => {
      world.gateway.settings.changeRuling = gap;
      const texts = ["SELECT id, ssn FROM people", "SELECT id, UPPER(ssn) AS id2 FROM (SELECT * FROM people) p"];
      for (const sql of texts) {
        const refused = client.query(sql);
        await refused.catch(() => undefined);
      }
      const refused = client.query(texts[0] ?? "");
      await expect(refused).rejects.toMatchObject({ errno: 1143, sqlState: "42000" });
      await expect(refused).rejects.toThrow(/The server keeps the restricted account from .*code=MASK_UNSAFE/);
      await refused.catch((error: Error) => expect(error.message).not.toMatch(/ssn|114[23]|clean_/));
      await expect(client.execute("SELECT ssn FROM people WHERE id = ?", [1])).rejects.toMatchObject({ errno: 1143 });
      expect(disagreements()[0]).toMatchObject({ detail: { account: "restricted", says: "refused", errno: 1143 } });
      expect(await rows("SELECT id FROM places")).toEqual([{ id: 1 }]);
    });

    it("does show the value without a restricted account", async () => {
      const { upstream, schema, masks } = world.gateway.settings;
      const control = await startGateway({
        schema,
        masks,
        upstream,
        changeRuling: (ruling) => (ruling.kind === "forward" ? { ...ruling, result: null } : ruling),
      });
      const open = await mysql.createConnection(clientOptions(control));
      expect(await rows("SELECT ssn FROM people WHERE id = 1", open)).toEqual([{ ssn: SECRET }]);
      await open.end();
      await control.close();
    });
  });

  it("tells a privilege that the account lacks from a disagreement", async () => {
    const functions = ["twice", `${world.schema}.twice`];
    world.gateway.settings.policies = [
      policy.parse({
        name: "all",
        identities: [],
        rules: [{ name: "all", effect: "allow", statements: ["read", "write", "ddl"], functions }],
      }),
    ];
    world.gateway.publish();
    for (const [sql, errno] of [
      ["SELECT twice(id) FROM kept", 1370],
      ["SELECT n FROM doubled", 1142],
      ["CREATE TABLE other (id INT)", 1142],
    ] as const) {
      const refused = client.query(sql);
      await expect(refused).rejects.toMatchObject({ errno });
      await expect(refused).rejects.toThrow(/ command denied .*restricted account/);
    }
    expect(disagreements()).toEqual([]);
    await world.admin.query(`REVOKE SELECT (name) ON people FROM ${world.cleanAccount}`);
    await expect(client.query("SELECT name FROM people")).rejects.toThrow(/code=MASK_UNSAFE/);
    expect(disagreements()).toHaveLength(1);
    await world.admin.query(`REVOKE INSERT ON people FROM ${world.cleanAccount}`);
    await expect(client.query("INSERT INTO people (id) VALUES (7)")).rejects.toMatchObject({ errno: 1142 });
    expect(disagreements()).toHaveLength(1);
    await world.runScript();
  });

  it("does not let a write look at masked columns", async () => {
    const refused = client.query("UPDATE people SET name = 'x' WHERE mail = 'ada@a.example'");
    await expect(refused).rejects.toThrow(/looks at masked columns and is no plain SELECT.*code=MASK_UNSAFE/);
    expect(disagreements()).toEqual([]);
    expect(await rows("SELECT name FROM people WHERE id = 1")).toEqual([{ name: "Ada" }]);
  });

  it("refuses a masked read that asks for what the own connection knows", async () => {
    for (const sql of [
      "SELECT ssn FROM people WHERE id = LAST_INSERT_ID()",
      "SELECT SQL_CALC_FOUND_ROWS ssn FROM people LIMIT 1",
      "SELECT ssn, CONNECTION_ID() FROM people",
    ]) {
      await expect(client.query(sql)).rejects.toThrow(/belongs to the part of the session.*code=MASK_UNSAFE|no rule/);
    }
    expect(await world.connectionsOf(world.mainUser)).toBe(0);
  });
});
