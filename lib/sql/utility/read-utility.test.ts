import { describe, expect, it } from "vitest";
import { lexText } from "../lexer";
import type { Dialect } from "../token";
import { isDollarProbe } from "./dollar-probe";
import { isSafeInformationSchemaTable } from "./information-schema";
import { innerStatement } from "./inner-statement";
import { readUtility } from "./read-utility";
import type { SessionEffect, Utility } from "./utility";

function utility(sql: string, defaultSchema: string | null = "shop", dialect: Dialect = "mysql"): Utility | null {
  const result = lexText(sql, dialect);
  if (!result.ok) throw new Error(`${sql}: ${result.reason} at ${result.at}`);
  return readUtility(result.lexed, defaultSchema);
}

function effects(sql: string): readonly SessionEffect[] | string {
  const read = utility(sql);
  if (read?.kind === "housekeeping") return read.effects;
  return read?.kind === "refused" ? read.message : `${read?.kind ?? "not a utility statement"}`;
}

function objects(sql: string, defaultSchema: string | null = "shop"): string {
  const read = utility(sql, defaultSchema);
  if (read?.kind === "refused") return `refused: ${read.message}`;
  if (read?.kind !== "metadata") return read?.kind ?? "not a utility statement";
  return read.objects
    .map((object) => (object.table === null ? `${object.schema}` : `${object.schema}.${object.table}`))
    .join(",");
}

const variable = (name: string, value: string): SessionEffect => ({ kind: "variable", name, value });
const charset = (name: string): SessionEffect[] =>
  (["client", "connection", "results"] as const).map((of) => ({ kind: "characterSet", of, characterSet: name }));

describe("what drivers set at connect is housekeeping", () => {
  it.each<[string, readonly SessionEffect[]]>([
    ["SET AUTOCOMMIT = 0", [{ kind: "autocommit", on: false }]],
    ["SET autocommit=1", [{ kind: "autocommit", on: true }]],
    ["SET NAMES utf8mb4", charset("utf8mb4")],
    ["SET NAMES 'utf8mb4'", charset("utf8mb4")],
    ["SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci", charset("utf8mb4")],
    ["SET NAMES utf8", charset("utf8")],
    [
      "SET CHARACTER SET utf8mb4",
      charset("utf8mb4").filter((effect) => effect.kind === "characterSet" && effect.of !== "connection"),
    ],
    [
      "set autocommit=1, sql_mode = concat(@@sql_mode,',STRICT_TRANS_TABLES')",
      [
        { kind: "autocommit", on: true },
        { kind: "sqlMode", change: "add", modes: ["STRICT_TRANS_TABLES"] },
      ],
    ],
    ["SET SESSION SQL_AUTO_IS_NULL=0", [variable("sql_auto_is_null", "0")]],
    ["SET time_zone = '+00:00'", [variable("time_zone", "+00:00")]],
    ["SET collation_connection = 'utf8mb4_general_ci'", [variable("collation_connection", "utf8mb4_general_ci")]],
    ["SET character_set_server = 'utf8mb4'", [variable("character_set_server", "utf8mb4")]],
    ["SET character_set_results = NULL", [{ kind: "characterSet", of: "results", characterSet: null }]],
    ["SET net_write_timeout=600", [variable("net_write_timeout", "600")]],
    ["SET @@session.transaction_isolation = 'READ-COMMITTED'", [variable("transaction_isolation", "READ-COMMITTED")]],
    ["SET SESSION max_execution_time = 2000", [{ kind: "timeLimit", milliseconds: 2000 }]],
    ["SET max_statement_time = 1.5", [{ kind: "timeLimit", milliseconds: 1500 }]],
    [
      "SET sql_mode = 'STRICT_ALL_TABLES,no_zero_date'",
      [{ kind: "sqlMode", change: "set", modes: ["STRICT_ALL_TABLES", "NO_ZERO_DATE"] }],
    ],
    ["SET sql_mode = ''", [{ kind: "sqlMode", change: "set", modes: [] }]],
    [
      "SET SESSION sql_mode=(SELECT REPLACE(@@sql_mode,'ONLY_FULL_GROUP_BY',''))",
      [{ kind: "sqlMode", change: "remove", modes: ["ONLY_FULL_GROUP_BY"] }],
    ],
    [
      "SET sql_mode = CONCAT('STRICT_TRANS_TABLES,', @@session.sql_mode)",
      [{ kind: "sqlMode", change: "add", modes: ["STRICT_TRANS_TABLES"] }],
    ],
    ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", []],
    ["SET SESSION TRANSACTION READ ONLY", []],
    ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE", []],
    ["START TRANSACTION", [{ kind: "transaction", state: "begun" }]],
    ["START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", [{ kind: "transaction", state: "begun" }]],
    ["BEGIN", [{ kind: "transaction", state: "begun" }]],
    ["COMMIT", [{ kind: "transaction", state: "committed" }]],
    ["ROLLBACK", [{ kind: "transaction", state: "rolled_back" }]],
    ["COMMIT AND CHAIN", [{ kind: "transaction", state: "chained" }]],
    ["COMMIT WORK AND NO CHAIN NO RELEASE", [{ kind: "transaction", state: "committed" }]],
    ["SET @x=1", [{ kind: "userVariable", name: "x" }]],
    [
      "SET @a=3,@B:='x'",
      [
        { kind: "userVariable", name: "a" },
        { kind: "userVariable", name: "b" },
      ],
    ],
    ["SAVEPOINT sp", []],
    ["ROLLBACK TO SAVEPOINT sp", []],
    ["RELEASE SAVEPOINT `sp`", []],
  ])("%s", (sql, expected) => {
    expect(effects(sql)).toEqual(expected);
  });

  it("what only steers session tracking stays with the gateway, which needs the whole of it itself", () => {
    expect(utility("SET session_track_schema= ON")).toMatchObject({ kind: "housekeeping", forward: "nothing" });
    expect(
      utility("SET autocommit=1, session_track_system_variables='auto_increment_increment', time_zone='UTC'"),
    ).toMatchObject({
      kind: "housekeeping",
      forward: { text: "SET autocommit=1, time_zone='UTC'" },
    });
    expect(utility("SET autocommit=1")).toMatchObject({ forward: "statement" });
  });
});

describe("every other SET is refused and names the variable", () => {
  it.each([
    ["MODE-05: a mode assembled at run time", "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_', 'QUOTES')", "sql_mode"],
    ["MODE-06: a mode as a number", "SET SESSION sql_mode = 4", "sql_mode"],
    ["MODE-07: NO_BACKSLASH_ESCAPES", "SET sql_mode = 'NO_BACKSLASH_ESCAPES'", "sql_mode"],
    ["MODE-13: a combination mode with :=", "SET @@session.sql_mode := 'ANSI'", "sql_mode"],
    ["MODE-14: ANSI_QUOTES", "SET sql_mode = 'ANSI_QUOTES'", "sql_mode"],
    ["PIPES_AS_CONCAT among harmless ones", "SET sql_mode = 'NO_ZERO_DATE,PIPES_AS_CONCAT'", "sql_mode"],
    ["IGNORE_SPACE", "SET sql_mode = 'IGNORE_SPACE'", "sql_mode"],
    ["HIGH_NOT_PRECEDENCE", "SET sql_mode = 'HIGH_NOT_PRECEDENCE'", "sql_mode"],
    [
      "a mode without its comma, which grows onto the last one",
      "SET sql_mode = CONCAT(@@sql_mode, 'NO_ZERO_DATE')",
      "sql_mode",
    ],
    ["a piece of a mode cut out", "SET sql_mode = REPLACE(@@sql_mode, 'NO_', '')", "sql_mode"],
    ["a mode from a variable", "SET sql_mode = @m", "sql_mode"],
    ["a mode from a subquery", "SET sql_mode = (SELECT x FROM t)", "sql_mode"],
    ["MODE-01: a multi-byte character set", "SET NAMES gbk", "utf8mb4"],
    ["a collation behind CHARACTER SET", "SET CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "utf8mb4"],
    ["NAMES DEFAULT", "SET NAMES DEFAULT", "utf8mb4"],
    ["NAMES binary", "SET NAMES binary", "utf8mb4"],
    ["a collation of another character set", "SET NAMES utf8mb4 COLLATE latin1_bin", "utf8mb4"],
    ["character_set_client", "SET character_set_client = sjis", "character_set_client"],
    ["ADMIN-33: sql_log_bin", "SET SESSION sql_log_bin = 0", "sql_log_bin"],
    ["ADMIN-34: foreign_key_checks", "SET FOREIGN_KEY_CHECKS = 0", "foreign_key_checks"],
    ["STMT-10: the optimizer trace", "SET optimizer_trace = 'enabled=on'", "optimizer_trace"],
    ["sql_auto_is_null on", "SET sql_auto_is_null = 1", "sql_auto_is_null"],
    ["a harmless variable with an expression", "SET time_zone = (SELECT 1)", "time_zone"],
    ["a harmless variable with a function", "SET net_write_timeout = SLEEP(1)", "net_write_timeout"],
    ["a second assignment that is not harmless", "SET autocommit = 1, timestamp = 5", "timestamp"],
    ["PREP-02: a user variable", "SET @q = CONCAT('SEL', 'ECT 1')", "user variable"],
    ["VAR-08: with :=", "SET @x := (SELECT ssn FROM customers WHERE id = 1)", "user variable"],
    ["TIME-06: a user variable behind a setting", "SET autocommit = 1, @x = SLEEP(0.6)", "user variable"],
    ["a trigger's row", "SET NEW.a = 1", "not understood"],
    ["a value bound later", "SET autocommit = ?", "autocommit"],
  ])("%s", (_name, sql, message) => {
    expect(effects(sql)).toContain(message);
  });

  it.each([
    "SET GLOBAL max_connect_errors = 1",
    "SET PERSIST x = 1",
    "SET STATEMENT max_statement_time = 5 FOR SELECT 1",
    "SET ROLE NONE",
    "SET sql_mode = CONCAT(@@global.sql_mode, ',NO_ZERO_DATE')",
  ])("%s is of another class and no utility statement", (sql) => {
    expect(utility(sql)).toBeNull();
  });

  it.each([
    "COMMIT RELEASE",
    "COMMIT AND CHAIN x",
    "BEGIN WORK x",
    "START TRANSACTION READ",
    "SAVEPOINT",
    "ROLLBACK TO",
    "SET TRANSACTION READ COMMITTED",
  ])("%s is refused", (sql) => {
    const read = utility(sql);
    expect(read === null || read.kind === "refused").toBe(true);
  });
});

describe("what drivers ask about the session is housekeeping", () => {
  it.each([
    "SELECT 1",
    "SELECT 1+1 AS result",
    "select @@version_comment limit 1",
    "SELECT @@max_allowed_packet,@@system_time_zone,@@time_zone,@@auto_increment_increment",
    "SELECT @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client",
    "SELECT VERSION() as `version`",
    "select version() as version",
    "SELECT DATABASE()",
    "select connection_id()",
    "SELECT @@tx_isolation",
    "SELECT @@transaction_isolation",
    "SELECT @@sql_mode",
    "SELECT @@lower_case_table_names",
    "SELECT 'VARCHAR' AS TYPE_NAME, 12 AS DATA_TYPE, NULL AS x UNION ALL SELECT 'INT', -4, NULL",
    "SELECT CURRENT_USER",
    "SELECT LAST_INSERT_ID()",
    "SELECT 1 FROM DUAL",
    "SELECT DATABASE() d, @x x, USER() u",
  ])("%s", (sql) => {
    expect(utility(sql)).toEqual({ kind: "housekeeping", class: "select", effects: [], forward: "statement" });
  });

  it.each([
    "SELECT ssn",
    "SELECT 1 FROM customers",
    "SELECT SLEEP(1)",
    "SELECT VERSION ()",
    "SELECT LAST_INSERT_ID(5)",
    "SELECT (SELECT ssn FROM customers)",
    "SELECT @@datadir",
    "SELECT @@global.secure_file_priv",
    "SELECT @@hostname",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT 1 INTO @x",
    "SELECT 1 PROCEDURE ANALYSE()",
    "SELECT 1 UNION SELECT ssn FROM customers",
    "SELECT 1, (2)",
    "SELECT @x := 1",
    "SELECT 1 AS",
    "SELECT USER",
  ])("%s is left to the analysis", (sql) => {
    expect(utility(sql)).toBeNull();
  });
});

describe("metadata statements name what they are about", () => {
  it.each([
    ["SHOW DATABASES", "null"],
    ["SHOW SCHEMAS LIKE 'sh%'", "null"],
    ["SHOW TABLES", "shop"],
    ["SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'", "shop"],
    ["SHOW FULL TABLES FROM `shop_public` LIKE 'c%'", "shop_public"],
    ["SHOW TABLE STATUS FROM shop LIKE 'orders'", "shop"],
    ["SHOW TRIGGERS FROM shop", "shop"],
    ["SHOW COLUMNS FROM customers", "shop.customers"],
    ["SHOW FULL COLUMNS FROM `customers` FROM `other`", "other.customers"],
    ["SHOW FULL FIELDS IN other.customers LIKE 'n%'", "other.customers"],
    ["SHOW INDEX FROM orders", "shop.orders"],
    ["SHOW KEYS FROM orders FROM shop WHERE Key_name = 'PRIMARY'", "shop.orders"],
    ["SHOW CREATE TABLE shop.orders", "shop.orders"],
    ["SHOW CREATE VIEW v_people", "shop.v_people"],
    ["SHOW CREATE DATABASE IF NOT EXISTS shop", "shop"],
    ["SHOW VARIABLES LIKE 'lower_case_%'", "null"],
    ["SHOW VARIABLES WHERE Variable_name = 'language' OR Variable_name = 'net_write_timeout'", "null"],
    ["SHOW VARIABLES WHERE Variable_name IN ('a', 'b') AND Value <> ''", "null"],
    ["SHOW SESSION STATUS LIKE 'Ssl_cipher'", "null"],
    ["SHOW GLOBAL VARIABLES LIKE 'version'", "null"],
    ["SHOW ENGINES", "null"],
    ["SHOW COLLATION WHERE Charset = 'utf8mb4'", "null"],
    ["SHOW CHARACTER SET", "null"],
    ["SHOW GRANTS", "null"],
    ["SHOW GRANTS FOR CURRENT_USER()", "null"],
    ["SHOW PROCEDURE STATUS WHERE Db = 'shop'", "shop"],
    ["SHOW WARNINGS", "warnings"],
    ["SHOW ERRORS LIMIT 5, 10", "warnings"],
    ["DESCRIBE orders", "shop.orders"],
    ["DESC other.orders id", "other.orders"],
    ["EXPLAIN orders 'i%'", "shop.orders"],
  ])("%s", (sql, expected) => {
    expect(objects(sql)).toBe(expected);
  });

  it.each([
    ["ALLOW-14: a subquery in a filter", "SHOW DATABASES WHERE (SELECT ssn FROM customers WHERE id = 1) LIKE '1%'"],
    [
      "STMT-04: one in SHOW COLUMNS",
      "SHOW COLUMNS FROM products WHERE (SELECT ssn FROM customers WHERE id = 1) LIKE '1%'",
    ],
    ["a subquery behind a plain condition", "SHOW TABLES WHERE Table_type = 'x' OR (SELECT 1)"],
    ["a function in a filter", "SHOW TABLES WHERE SLEEP(1) = 'x'"],
    ["a comparison of a word with a subquery", "SHOW TABLES WHERE Table_type = (SELECT 1)"],
    ["a filter that goes on", "SHOW TABLES LIKE 'x' OR 1"],
    ["ALLOW-23: the binary log", "SHOW BINLOG EVENTS LIMIT 40"],
    ["the binary logs", "SHOW BINARY LOGS"],
    ["the process list", "SHOW FULL PROCESSLIST"],
    ["engine status, which prints rows", "SHOW ENGINE INNODB STATUS"],
    ["ALLOW-33: grants of an account", "SHOW GRANTS FOR 'gw_agent'@'%'"],
    ["a routine's definition", "SHOW CREATE PROCEDURE p"],
    ["an account's definition", "SHOW CREATE USER u"],
    ["routines of every schema", "SHOW PROCEDURE STATUS"],
    ["routines of one schema or another", "SHOW PROCEDURE STATUS WHERE Db = 'shop' OR Db = 'x'"],
    ["profiles", "SHOW PROFILES"],
    ["open tables", "SHOW OPEN TABLES"],
    ["two parts in FROM", "SHOW COLUMNS FROM a.b FROM c"],
    ["full index", "SHOW FULL INDEX FROM t"],
    ["something after the end", "SHOW ENGINES x"],
    ["DESCRIBE with more than a column", "DESCRIBE t a b"],
    ["USE with more than a name", "USE a b"],
    ["EXPLAIN of another connection", "EXPLAIN FOR CONNECTION 5"],
    ["EXPLAIN into a variable", "EXPLAIN FORMAT=JSON INTO @v SELECT 1"],
    ["EXPLAIN in an unknown format", "EXPLAIN FORMAT=x SELECT 1"],
    ["KILL of an expression", "KILL (SELECT 1)"],
    ["KILL of a user", "KILL USER root"],
  ])("%s is refused", (_name, sql) => {
    expect(utility(sql)?.kind).toBe("refused");
  });

  it("without a selected schema the statement must name one", () => {
    expect(objects("SHOW TABLES", null)).toMatch(/^refused: no schema is selected/);
    expect(objects("DESCRIBE orders", null)).toMatch(/^refused: no schema is selected/);
    expect(objects("SHOW COLUMNS FROM orders", null)).toMatch(/^refused: no schema is selected/);
    expect(objects("SHOW COLUMNS FROM shop.orders", null)).toBe("shop.orders");
  });
});

describe("wrappers and single-purpose statements", () => {
  it("STMT-20: DESCRIBE SELECT is EXPLAIN, and the statement inside is read by itself", () => {
    const result = lexText("DESCRIBE SELECT ssn FROM customers", "mysql");
    if (!result.ok) throw new Error(result.reason);
    expect(readUtility(result.lexed, "shop")).toEqual({ kind: "explain", class: "explain", from: 1 });
    const inner = innerStatement(result.lexed, 1);
    expect(inner.ok && inner.lexed.tokens.map((token) => token.text)).toEqual(["SELECT", "ssn", "FROM", "customers"]);
  });

  it("EXPLAIN options are skipped", () => {
    expect(utility("EXPLAIN FORMAT = JSON UPDATE t SET a = 1")).toEqual({ kind: "explain", class: "explain", from: 4 });
    expect(utility("EXPLAIN EXTENDED (SELECT 1)")).toEqual({ kind: "explain", class: "explain", from: 2 });
  });

  it.each([
    "EXPLAIN ANALYZE SELECT 1",
    "ANALYZE SELECT 1",
    "CHECKSUM TABLE t",
    "HANDLER t OPEN",
    "XA START 'x'",
    "UPDATE t SET a = 1",
  ])("%s is no utility statement", (sql) => {
    expect(utility(sql)).toBeNull();
  });

  it("USE names its schema", () => {
    expect(utility("USE `shop_public`")).toEqual({ kind: "use", class: "use", schema: "shop_public" });
  });

  it("KILL names the connection and whether only its query ends", () => {
    expect(utility("KILL QUERY 17")).toEqual({ kind: "kill", class: "kill", connectionId: 17, query: true });
    expect(utility("kill 18")).toEqual({ kind: "kill", class: "kill", connectionId: 18, query: false });
  });

  it("the probe of the MySQL 9 client is known by its bytes alone", () => {
    expect(isDollarProbe(Buffer.from("select $$"))).toBe(true);
    expect(isDollarProbe(Buffer.from("select $$ "))).toBe(false);
    expect(isDollarProbe(Buffer.from("select $$ssn$$"))).toBe(false);
  });

  it("information_schema is open only where it describes schemas", () => {
    expect(isSafeInformationSchemaTable("COLUMNS")).toBe(true);
    for (const table of [
      "PROCESSLIST",
      "OPTIMIZER_TRACE",
      "COLUMN_STATISTICS",
      "INNODB_BUFFER_PAGE",
      "USER_PRIVILEGES",
      "PROFILING",
      "constructor",
    ]) {
      expect(isSafeInformationSchemaTable(table)).toBe(false);
    }
  });
});
