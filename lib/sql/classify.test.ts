import { describe, expect, it } from "vitest";
import { statementClass } from "./classify";
import { lexText } from "./lexer";
import { groupOf, STATEMENT_CLASSES, STATEMENT_GROUPS, type StatementClass } from "./taxonomy";
import type { Dialect } from "./token";

function classOf(sql: string, dialect: Dialect = "mysql"): StatementClass | null {
  const result = lexText(sql, dialect);
  if (!result.ok) throw new Error(`${sql}: ${result.reason} at ${result.at}`);
  return statementClass(result.lexed.tokens);
}

describe("the taxonomy", () => {
  it("puts every class into exactly one group", () => {
    expect(new Set(STATEMENT_CLASSES).size).toBe(STATEMENT_CLASSES.length);
    expect(Object.values(STATEMENT_GROUPS).flat().toSorted()).toEqual([...STATEMENT_CLASSES].toSorted());
    expect(groupOf("truncate")).toBe("ddl");
    expect(groupOf("handler")).toBe("admin");
  });

  it("has no group that is called like a class", () => {
    expect(STATEMENT_CLASSES.filter((one) => one in STATEMENT_GROUPS)).toEqual([]);
  });
});

describe("the class of a statement", () => {
  it.each<[string, StatementClass | null]>([
    ["SELECT 1", "select"],
    ["(SELECT ssn FROM customers)", "select"],
    ["((SELECT 1) UNION (SELECT 2))", "select"],
    ["(1)", null],
    ["WITH x AS (SELECT 1) SELECT * FROM x", "select"],
    ["WITH x AS (SELECT 1) (SELECT * FROM x)", "select"],
    ["WITH x AS (SELECT id FROM c) UPDATE scratch JOIN x USING (id) SET txt = 1", "update"],
    ["WITH RECURSIVE r AS (SELECT 1) DELETE FROM t", "delete"],
    ["TABLE customers", "table"],
    ["VALUES ROW(1, 2)", "values"],
    ["INSERT INTO t VALUES (1)", "insert"],
    ["REPLACE INTO t VALUES (1)", "replace"],
    ["UPDATE t SET a = 1", "update"],
    ["DELETE FROM t", "delete"],
    ["CALL p()", "call"],
    ["TRUNCATE scratch", "truncate"],
    ["CREATE TABLE t (a INT)", "create_table"],
    ["CREATE OR REPLACE TEMPORARY TABLE t (a INT)", "create_table"],
    ["CREATE UNIQUE INDEX i ON t (a)", "create_index"],
    ["CREATE ALGORITHM = MERGE DEFINER = 'a'@'%' SQL SECURITY DEFINER VIEW v AS SELECT 1", "create_view"],
    ["CREATE DEFINER = CURRENT_USER() PROCEDURE p1() SELECT 1", "create_routine"],
    ["CREATE AGGREGATE FUNCTION f RETURNS INTEGER SONAME 'x.so'", "create_routine"],
    ["CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1", "create_trigger"],
    ["CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t", "create_event"],
    ["CREATE DATABASE d", "create_schema"],
    ["CREATE USER 'evil'@'%' IDENTIFIED BY ''", "account"],
    ["CREATE ROLE r", "account"],
    ["CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')", "server"],
    ["CREATE UNDO TABLESPACE u ADD DATAFILE 'u.ibu'", "tablespace"],
    ["CREATE SOMETHING new", null],
    ["ALTER TABLE customers CHANGE ssn nickname CHAR(11)", "alter_table"],
    ["ALTER INSTANCE ROTATE INNODB MASTER KEY", "server"],
    ["ALTER INDEX i", null],
    ["ALTER USER u IDENTIFIED BY 'x'", "account"],
    ["DROP TABLE scratch", "drop_table"],
    ["DROP TEMPORARY TABLE scratch", "drop_table"],
    ["DROP PREPARE s", "prepared_text"],
    ["DROP DATABASE shop", "drop_schema"],
    ["RENAME TABLE a TO b", "rename_table"],
    ["RENAME USER a TO b", "account"],
    ["GRANT ALL ON *.* TO u", "account"],
    ["SET PASSWORD = 'x'", "account"],
    ["SET ROLE NONE", "account"],
    ["SET DEFAULT ROLE r TO u", "account"],
    ["SET GLOBAL max_connect_errors = 12345", "set_global"],
    ["SET @a = 1, GLOBAL max_connect_errors = 12345", "set_global"],
    ["SET PERSIST max_connect_errors = 12345", "set_global"],
    ["SET @@global.general_log = 'ON'", "set_global"],
    ["SET @@persist_only.x = 1", "set_global"],
    ["SET GLOBAL TRANSACTION READ ONLY", "set_global"],
    ["SET SESSION TRANSACTION READ ONLY", "set_transaction"],
    ["SET STATEMENT max_statement_time = 5 FOR SELECT ssn FROM customers", "set_statement"],
    ["SET autocommit = 1", "set"],
    ["BEGIN", "begin"],
    ["BEGIN WORK", "begin"],
    ["BEGIN NOT ATOMIC SELECT 1", "compound"],
    ["START TRANSACTION READ ONLY", "begin"],
    ["START SLAVE", "replication"],
    ["STOP REPLICA", "replication"],
    ["CHANGE MASTER TO MASTER_HOST = 'h'", "replication"],
    ["COMMIT", "commit"],
    ["ROLLBACK", "rollback"],
    ["ROLLBACK WORK TO SAVEPOINT a", "savepoint"],
    ["RELEASE SAVEPOINT a", "savepoint"],
    ["PREPARE s FROM @q", "prepared_text"],
    ["EXECUTE IMMEDIATE 'SELECT 1'", "prepared_text"],
    ["DEALLOCATE PREPARE s", "prepared_text"],
    ["HANDLER t OPEN", "handler"],
    ["DO SLEEP(1)", "do"],
    ["LOAD DATA INFILE '/etc/passwd' INTO TABLE t", "load_data"],
    ["LOAD XML LOCAL INFILE 'x' INTO TABLE t", "load_data"],
    ["LOAD INDEX INTO CACHE t", "index_cache"],
    ["ANALYZE TABLE t", "table_maintenance"],
    ["ANALYZE LOCAL TABLE t", "table_maintenance"],
    ["ANALYZE DELETE FROM scratch", "explain_analyze"],
    ["ANALYZE FORMAT=JSON SELECT 1", "explain_analyze"],
    ["EXPLAIN ANALYZE SELECT 1", "explain_analyze"],
    ["CHECKSUM TABLE customers", "table_maintenance"],
    ["EXPLAIN SELECT 1", "explain"],
    ["EXPLAIN (SELECT 1)", "explain"],
    ["EXPLAIN FORMAT=TREE SELECT 1", "explain"],
    ["EXPLAIN FOR CONNECTION 5", "explain"],
    ["DESCRIBE SELECT 1", "explain"],
    ["DESC orders", "describe"],
    ["EXPLAIN orders", "describe"],
    ["DESCRIBE format", "describe"],
    ["SHOW TABLES", "show"],
    ["HELP 'select'", "help"],
    ["USE shop", "use"],
    ["KILL 5", "kill"],
    ["FLUSH TABLES", "flush"],
    ["RESET MASTER", "reset"],
    ["PURGE BINARY LOGS BEFORE NOW()", "purge"],
    ["LOCK TABLES t READ", "lock"],
    ["UNLOCK TABLES", "lock"],
    ["XA START 'x1'", "xa"],
    ["INSTALL PLUGIN p SONAME 'x.so'", "plugin"],
    ["CLONE LOCAL DATA DIRECTORY = '/x'", "clone"],
    ["SIGNAL SQLSTATE '45000'", "diagnostics"],
    ["GET DIAGNOSTICS @p = NUMBER", "diagnostics"],
    ["SHUTDOWN", "shutdown"],
    ["IMPORT TABLE FROM 'x'", "import_table"],
    ["BINLOG 'x'", "binlog"],
    ["FROBNICATE x", null],
    ["constructor", null],
    ["'SELECT'", null],
    ["`SELECT` 1", null],
    ["DELIMITER x", null],
  ])("%s is %s", (sql, expected) => {
    expect(classOf(sql)).toBe(expected);
  });

  it("a verb inside a common table expression does not decide", () => {
    expect(classOf("WITH `delete` AS (SELECT 1 FROM t), b AS (SELECT 2) SELECT 1")).toBe("select");
  });
});
