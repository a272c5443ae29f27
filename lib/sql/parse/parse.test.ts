import { describe, expect, it } from "vitest";
import { lexText } from "../lexer";
import type { SelectBlock } from "../model";
import type { Dialect, Lexed } from "../token";
import { INLINE_CHARACTERS, parse, prepare } from "./parse";
import { parseText } from "./parser";

function lexed(sql: string, dialect: Dialect = "mariadb"): Lexed {
  const result = lexText(sql, dialect);
  if (!result.ok) throw new Error(`${result.reason}: ${sql}`);
  return result.lexed;
}

/** "ok", or the code of the refusal: the lexer's reason or the parser's code. */
function outcome(sql: string, dialect: Dialect = "mariadb"): string {
  const result = lexText(sql, dialect);
  if (!result.ok) return result.reason;
  const parsed = parse(result.lexed);
  return "ok" in parsed ? parsed.code : "ok";
}

function block(sql: string): SelectBlock {
  const parsed = parse(lexed(sql));
  if ("ok" in parsed || parsed.statement.kind !== "select") throw new Error(`not a SELECT: ${sql}`);
  const { body } = parsed.statement.query;
  if (body.kind !== "select") throw new Error(`not one SELECT: ${sql}`);
  return body;
}

describe("statements node-sql-parser reads wrongly are read as the server does, or refused", () => {
  it.each([
    ["executable comments", "SELECT name /*!, ssn */ FROM customers"],
    ["executable comments with a version", "SELECT name /*!50000, ssn */ FROM customers"],
    ["executable comments of MariaDB", "SELECT name /*M!, ssn */ FROM customers"],
    ["two minus signs that are no comment", "SELECT 1--1, (SELECT ssn FROM customers)"],
    ["a comment that a carriage return does not end", "DELETE FROM t -- \r WHERE id=1"],
    ["a number glued to FROM", "SELECT ssn,1e0FROM customers"],
    ["a character set introducer", "SELECT _latin1'abc' FROM t"],
    ["optimizer hints", "SELECT /*+ SET_VAR(sql_mode='') */ 1"],
    ["a name that begins with a dollar", "SELECT $t.ssn FROM customers $t"],
    ["a subquery in SHOW", "SHOW DATABASES WHERE (SELECT ssn FROM customers) LIKE '1%'"],
    ["an assignment in an expression", "SELECT @x := ssn FROM customers"],
    ["a user variable compared by a JSON operator", "SELECT @a<@b, ssn FROM customers"],
  ])("%s", (_, sql) => {
    const result = outcome(sql);
    if (result === "ok") expect(block(sql).items).toHaveLength(2);
    else expect(result).not.toBe("ok");
  });

  it("an alias literal with an escaped quote ends where the server ends it", () => {
    const items = block("SELECT id AS 'x\\' , ' , ssn , ' -- '\n FROM customers").items;
    expect(items.map((item) => item.kind === "expression" && item.name)).toEqual(["x' , ", "ssn", null]);
  });

  it("HIGH_PRIORITY and DISTINCTROW are modifiers, not columns", () => {
    expect(block("SELECT HIGH_PRIORITY ssn FROM customers").items).toMatchObject([{ name: "ssn" }]);
    expect(block("SELECT DISTINCTROW ssn FROM customers")).toMatchObject({ distinct: true, items: [{ name: "ssn" }] });
  });

  it("GO after a table is its alias, not the end of a batch", () => {
    expect(block("SELECT ssn FROM customers GO").from).toMatchObject({ kind: "table", alias: "GO" });
  });

  it("ORDER BY behind a parenthesised query is kept", () => {
    const { from } = block("SELECT * FROM ((SELECT name, ssn FROM customers LIMIT 5) ORDER BY ssn DESC) d");
    expect(from).toMatchObject({ kind: "derived", query: { orderBy: [{ descending: true }] } });
  });

  it("AND binds tighter than XOR, XOR tighter than OR, and NOT looser than comparison", () => {
    expect(block("SELECT 1 FROM t WHERE NOT a = 1 AND b OR c XOR d AND e").where).toMatchObject({
      operator: "OR",
      left: { operator: "AND", left: { kind: "not", operand: { operator: "=" } } },
      right: { operator: "XOR", right: { operator: "AND" } },
    });
  });

  it("|| is OR, and refused where the session takes it for concatenation", () => {
    expect(block("SELECT 1 FROM t WHERE a = 1 || b = 2 && c = 3").where).toMatchObject({
      operator: "OR",
      right: { operator: "AND" },
    });
    const { tokens, literals } = lexed("SELECT a || b FROM t");
    expect(parse({ tokens, literals, pipesAsConcat: true })).toMatchObject({ ok: false, code: "UNSUPPORTED" });
  });

  it("INTERSECT binds tighter than UNION and EXCEPT", () => {
    const parsed = parse(lexed("SELECT 1 UNION SELECT 2 EXCEPT SELECT 3 INTERSECT SELECT 4"));
    expect(parsed).toMatchObject({
      statement: {
        query: {
          body: {
            operator: "except",
            left: { body: { operator: "union" } },
            right: { body: { operator: "intersect" } },
          },
        },
      },
    });
  });

  it("a table in a nested join and a name of any spelling are never lost", () => {
    const { from } = block("SELECT `a``b`.x FROM p JOIN (o JOIN `a``b` ON 1 = 1) ON 2 = 2");
    expect(from).toMatchObject({ right: { right: { name: { name: "a`b" } } } });
  });

  it.each([
    "SELECT ssn FROM customers PROCEDURE ANALYSE()",
    "SELECT * FROM t FOR SYSTEM_TIME ALL",
    "SELECT NEXT VALUE FOR s1",
    "VALUES (1, 2)",
    "SELECT 1 FROM t1 JOIN t2 JOIN t3 ON 1 = 1 ON 2 = 2",
    "SELECT",
    "SELECT FROM t",
    "SELECT 1 FROM",
    "SELECT a b c FROM t",
    "SELECT 1 UNION",
    "SELECT (1",
    "SELECT * FROM (SELECT 1)",
    "HANDLER t OPEN",
    "CREATE TABLE t (a INT) DATA DIRECTORY='/tmp'",
    "CREATE TABLE t (a INT) ENGINE=FEDERATED CONNECTION='mysql://x'",
    "CREATE TABLE t (a INT DEFAULT (SELECT ssn FROM customers))",
    "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE customers",
    "ALTER TABLE t ORDER BY ssn",
    "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1",
    "CREATE DEFINER = root VIEW v AS SELECT 1",
    "LOAD DATA INFILE 'x' INTO TABLE t",
    "INSERT INTO t VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a",
    "DELETE FROM t WHERE a = 1 GROUP BY b",
    "UPDATE t SET a = 1, FROM x",
  ])("%s is refused", (sql) => {
    expect(outcome(sql)).not.toBe("ok");
  });
});

describe("what agents, drivers and reporting tools send is understood", () => {
  it.each([
    "SELECT ALL id FROM t",
    "SELECT STRAIGHT_JOIN SQL_CALC_FOUND_ROWS id FROM t STRAIGHT_JOIN u",
    "SELECT id FROM t USE INDEX (a, b) IGNORE KEY FOR ORDER BY (PRIMARY) WHERE a <=> NULL",
    "SELECT a FROM t NATURAL LEFT JOIN u",
    "SELECT STD(a), VARIANCE(a), SUM(DISTINCT a), BIT_XOR(a), ANY_VALUE(a) FROM t",
    "SELECT CURRENT_USER, CURRENT_TIMESTAMP, UTC_DATE, LOCALTIME, CURRENT_DATE()",
    "SELECT SUM(a) OVER w, RANK() OVER (w ORDER BY b) FROM t WINDOW w AS (PARTITION BY c)",
    "SELECT SUM(a) OVER (ORDER BY b RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND UNBOUNDED FOLLOWING) FROM t",
    "SELECT LAG(a, 1, 0) RESPECT NULLS OVER (ORDER BY b) FROM t",
    "SELECT a FROM t FOR SHARE OF t NOWAIT",
    "SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00', x'41', b'1', 0x1f, 1e5, .5",
    "SELECT MATCH(a, b) AGAINST (? IN NATURAL LANGUAGE MODE WITH QUERY EXPANSION) FROM t",
    "SELECT 'a' MEMBER OF (j), j->>'$.x' FROM t",
    "SELECT GROUP_CONCAT(DISTINCT a, b ORDER BY c DESC, d SEPARATOR '; ') FROM t",
    "SELECT TIMESTAMPADD(SQL_TSI_DAY, 1, a), GET_FORMAT(DATE, 'USA'), WEIGHT_STRING(a AS CHAR(3)) FROM t",
    "SELECT CAST(a AS DECIMAL(10, 2)), CONVERT(a, CHAR(3) CHARACTER SET latin1), CAST(a AS UNSIGNED INTEGER) FROM t",
    "SELECT INTERVAL(23, 1, 15, 17), INTERVAL (a + 1) DAY + b FROM t",
    "SELECT * FROM ((a JOIN b ON a.x = b.x) LEFT JOIN c ON c.x = a.x) WHERE 1 = 1",
    "SELECT * FROM a LEFT JOIN ((SELECT 1 AS x) d JOIN c ON c.x = d.x) USING (x)",
    "((SELECT 1) UNION (SELECT 2)) ORDER BY 1 LIMIT 1",
    "(SELECT 1 UNION ALL SELECT 2) UNION SELECT 3",
    "WITH a AS (SELECT 1) (SELECT * FROM a) UNION ALL (SELECT 2 LIMIT 1)",
    "SELECT a FROM t GROUP BY a DESC WITH ROLLUP",
    "SELECT a = 1 IS NULL, a LIKE b || c, a IN (1, b + 1, (SELECT 2)), NOT EXISTS (SELECT 1) FROM t",
    "SELECT a AS 'quoted', b 'implicit', c `ticked` FROM t",
    "SELECT 1 FROM DUAL WHERE TRUE",
    "INSERT INTO t () VALUES ()",
    "INSERT HIGH_PRIORITY IGNORE t SELECT * FROM u ON DUPLICATE KEY UPDATE a = VALUES(a)",
    "INSERT INTO t (a) (SELECT 1)",
    "INSERT INTO t (a) WITH x AS (SELECT 1 AS a) SELECT a FROM x",
    "UPDATE t SET a = DEFAULT, b = CASE WHEN a THEN 1 END WHERE c = 1 ORDER BY d LIMIT 5",
    "DELETE QUICK IGNORE FROM t AS x WHERE x.a = 1",
    "CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v (a) AS SELECT 1 WITH CASCADED CHECK OPTION",
    "CREATE TABLE IF NOT EXISTS t (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, a VARCHAR(20) DEFAULT 'x', KEY (a)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='c'",
    "ALTER TABLE t ADD COLUMN b INT NOT NULL DEFAULT 0 AFTER a, DROP COLUMN c, RENAME COLUMN d TO e",
    "DROP DATABASE IF EXISTS d",
  ])("%s", (sql) => {
    expect(outcome(sql)).toBe("ok");
  });

  it("words that only one server reserves are names on the other", () => {
    expect(outcome("SELECT rank FROM t", "mariadb")).toBe("ok");
    expect(outcome("SELECT rank FROM t", "mysql")).toBe("SYNTAX");
  });
});

describe("the tree the parser makes is believed only when it says exactly what was written", () => {
  const prepared = (sql: string) => {
    const result = prepare(lexed(sql));
    if (!result.ok) throw new Error(result.message);
    return result;
  };
  const tampered = (sql: string, change: (tree: Record<string, unknown>) => void) => {
    const statement = prepared(sql);
    const trees = statement.texts.map((text) => structuredClone(parseText(text)) as Record<string, unknown>);
    for (const tree of trees) change(tree);
    return statement.complete(trees);
  };
  const sql = "SELECT a, b FROM t JOIN u ON t.x = u.x WHERE c = 1 ORDER BY d LIMIT 5";

  it("accepts what it did not change", () => {
    expect(tampered(sql, () => {})).toMatchObject({ statement: { kind: "select" } });
  });

  it.each<[string, (tree: Record<string, unknown>) => void]>([
    ["a select item is lost", (tree) => (tree.columns as unknown[]).pop()],
    ["a table is lost", (tree) => (tree.from as unknown[]).pop()],
    ["WHERE is lost", (tree) => delete tree.where],
    ["ORDER BY is lost", (tree) => delete tree.orderby],
    ["LIMIT is lost", (tree) => delete tree.limit],
    ["the items change places", (tree) => (tree.columns as unknown[]).reverse()],
    ["the tables change places", (tree) => (tree.from as unknown[]).reverse()],
    ["a part appears that no case knows", (tree) => Object.assign(tree, { procedure: { type: "function" } })],
    ["a locking clause appears", (tree) => Object.assign(tree, { locking_read: "FOR UPDATE" })],
    ["INTO appears", (tree) => Object.assign(tree, { into: { position: "end", expr: "x" } })],
    ["it is another kind of statement", (tree) => Object.assign(tree, { type: "delete" })],
    [
      "a join becomes another",
      (tree) => Object.assign((tree.from as Record<string, unknown>[])[1] ?? {}, { join: "LEFT JOIN" }),
    ],
  ])("refuses it when %s", (_, change) => {
    expect(tampered(sql, change)).toMatchObject({ ok: false });
  });

  it("refuses statements too large for the event loop, and names that as the reason", () => {
    const large = `SELECT ${Array.from({ length: INLINE_CHARACTERS / 4 }, () => "a").join(", ")} FROM t`;
    expect(parse(lexed(large))).toMatchObject({ ok: false, code: "TOO_COMPLEX" });
    expect(prepared(large).inline).toBe(false);
  });

  it("keeps long lists of values away from the parser", () => {
    const list = Array.from({ length: 3_000 }, (_, index) => index).join(", ");
    expect(prepared(`SELECT 1 FROM t WHERE a IN (${list})`).inline).toBe(true);
    const rows = Array.from({ length: 1_500 }, (_, index) => `(${index}, 'x', NULL, -1)`).join(", ");
    expect(prepared(`INSERT INTO t VALUES ${rows}`).inline).toBe(true);
  });

  it("refuses deep nesting instead of running out of stack", () => {
    const deep = `SELECT ${"CASE WHEN a THEN ".repeat(200)}1${" END".repeat(200)} FROM t`;
    expect(outcome(deep)).toBe("TOO_COMPLEX");
    expect(outcome(`SELECT ${"NOT ".repeat(5_000)}a FROM t`)).toBe("ok");
    expect(outcome(`SELECT ${"- ".repeat(5_000)}a FROM t`)).toBe("ok");
  });
});
