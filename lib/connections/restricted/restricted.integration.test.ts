import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { readCatalogue } from "@/lib/catalogue/read";
import type { BaseColumn } from "@/lib/sql/analysis";
import { SHOP_TABLES, SHOP_VIEWS } from "@/scripts/shop/schema";
import { runRestrictedTest } from "../test/restricted-test";
import type { StepResult } from "../test/steps";
import { PASSWORD_PLACEHOLDER, quoteAccount } from "./names";
import { type ReachInput, restrictedReach } from "./reach";
import { restrictedScript } from "./script";

const MASKED = ["customers.ssn", "customers.email", "customers.card_number", "employees.salary"];
const PASSWORD = randomBytes(12).toString("hex");

describe("the restricted account on a real server", () => {
  let shop: TestDatabase;
  let open: TestDatabase;
  let admin: mysql.Connection;
  let input: ReachInput;
  const user = `clean_${randomBytes(4).toString("hex")}`;
  const account = quoteAccount(user, "%");
  const isMasked = (column: BaseColumn) =>
    column.schema === shop.name && MASKED.includes(`${column.table}.${column.column}`);

  beforeAll(async () => {
    shop = await createTestDatabase();
    open = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: shop.name, multipleStatements: true });
    for (const statement of [...Object.values(SHOP_TABLES), ...Object.values(SHOP_VIEWS)]) await admin.query(statement);
    for (const statement of [
      "ALTER TABLE customers ADD ssn_start CHAR(3) AS (LEFT(ssn, 3)), ADD ssn_again CHAR(4) AS (CONCAT(ssn_start, '!')), ADD initial CHAR(1) AS (LEFT(name, 1))",
      "CREATE VIEW identities AS SELECT id, ssn AS reference FROM customers",
      "CREATE VIEW starts_with_one AS SELECT id FROM customers WHERE ssn LIKE '1%'",
      "CREATE VIEW second_hand AS SELECT reference FROM identities",
      "CREATE FUNCTION ssn_of(wanted INT) RETURNS CHAR(11) READS SQL DATA RETURN (SELECT ssn FROM customers WHERE id = wanted)",
      "CREATE VIEW by_function AS SELECT id, ssn_of(id) AS reference FROM orders",
      "CREATE TABLE `odd ``name%` (`a)b` INT, `sel ect` INT)",
      `CREATE TABLE ${open.name}.plain (id INT, txt VARCHAR(9))`,
    ]) {
      await admin.query(statement);
    }
    const catalogue = await readCatalogue(async (sql) => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(sql);
      return rows;
    });
    input = { catalogue, isMasked, schemas: [shop.name, open.name] };
  });
  afterAll(async () => {
    await admin.query(`DROP USER IF EXISTS ${account}`);
    await admin.end();
    await shop.drop();
    await open.drop();
  });

  async function runScript(readsOnly = false): Promise<void> {
    const text = restrictedScript({ ...input, user, host: "%", flavour: "mariadb", readsOnly });
    await admin.query(text.replace(PASSWORD_PLACEHOLDER, `'${PASSWORD}'`));
  }

  /** Error number of a statement under the account; 0 when it ran. */
  async function errorOf(...statements: readonly string[]): Promise<readonly number[]> {
    const connection = await mysql.createConnection({
      ...{ ...testServer(), user, password: PASSWORD },
      database: shop.name,
    });
    const numbers: number[] = [];
    for (const sql of statements) {
      const number = await connection.query(sql).then(
        () => 0,
        (error: unknown) => (error instanceof Error && "errno" in error ? Number(error.errno) : -1),
      );
      numbers.push(number);
    }
    await connection.end();
    return numbers;
  }

  async function check(password = PASSWORD): Promise<readonly StepResult[]> {
    const { host, port } = testServer();
    const target = { host, port, user, password, tls: "disabled" as const, ca: null, schema: shop.name };
    const results: StepResult[] = [];
    for await (const one of runRestrictedTest(target, restrictedReach(input))) results.push(one);
    return results;
  }
  const statuses = (results: readonly StepResult[]) => results.slice(3).map((one) => `${one.step} ${one.status}`);
  const FITS = ["login ok", "grants ok", "masked ok", "clean ok"];

  it("refuses a script in which no password was put", async () => {
    const text = restrictedScript({ ...input, user, host: "%", flavour: "mariadb" });
    await expect(admin.query(text)).rejects.toMatchObject({ errno: 1064 });
  });

  it("reads every clean column and none that is masked, in no way", async () => {
    await runScript();
    const reach = restrictedReach(input).filter((table) => table.granted);
    const tables = reach.filter((table) => table.readable.length > 0);
    const clean = tables.map((table) => {
      const names = table.readable.map((name) => `\`${name.replaceAll("`", "``")}\``).join(", ");
      return `SELECT ${names} FROM \`${table.schema}\`.\`${table.name.replaceAll("`", "``")}\``;
    });
    expect(tables.map((table) => table.name)).toEqual(
      expect.arrayContaining(["customers", "order_summary", "monthly_revenue", "odd `name%", "plain"]),
    );
    expect(tables.find((table) => table.name === "customers")?.readable).toContain("initial");
    expect((await errorOf(...clean)).filter((one) => one !== 0)).toEqual([]);

    const refused = [
      ...MASKED.map((column) => `SELECT ${column.split(".")[1]} FROM ${column.split(".")[0]}`),
      "SELECT * FROM customers",
      "SELECT id FROM customers WHERE ssn = '1'",
      "SELECT id FROM customers ORDER BY ssn",
      "SELECT COUNT(ssn) FROM customers",
      "SELECT id FROM customers GROUP BY id HAVING MAX(ssn) > '1'",
      "SELECT name FROM (SELECT ssn AS name FROM customers) products",
      "SELECT ssn_start FROM customers",
      "SELECT ssn_again FROM customers",
      "SELECT reference FROM identities",
      "SELECT id FROM starts_with_one",
      "SELECT * FROM second_hand",
      "SELECT id FROM by_function",
      "SELECT email FROM customer_directory",
      "UPDATE customers SET name = ssn",
      "DELETE FROM customers WHERE ssn = '1'",
      "INSERT INTO products (sku, name, category, price, cost) SELECT 'x', ssn, 'x', 1, 1 FROM customers",
    ];
    const numbers = await errorOf(...refused);
    expect(refused.filter((_, at) => numbers[at] !== 1142 && numbers[at] !== 1143)).toEqual([]);
    expect(await errorOf("SELECT ssn_of(1)")).toEqual([1370]);
  });

  it("writes what the gateway lets it write, unless it was made for reads only", async () => {
    const writes = [
      "INSERT INTO products (sku, name, category, price, cost) VALUES ('a', 'b', 'c', 1, 1)",
      "UPDATE customers SET ssn = '1' WHERE id = 0",
      "DELETE FROM customers WHERE id = 0",
    ];
    await runScript();
    expect(await errorOf(...writes)).toEqual([0, 0, 0]);
    await runScript(true);
    expect((await errorOf(...writes)).every((one) => one === 1142 || one === 1143)).toBe(true);
    expect(statuses(await check())).toEqual(FITS);
  });

  it("fits after the script, and again after the script was run over other privileges", async () => {
    await runScript();
    expect(statuses(await check())).toEqual(FITS);
    await admin.query(`GRANT SELECT, EXECUTE ON \`${shop.name}\`.* TO ${account}`);
    await runScript();
    expect(statuses(await check())).toEqual(FITS);
  });

  it.each([
    ["one masked column", "SELECT (ssn) ON customers", "may read masked columns of", true],
    ["a computed one", "SELECT (ssn_again) ON customers", "ssn_again", true],
    ["a view over one", "SELECT ON identities", "may read the view", true],
    ["the whole schema", "SELECT ON *", "may read masked columns of", true],
    ["all that there is", "SELECT ON *.*", "on all schemas", true],
    ["accounts", "SELECT ON mysql.user", "accounts and statements of others", false],
    ["a routine", "EXECUTE ON FUNCTION ssn_of", "may run routines", false],
    ["files", "FILE ON *.*", "files on the server", false],
  ])("says so when it was granted %s", async (_, privilege, what, readable) => {
    await runScript();
    await admin.query(`GRANT ${privilege} TO ${account}`);
    const results = await check();
    expect(statuses(results)).toEqual([
      "login ok",
      "grants failed",
      readable ? "masked failed" : "masked ok",
      "clean ok",
    ]);
    expect(results[4]?.notes.join("\n")).toContain(what);
  });

  it("sees what PUBLIC may read, and says that it has to be taken back there", async () => {
    await runScript();
    await admin.query("GRANT SELECT (ssn) ON customers TO PUBLIC");
    const results = await check();
    await admin.query("REVOKE SELECT (ssn) ON customers FROM PUBLIC");
    expect(statuses(results)).toEqual(["login ok", "grants failed", "masked failed", "clean ok"]);
    expect(results[4]?.notes[0]).toContain("comes from PUBLIC");
  });

  it("says so when a clean column is missing, and which grant brings it back", async () => {
    await runScript();
    await admin.query(`REVOKE SELECT (id, city) ON customers FROM ${account}`);
    const results = await check();
    expect(statuses(results)).toEqual(["login ok", "grants warning", "masked ok", "clean failed"]);
    const [note = ""] = results[4]?.notes ?? [];
    expect(note).toContain("may not read id, city of");
    await admin.query(note.slice(note.indexOf("GRANT SELECT")));
    expect(statuses(await check())).toEqual(FITS);
  });

  it("notices a column that came after the catalogue was read", async () => {
    await runScript();
    await admin.query("ALTER TABLE orders ADD later INT");
    const results = await check();
    await admin.query("ALTER TABLE orders DROP later");
    expect(statuses(results)).toEqual(["login ok", "grants warning", "masked ok", "clean ok"]);
    expect(results[4]?.notes[0]).toContain("orders.later");
  });

  it("ends at the login for a wrong password, and never repeats it", async () => {
    await runScript();
    const results = await check("wrong-Pw-99");
    expect(statuses(results)).toEqual(["login failed", "grants skipped", "masked skipped", "clean skipped"]);
    expect(JSON.stringify(results)).not.toContain("wrong-Pw-99");
  });
});
