import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { lexText } from "../lexer";
import { readUtility } from "./read-utility";

const LEXICAL_MODES = /ANSI|PIPES_AS_CONCAT|IGNORE_SPACE|NO_BACKSLASH_ESCAPES|HIGH_NOT_PRECEDENCE|ORACLE|REAL_AS_FLOAT/;

let database: TestDatabase;
let server: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

beforeEach(async () => {
  // The driver's IGNORE_SPACE capability alone would set that mode.
  const flags = ["-IGNORE_SPACE"];
  server = await mysql.createConnection({ ...testServer(), database: database.name, charset: "utf8mb4", flags });
  await server.query("CREATE TABLE IF NOT EXISTS orders (id INT PRIMARY KEY, name VARCHAR(20))");
  await server.query("CREATE OR REPLACE VIEW v_orders AS SELECT id FROM orders");
});

afterEach(() => server.end());

function kindOf(sql: string): string | undefined {
  const lexed = lexText(sql, "mariadb");
  return lexed.ok ? readUtility(lexed.lexed, database.name)?.kind : lexed.reason;
}

describe("statements of the manifest run on the server and leave it reading statements as before", () => {
  it.each([
    "SET AUTOCOMMIT = 0",
    "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
    "SET NAMES 'utf8'",
    "SET CHARACTER SET utf8mb4",
    "set autocommit=1, sql_mode = concat(@@sql_mode,',STRICT_TRANS_TABLES')",
    "SET sql_mode = CONCAT('NO_ZERO_DATE,', @@session.sql_mode)",
    "SET SESSION sql_mode=(SELECT REPLACE(@@sql_mode,'STRICT_TRANS_TABLES',''))",
    "SET sql_mode = 'TRADITIONAL'",
    "SET sql_mode = ''",
    "SET SESSION SQL_AUTO_IS_NULL=0",
    "SET time_zone = '+00:00'",
    "SET character_set_results = NULL",
    "SET collation_connection = 'utf8mb4_general_ci', character_set_server = 'utf8mb4'",
    "SET net_write_timeout=600, SESSION lock_wait_timeout = 5",
    "SET max_statement_time = 1.5",
    "SET tx_isolation = 'READ-COMMITTED'",
    "SET sql_select_limit = DEFAULT",
    "SET lc_time_names = de_DE",
    "SET @a = 1, @b := 'x'",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    "BEGIN WORK",
    "COMMIT AND CHAIN NO RELEASE",
    "ROLLBACK WORK",
    "SAVEPOINT a",
    "SELECT 1+1 AS result",
    "SELECT @@session.auto_increment_increment AS a, @@version_comment, VERSION(), DATABASE(), CURRENT_USER, @a LIMIT 1",
    "SELECT 'VARCHAR' AS TYPE_NAME, 12 UNION ALL SELECT 'INT', -4",
    "SHOW DATABASES LIKE 'x%'",
    "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'",
    "SHOW TABLE STATUS LIKE 'orders'",
    "SHOW TRIGGERS",
    "SHOW FULL COLUMNS FROM orders LIKE 'n%'",
    "SHOW KEYS FROM orders WHERE Key_name = 'PRIMARY'",
    "SHOW CREATE TABLE orders",
    "SHOW CREATE VIEW v_orders",
    "SHOW SESSION VARIABLES WHERE Variable_name = 'language' OR Variable_name IN ('a', 'b')",
    "SHOW GLOBAL STATUS LIKE 'Ssl_cipher'",
    "SHOW ENGINES",
    "SHOW COLLATION WHERE Charset = 'utf8mb4'",
    "SHOW CHARACTER SET",
    "SHOW GRANTS FOR CURRENT_USER()",
    "SHOW PROCEDURE STATUS WHERE Db = 'x'",
    "SHOW WARNINGS LIMIT 5, 10",
    "DESC orders name",
    "EXPLAIN orders",
    "EXPLAIN FORMAT=JSON SELECT 1",
  ])("%s", async (sql) => {
    expect(["housekeeping", "metadata", "warnings", "explain"]).toContain(kindOf(sql));
    await server.query(sql);
    const [[session]] = await server.query<RowDataPacket[]>(
      "SELECT @@sql_mode AS mode, @@character_set_client AS charset, DATABASE() AS db",
    );
    expect(session?.mode).not.toMatch(LEXICAL_MODES);
    expect(session?.charset).toMatch(/^utf8(mb[34])?$/);
    expect(session?.db).toBe(database.name);
  });
});

describe("control: what the manifest leaves out does its harm on the server", () => {
  it.each([
    ["MODE-05", "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_', 'QUOTES')"],
    ["MODE-13", "SET @@session.sql_mode := 'ANSI'"],
    ["MODE-06", "SET SESSION sql_mode = 4"],
    ["a name put together from two", "SET sql_mode = CONCAT('NO_BACKSLASH', '_ESCAPES')"],
  ])("%s changes how the next statement is read", async (_name, sql) => {
    expect(kindOf(sql)).toBe("refused");
    await server.query(sql);
    const [[session]] = await server.query<RowDataPacket[]>("SELECT @@sql_mode AS mode");
    expect(session?.mode).toMatch(LEXICAL_MODES);
  });

  it("the IGNORE_SPACE capability of a client sets the mode, so it must not be passed upstream", async () => {
    const other = await mysql.createConnection({ ...testServer(), flags: ["IGNORE_SPACE"] });
    const [[session]] = await other.query<RowDataPacket[]>("SELECT @@sql_mode AS mode");
    await other.end();
    expect(session?.mode).toMatch(/IGNORE_SPACE/);
  });

  it("MODE-01: a multi-byte client character set moves the end of a string", async () => {
    expect(kindOf("SET NAMES gbk")).toBe("refused");
    await server.query("SET NAMES gbk");
    const [[session]] = await server.query<RowDataPacket[]>("SELECT @@character_set_client AS charset");
    expect(session?.charset).toBe("gbk");
  });

  it("ALLOW-14: a subquery in SHOW .. WHERE answers questions about data", async () => {
    await server.query("REPLACE INTO orders VALUES (1, 'secret')");
    const guess = (pattern: string) => `SHOW TABLES WHERE (SELECT name FROM orders WHERE id = 1) LIKE '${pattern}'`;
    expect(kindOf(guess("s%"))).toBe("refused");
    const [right] = await server.query<RowDataPacket[]>(guess("s%"));
    const [wrong] = await server.query<RowDataPacket[]>(guess("x%"));
    expect([right.length > 0, wrong.length]).toEqual([true, 0]);
  });
});
