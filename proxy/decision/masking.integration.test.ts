import mysql, { type RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { type Mask, mask } from "@/lib/masking/mask";

describe("masks in the path of every statement", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;
  let client: mysql.Connection;

  const about = (column: string, rest: object): Mask => mask.parse({ column: `${database.name}.${column}`, ...rest });
  const usual = (): Mask[] => [
    about("people.ssn", { method: "redact", exempt: ["fraud"] }),
    about("people.mail", { method: "token", predicates: "equality" }),
    about("people.born", { method: "year" }),
    about("people.pay", { method: "bucket", options: { size: 1000 } }),
    about("people.api_key", { method: "null" }),
  ];
  const publish = (masks: readonly Mask[], groups: readonly string[] = []) => {
    gateway.settings.masks = masks;
    gateway.settings.groups = groups;
    gateway.publish();
  };
  const rows = async (sql: string, values: unknown[] = []) => (await client.query<RowDataPacket[]>(sql, values))[0];
  const executed = async (sql: string, values: (string | number)[] = []) =>
    (await client.execute<RowDataPacket[]>(sql, values))[0];
  const lastRecord = () => gateway.observed.statements.at(-1);

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: database.name });
    await admin.query(
      `CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), ssn CHAR(11), mail VARCHAR(80), born DATE, pay DECIMAL(10,2),
       api_key VARCHAR(40) NOT NULL DEFAULT 'sk_planted', KEY k_ssn (ssn), UNIQUE KEY uq_mail (mail))`,
    );
    await admin.query("CREATE VIEW tax AS SELECT id, ssn AS number FROM people");
    await admin.query(
      `INSERT INTO people (id, name, ssn, mail, born, pay) VALUES
       (1, 'Ada', '901-11-1111', 'ada@alpha.example', '1981-02-03', 98765.43), (2, 'Ben', '101-22-2222', 'ben@beta.example', NULL, 1234.00)`,
    );
    gateway = await startGateway({ schema: database.name });
  });
  afterAll(async () => {
    await gateway.close();
    await admin.end();
    await database.drop();
  });
  beforeEach(async () => {
    publish(usual());
    client = await mysql.createConnection({ ...clientOptions(gateway), dateStrings: true });
    gateway.observed.statements.length = 0;
  });
  afterEach(async () => {
    await client.end().catch(() => undefined);
    gateway.settings.mode = "enforce";
  });

  const sql = "SELECT id, ssn, born, pay, api_key FROM people ORDER BY id";
  const hidden = [
    { id: 1, ssn: "[redacted]", born: "1981-01-01", pay: "98000.00", api_key: null },
    { id: 2, ssn: "[redacted]", born: null, pay: "1000.00", api_key: null },
  ];

  it("hide values in both protocols, keep NULL, and leave the rest as it is", async () => {
    expect(await rows(sql)).toEqual(hidden);
    expect(await executed(sql)).toEqual(hidden);
    expect(await rows("SELECT t.number FROM tax t WHERE t.id = 1")).toEqual([{ number: "[redacted]" }]);
  });

  it("say in the statement's record what was hidden and how many rows", async () => {
    await rows(sql);
    expect(lastRecord()).toMatchObject({
      effect: "allow",
      maskedRows: 2,
      masking: {
        outputs: [
          { position: 1, name: "ssn", method: "redact", columns: [`${database.name}.people.ssn`] },
          { position: 2, method: "year" },
          { position: 3, method: "bucket" },
          { position: 4, method: "null" },
        ],
        exempt: [],
      },
    });
    await rows("SELECT name FROM people");
    expect(lastRecord()).toMatchObject({ maskedRows: 0, masking: null });
  });

  it("do not hold for groups that they exempt, which the record tells", async () => {
    publish(usual(), ["fraud", "other"]);
    await client.end();
    client = await mysql.createConnection(clientOptions(gateway));
    expect(await rows("SELECT ssn, api_key FROM people WHERE ssn LIKE '9%'")).toEqual([
      { ssn: "901-11-1111", api_key: null },
    ]);
    expect(lastRecord()?.masking).toMatchObject({
      exempt: [{ column: `${database.name}.people.ssn`, groups: ["fraud"] }],
    });
  });

  it("refuse what would tell of a value with 1143, naming column, use and way out; the session goes on", async () => {
    const refused = client.query("SELECT id FROM people WHERE ssn LIKE '9%'");
    await expect(refused).rejects.toMatchObject({ errno: 1143, sqlState: "42000" });
    await expect(refused).rejects.toThrow(
      /people\.ssn is masked and may not be used in a condition\. .*code=MASK_UNSAFE/,
    );
    expect(lastRecord()).toMatchObject({ effect: "deny", errorNumber: 1143, ruleName: null });
    await expect(client.execute("SELECT UPPER(ssn) FROM people")).rejects.toMatchObject({ errno: 1143 });
    gateway.settings.mode = "observe";
    gateway.publish();
    await expect(client.query("SELECT UPPER(ssn) FROM people")).rejects.toMatchObject({ errno: 1143 });
    expect(await rows("SELECT COUNT(ssn) AS n FROM people")).toEqual([{ n: 2 }]);
  });

  it("act on the next statement of open sessions, prepared ones included", async () => {
    publish([]);
    const statement = await client.prepare("SELECT ssn FROM people WHERE id = ?");
    expect((await statement.execute([1]))[0]).toEqual([{ ssn: "901-11-1111" }]);
    publish(usual());
    expect((await statement.execute([1]))[0]).toEqual([{ ssn: "[redacted]" }]);
    publish([]);
    expect((await statement.execute([1]))[0]).toEqual([{ ssn: "901-11-1111" }]);
    await statement.close();
  });

  describe("tokens", () => {
    const tokenOf = async (id: number): Promise<string> =>
      (await rows("SELECT mail FROM people WHERE id = ?", [id]))[0]?.mail;

    it("are the same for the same value in both protocols, and differ from row to row", async () => {
      const [first] = await executed("SELECT mail FROM people WHERE id = ?", [1]);
      expect(await tokenOf(1)).toBe(first?.mail);
      expect(await tokenOf(1)).toMatch(/^tok_[A-Za-z0-9_-]+$/);
      expect(await tokenOf(2)).not.toBe(first?.mail);
    });

    it("find their row again, as a literal, in a list of the text and as a bound value", async () => {
      const token = await tokenOf(2);
      expect(await rows(`SELECT id FROM people WHERE mail = '${token}'`)).toEqual([{ id: 2 }]);
      expect(await executed("SELECT id FROM people WHERE mail = ?", [token])).toEqual([{ id: 2 }]);
      expect(await executed("SELECT id FROM people WHERE id = ? AND mail = ? AND name = ?", [2, token, "Ben"])).toEqual(
        [{ id: 2 }],
      );
      expect(await rows("SELECT id FROM people WHERE mail = 'ben@beta.example'")).toEqual([{ id: 2 }]);
      await client.query("PREPARE s FROM 'SELECT 1'").catch(() => undefined);
      const again = await client.prepare(`SELECT id FROM people WHERE mail = '${token}' AND id = ?`);
      expect((await again.execute([2]))[0]).toEqual([{ id: 2 }]);
      await again.close();
    });

    it("that are forged match nothing, and none is put in where the column has another mask", async () => {
      const token = await tokenOf(1);
      const forged = `${token.slice(0, -2)}${token.endsWith("AA") ? "BB" : "AA"}`;
      expect(await rows(`SELECT id FROM people WHERE mail = '${forged}'`)).toEqual([]);
      expect(await executed("SELECT id FROM people WHERE mail = ?", [forged])).toEqual([]);
      expect(await rows(`SELECT id FROM people WHERE name = '${token}'`)).toEqual([]);
      expect(await rows(`SELECT '${token}' AS echo`)).toEqual([{ echo: token }]);
    });

    it("are not written back, nor is what other masks show", async () => {
      const token = await tokenOf(1);
      await expect(client.query(`UPDATE people SET mail = '${token}' WHERE id = 1`)).rejects.toThrow(
        /looks like what its mask/,
      );
      await expect(client.execute("UPDATE people SET mail = ? WHERE id = 1", [token])).rejects.toMatchObject({
        errno: 1143,
      });
      await expect(client.query("INSERT INTO people (id, ssn) VALUES (9, '[redacted]')")).rejects.toThrow(
        /destroy the real one/,
      );
      expect((await admin.query("SELECT mail FROM people WHERE id = 1"))[0]).toEqual([{ mail: "ada@alpha.example" }]);
      await client.query("UPDATE people SET mail = 'ada@gamma.example' WHERE id = 1");
      await client.query("UPDATE people SET mail = 'ada@alpha.example' WHERE id = 1");
    });
  });

  it("keep the order of rows from telling an index that begins with a masked column", async () => {
    const ids = async (connection: mysql.Connection) =>
      (await connection.query<RowDataPacket[]>("SELECT id FROM people"))[0].map((row) => row.id);
    expect(await ids(admin)).not.toEqual([1, 2]);
    expect(await ids(client)).toEqual([1, 2]);
    expect(await executed("SELECT p.id FROM people p LIMIT 1")).toEqual([{ id: 1 }]);
    await expect(client.query("SELECT id FROM people FORCE INDEX (k_ssn)")).rejects.toMatchObject({ errno: 1143 });
  });

  it("take the server's words away where they could quote a value, and its warnings", async () => {
    publish([about("people.ssn", { method: "redact", predicates: "any", derived: "mask" })]);
    const failed = client.query(
      "SELECT EXTRACTVALUE(CONCAT('<a>', ssn, '</'), '/a') + 1, UPDATEXML(ssn, CONCAT('//', ssn), 'x') FROM people",
    );
    await failed.catch(() => undefined);
    const duplicate = client.query("INSERT INTO people (id, ssn) SELECT 1, '123'");
    await expect(duplicate).rejects.toMatchObject({ errno: 1062 });
    await duplicate.catch((error: Error) => expect(error.message).not.toContain("123"));
    expect(lastRecord()?.errorMessage).not.toContain("123");
    await expect(client.query("SHOW WARNINGS")).rejects.toMatchObject({ errno: 1143 });
    await rows("SELECT id FROM people WHERE name = 'Ada'");
    expect(await rows("SHOW WARNINGS")).toEqual([]);
  });

  it("hide the defaults of masked columns from metadata", async () => {
    const shown = JSON.stringify([
      await rows("SHOW COLUMNS FROM people"),
      await rows("SHOW FULL COLUMNS FROM people"),
      await rows("DESCRIBE people"),
      await rows("SHOW CREATE TABLE people"),
      await rows(
        `SELECT COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database.name}'`,
      ),
    ]);
    expect(shown).toContain("api_key");
    expect(shown).not.toContain("sk_planted");
    expect(JSON.stringify((await admin.query("SHOW CREATE TABLE people"))[0])).toContain("sk_planted");
  });
});
