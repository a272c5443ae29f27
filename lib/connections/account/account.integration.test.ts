import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { readCatalogue } from "@/lib/catalogue/read";
import { simulateStatement } from "@/lib/policy/simulation";
import { type Catalogue, compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP_TABLES, SHOP_VIEWS } from "@/scripts/shop/schema";
import { PASSWORD_PLACEHOLDER, quoteAccount } from "../restricted/names";
import { rowsOf } from "../test/login";
import { excessOf, lackOf } from "./excess";
import type { AccountGrants } from "./grants";
import { type Need, needFor } from "./need";
import { needOf } from "./need-of";
import { readAccount } from "./read-account";
import { minimalScript } from "./script";
import { ALLOWED, DENIED, ONLY_THE_GATEWAY, shopPolicies, VISITS } from "./shop-account.fixture";

const PASSWORD = randomBytes(12).toString("hex");

describe("the account that the script makes, on a real server", () => {
  let shop: TestDatabase;
  let other: TestDatabase;
  let admin: mysql.Connection;
  let catalogue: Catalogue;
  let need: Need;
  const suffix = randomBytes(4).toString("hex");
  const user = `minimal_${suffix}`;
  const rich = `rich_${suffix}`;
  const role = `role_${suffix}`;
  const dba = `dba_${suffix}`;

  beforeAll(async () => {
    shop = await createTestDatabase();
    other = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: shop.name, multipleStatements: true });
    for (const statement of [
      ...Object.values(SHOP_TABLES),
      ...Object.values(SHOP_VIEWS),
      VISITS,
      "CREATE SQL SECURITY DEFINER VIEW pay_by_department AS SELECT department, AVG(salary) AS pay FROM employees GROUP BY department",
      "CREATE FUNCTION order_label(wanted INT) RETURNS CHAR(20) DETERMINISTIC RETURN CONCAT('#', wanted)",
      "CREATE FUNCTION secret_of(wanted INT) RETURNS CHAR(11) READS SQL DATA RETURN (SELECT ssn FROM customers WHERE id = wanted)",
      "CREATE PROCEDURE clean_up() DELETE FROM payments",
      `CREATE TABLE ${other.name}.secrets (id INT, word TEXT)`,
      "INSERT INTO customers (id, name, email, ssn, birth_date, address, city, postal_code, created_at) VALUES (1, 'A', 'a', '1', '2000-01-01', 'a', 'Bern', '1', NOW())",
      "INSERT INTO products (id, sku, name, category, price, cost) VALUES (1, 'ABC-00001', 'p', 'c', 2, 1)",
      "INSERT INTO orders (id, customer_id, total, placed_at) VALUES (1, 1, 5, NOW())",
      "INSERT INTO order_items VALUES (1, 1, 1, 1, 1)",
    ]) {
      await admin.query(statement);
    }
    const ask = async (sql: string) => (await admin.query<mysql.RowDataPacket[]>(sql))[0];
    catalogue = compileCatalogue(await readCatalogue(ask));
    const { viewSecurity } = await readAccount((sql) => rowsOf(admin, sql));
    need = needOf({
      policies: shopPolicies(shop.name),
      catalogue,
      connection: { schema: shop.name, mode: "enforce" },
      viewSecurity,
    });
    await admin.query(scriptFor("new", user).replace(PASSWORD_PLACEHOLDER, `'${PASSWORD}'`));
  });
  afterAll(async () => {
    await admin.query(`DROP USER IF EXISTS ${[user, rich, dba].map((name) => quoteAccount(name, "%")).join(", ")}`);
    await admin.query(`DROP ROLE IF EXISTS ${role}`);
    await admin.end();
    await shop.drop();
    await other.drop();
  });

  function scriptFor(mode: "new" | "change", name: string, grants = NOTHING): string {
    return minimalScript({
      need,
      grants,
      flavour: "mariadb",
      account: { user: name, host: "%" },
      mode,
      rareForms: true,
      requireTls: false,
      madeFrom: { connection: "shop", policies: ["reports"], revision: 1, at: "2026-01-01T00:00:00.000Z" },
    });
  }

  const logIn = (name: string) =>
    mysql.createConnection({ ...testServer(), user: name, password: PASSWORD, database: shop.name });

  /** What the gateway makes of a statement, for whom all these policies bind. */
  function decided(sql: string): "passes" | "denied" {
    const result = simulateStatement({
      sql,
      policies: shopPolicies(shop.name),
      masks: [],
      groups: [],
      catalogue,
      connectionSchema: shop.name,
      defaultSchema: shop.name,
    });
    return result.kind === "not_understood" || result.verdict.effect === "deny" ? "denied" : "passes";
  }

  /** Each statement with the server's answer: its error, or null. */
  async function answers(connection: mysql.Connection, statements: readonly string[]) {
    const found: { sql: string; error: string | null }[] = [];
    for (const sql of statements) {
      const error = await connection.query(sql).then(
        () => null,
        (problem: unknown) => (problem instanceof Error ? problem.message : String(problem)),
      );
      found.push({ sql, error });
    }
    return found;
  }
  const refusedOf = (all: readonly { sql: string; error: string | null }[]) => all.filter((one) => one.error !== null);

  beforeEach(() => admin.query("DELETE FROM order_items WHERE line > 1"));

  it("runs every statement that the policies let pass", async () => {
    const statements = ALLOWED(shop.name);
    expect(statements.length).toBeGreaterThanOrEqual(40);
    expect(statements.filter((sql) => decided(sql) === "denied")).toEqual([]);
    const connection = await logIn(user);
    const found = refusedOf(await answers(connection, statements));
    await connection.end();
    expect(found).toEqual([]);
  });

  it("has the server itself refuse at least 95 % of what the policies deny", async () => {
    const statements = [...DENIED(shop.name, other.name), ...ONLY_THE_GATEWAY];
    expect(statements.length).toBeGreaterThanOrEqual(60);
    expect(statements.filter((sql) => decided(sql) === "passes")).toEqual([]);
    const connection = await logIn(user);
    const all = await answers(connection, statements);
    await connection.end();
    const ran = all.filter((one) => one.error === null).map((one) => one.sql);
    const share = 1 - ran.length / all.length;
    const counted = `${all.length - ran.length} of ${all.length} denied statements (${(share * 100).toFixed(1)} %)`;
    process.stdout.write(`The server itself refuses ${counted}\n`);
    // A refusal must be one: not a table that is missing or a statement that is misspelt.
    const odd = refusedOf(all).filter(
      (one) => !/denied|need \(at least one of\)|not allowed|invalid definer/iu.test(one.error ?? ""),
    );
    expect(odd).toEqual([]);
    expect([...ran].sort()).toEqual([...ONLY_THE_GATEWAY].sort());
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  it("has nothing beyond the need and lacks nothing", async () => {
    const connection = await logIn(user);
    const { grants } = await readAccount((sql) => rowsOf(connection, sql));
    await connection.end();
    expect(grants.unread).toEqual([]);
    expect(excessOf(grants, needFor(need, true), NO_MASKS)).toEqual([]);
    expect(lackOf(grants, needFor(need, true))).toEqual([]);
  });

  it("brings an account with too much down to the need, and leaves what it does allowed", async () => {
    const account = quoteAccount(rich, "%");
    await admin.query(`CREATE USER ${account} IDENTIFIED BY '${PASSWORD}'`);
    for (const grant of [
      `GRANT ALL PRIVILEGES ON ${shop.name}.* TO ${account} WITH GRANT OPTION`,
      `GRANT SELECT, FILE, PROCESS, CREATE USER, SUPER, BINLOG MONITOR ON *.* TO ${account}`,
      `GRANT SELECT ON \`${other.name.replaceAll("_", "\\_")}\`.* TO ${account}`,
      `GRANT SELECT ON mysql.help_topic TO ${account}`,
      `GRANT SELECT (id, name, ssn, notes), INSERT, UPDATE (name) ON ${shop.name}.customers TO ${account}`,
      `GRANT ALL PRIVILEGES ON ${shop.name}.orders TO ${account}`,
      `GRANT EXECUTE ON PROCEDURE ${shop.name}.clean_up TO ${account}`,
      `GRANT EXECUTE ON FUNCTION ${shop.name}.order_label TO ${account}`,
      `CREATE ROLE ${role}`,
      `GRANT DELETE ON ${shop.name}.payments TO ${role}`,
      `GRANT ${role} TO ${account} WITH ADMIN OPTION`,
    ]) {
      await admin.query(grant);
    }
    const read = async () => {
      const connection = await logIn(rich);
      const result = await readAccount((sql) => rowsOf(connection, sql));
      await connection.end();
      return result.grants;
    };
    const before = await read();
    const excess = excessOf(before, needFor(need, true), NO_MASKS);
    expect(before.unread).toEqual([]);
    expect(excess.map((one) => `${one.what} ${one.where}`)).toEqual(
      expect.arrayContaining([
        "FILE everything (*.*)",
        `ALL PRIVILEGES ${shop.name}.*`,
        `GRANT OPTION ${shop.name}.*`,
        "SELECT mysql.help_topic",
        `SELECT (notes, ssn) ${shop.name}.customers`,
        `EXECUTE procedure ${shop.name}.clean_up`,
        `DELETE ${shop.name}.payments`,
        `\`${role}\` with ADMIN OPTION`,
      ]),
    );
    expect(excess[0]?.level).toBe("critical");
    expect(lackOf(before, needFor(need, true))).toEqual([]);

    // An administrator whose the role is not to give: MariaDB refuses its REVOKE, and the client stops there.
    const stranger = quoteAccount(dba, "%");
    await admin.query(`CREATE USER ${stranger} IDENTIFIED BY '${PASSWORD}'`);
    await admin.query(`GRANT ALL PRIVILEGES ON *.* TO ${stranger} WITH GRANT OPTION`);
    const session = await mysql.createConnection({
      ...testServer(),
      user: dba,
      password: PASSWORD,
      multipleStatements: true,
    });
    await expect(session.query(scriptFor("change", rich, before))).rejects.toMatchObject({ errno: 1698 });
    await session.end();
    const left = await read();
    // Without SELECT on everything it does not see any more what the role brings.
    expect(excessOf(left, needFor(need, true), NO_MASKS).map((one) => `${one.what} ${one.where}`)).toEqual([
      expect.stringContaining(`\`${role}\``),
    ]);
    await admin.query(scriptFor("change", rich, left));
    const after = await read();
    expect(excessOf(after, needFor(need, true), NO_MASKS)).toEqual([]);
    expect(lackOf(after, needFor(need, true))).toEqual([]);
    expect(scriptFor("change", rich, after)).toContain("Nothing to change");
    const connection = await logIn(rich);
    const found = refusedOf(await answers(connection, ALLOWED(shop.name)));
    await connection.end();
    expect(found).toEqual([]);
  });

  describe("behind a gateway", () => {
    let gateway: GatewayUnderTest;
    beforeAll(async () => {
      gateway = await startGateway({
        upstream: { ...testServer(), user, password: PASSWORD, tls: "disabled", ca: null },
        schema: shop.name,
        policies: shopPolicies(shop.name).map((one) => ({
          ...one,
          // Nobody approves here: what is held would wait.
          rules: one.rules.map((rule) => (rule.effect === "review" ? { ...rule, effect: "allow" as const } : rule)),
        })),
      });
    });
    afterAll(() => gateway.close());

    it("loads a catalogue that the gateway can decide with, and all allowed statements run", async () => {
      const client = await mysql.createConnection({ ...clientOptions(gateway), database: shop.name });
      const found = refusedOf(await answers(client, ALLOWED(shop.name)));
      await client.end();
      expect(found).toEqual([]);
    });

    it("still refuses what the policies deny, as a policy or because it can not be seen", async () => {
      const client = await mysql.createConnection({ ...clientOptions(gateway), database: shop.name });
      // A name that it can not see makes it look at the server again, which takes a while: some of each kind are enough.
      const some = DENIED(shop.name, other.name).filter((_, at) => at % 8 === 0);
      const statements = [...some, ...ONLY_THE_GATEWAY];
      const ran = (await answers(client, statements)).filter((one) => one.error === null).map((one) => one.sql);
      await client.end();
      expect(ran).toEqual([]);
    });
  });

  it("needs the same again when the catalogue shows only what the account may see", async () => {
    const connection = await logIn(user);
    const ask = async (sql: string) => (await connection.query<mysql.RowDataPacket[]>(sql))[0];
    const narrowed = compileCatalogue(await readCatalogue(ask));
    const { viewSecurity } = await readAccount((sql) => rowsOf(connection, sql));
    await connection.end();
    const again = needOf({
      policies: shopPolicies(shop.name),
      catalogue: narrowed,
      connection: { schema: shop.name, mode: "enforce" },
      viewSecurity,
    });
    const shape = (one: Need) => needFor(one, true).map(({ because: _, ...rest }) => rest);
    expect(shape(again)).toEqual(shape(need));
  });
});

const NOTHING: AccountGrants = { held: [], withheld: [], roles: [], proxies: [], unread: [] };
const NO_MASKS = { isMasked: () => false, columnsOf: () => [], tables: [], schemas: [] };
