import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Canonical, canonicalise } from "./canonical";
import { lexText } from "./lexer";
import type { Dialect } from "./token";

function canonical(sql: string, dialect: Dialect = "mysql"): Canonical {
  const result = lexText(sql, dialect);
  if (!result.ok) throw new Error(`${sql}: ${result.reason} at ${result.at}`);
  return canonicalise(result.lexed);
}

describe("the server's text", () => {
  it.each([
    ["SELECT  id,name\nFROM\tt"],
    ["SELECT 'it''s', \"a\"\"b\", `a``b`"],
    ["SELECT 5--(1)"],
    ["SELECT 'a' 'b'"],
    ["SELECT x'41', 0b1, ?, @a, @@sql_mode"],
  ])("is the statement as it came when nothing in it needs rewriting: %j", (sql) => {
    const result = canonical(sql);
    expect(result.unchanged).toBe(true);
    expect(result.server).toBe(sql);
  });

  it.each([
    ["comments become one space", "/* a */ SELECT/*b*/1 -- c", "SELECT 1"],
    ["a comment between touching tokens parts them", "SELECT a/**/b", "SELECT a b"],
    ["a trailing semicolon goes", "SELECT 1;", "SELECT 1"],
    ["an escaped quote is doubled", "SELECT 'it\\'s'", "SELECT 'it''s'"],
    ["double quotes stay double quotes", 'SELECT "a\\"b"', 'SELECT "a""b"'],
    ["a backslash is escaped again", "SELECT 'a\\\\b'", "SELECT 'a\\\\b'"],
    ["an escape without meaning goes", "SELECT '\\u0027'", "SELECT 'u0027'"],
    ["escaped wildcards keep their backslash", "SELECT '\\%\\_'", "SELECT '\\\\%\\\\_'"],
    ["NUL is written as an escape", "SELECT 'a\0b'", "SELECT 'a\\0b'"],
    ["a line feed is written as it is", "SELECT 'a\\nb'", "SELECT 'a\nb'"],
    ["each of several adjacent strings stays one", "SELECT 'a\\'' 'b'", "SELECT 'a''' 'b'"],
    ["an introducer stays", "SELECT _binary'\\0'", "SELECT _binary '\\0'"],
    ["two minus signs are parted, or a removed comment would open another", "SELECT 5--/**/1", "SELECT 5- - 1"],
    ["name( stays touching and name ( stays apart", "SELECT NOW(), NOW/**/()", "SELECT NOW(), NOW ()"],
    ["dots keep what touches them", "SELECT t.a, t /**/. b", "SELECT t.a, t . b"],
    ["a double-quoted string after x does not become hexadecimal", 'SELECT x"\\4\\1"', 'SELECT x"41"'],
  ])("%s", (_name, sql, server) => {
    const result = canonical(sql);
    expect(result.unchanged).toBe(false);
    expect(result.server).toBe(server);
  });
});

describe("the template", () => {
  it.each([
    [
      "values become typed placeholders",
      "select a from t where b = 1 and c = 'x' and d = 1.5 and e = 1e3 and f = x'41' and g = b'1' and h = ?",
      "SELECT a FROM t WHERE b = :i AND c = :s AND d = :d AND e = :f AND f = :x AND g = :b AND h = ?",
    ],
    ["LIMIT and OFFSET hold placeholders", "SELECT a FROM t LIMIT 5, 10", "SELECT a FROM t LIMIT :i, :i"],
    [
      "positions in ORDER BY and GROUP BY are kept",
      "SELECT a, b FROM t GROUP BY 2 ORDER BY 1 DESC, (2), FIELD(a, 3)",
      "SELECT a, b FROM t GROUP BY 2 ORDER BY 1 DESC, (2), FIELD(a, :i)",
    ],
    [
      "JSON paths are kept",
      "SELECT a->'$.x', a->>'$.y', JSON_EXTRACT(a, '$.z'), JSON_SET(a, '$.q', 'v')",
      "SELECT a -> '$.x', a ->> '$.y', JSON_EXTRACT(a, '$.z'), JSON_SET(a, '$.q', :s)",
    ],
    [
      "date formats are kept",
      "SELECT DATE_FORMAT(d, '%Y'), STR_TO_DATE('x', '%d')",
      "SELECT DATE_FORMAT(d, '%Y'), STR_TO_DATE(:s, '%d')",
    ],
    ["interval units are kept, their number is not", "SELECT d + INTERVAL 3 MONTH", "SELECT d + INTERVAL :i MONTH"],
    ["introducers are kept", "SELECT _binary'x'", "SELECT _binary :s"],
    [
      "alias strings are kept",
      "SELECT a AS 'x', b 'y', COUNT(*) \"z\", 1 'one'",
      "SELECT a AS 'x', b 'y', COUNT(*) 'z', :i 'one'",
    ],
    [
      "separators and escape characters are kept",
      "SELECT GROUP_CONCAT(a SEPARATOR '|') FROM t WHERE b LIKE 'x!%' ESCAPE '!'",
      "SELECT GROUP_CONCAT(a SEPARATOR '|') FROM t WHERE b LIKE :s ESCAPE '!'",
    ],
    [
      "SLEEP times, lock names and file names are kept",
      "SELECT SLEEP(5), GET_LOCK('l', 1), LOAD_FILE('/f')",
      "SELECT SLEEP(5), GET_LOCK('l', 1), LOAD_FILE('/f')",
    ],
    [
      "files are kept",
      "SELECT a INTO OUTFILE '/tmp/x' FIELDS TERMINATED BY ',' FROM t",
      "SELECT a INTO OUTFILE '/tmp/x' FIELDS TERMINATED BY ',' FROM t",
    ],
    [
      "lengths of types are kept",
      "SELECT CAST(a AS CHAR(10)), CAST(b AS DECIMAL(5,2))",
      "SELECT CAST(a AS CHAR(10)), CAST(b AS DECIMAL(5, 2))",
    ],
    [
      "frames are kept",
      "SELECT SUM(a) OVER (ORDER BY b ROWS 2 PRECEDING)",
      "SELECT SUM(a) OVER (ORDER BY b ROWS 2 PRECEDING)",
    ],
    ["SET values are kept", "SET max_connect_errors = 5, x = 'y'", "SET max_connect_errors = 5, x = 'y'"],
    ["PREPARE texts are kept", "PREPARE s FROM 'SELECT 1'", "PREPARE s FROM 'SELECT 1'"],
    ["comments and white space do not matter", "/* a */select  a\nfrom t -- b", "SELECT a FROM t"],
    ["the spelling of names does", "SELECT A FROM T", "SELECT A FROM T"],
    ["a name in back quotes stays so", "SELECT `select` FROM t", "SELECT `select` FROM t"],
    ["two minus signs do not become a comment", "SELECT 5--1", "SELECT :i - - :i"],
    ["name( and name ( differ", "SELECT NOW(), NOW ()", "SELECT NOW(), NOW ()"],
  ])("%s", (_name, sql, template) => {
    expect(canonical(sql).template).toBe(template);
  });

  it("is never truncated, and its hash is its SHA-256", () => {
    const long = canonical(`SELECT ${Array.from({ length: 3000 }, (_, at) => `column_${at}`).join(", ")} FROM t`);
    expect(long.template).toContain("column_2999 FROM t");
    expect(long.templateHash).toBe(createHash("sha256").update(long.template).digest("hex"));
  });

  it("tells statements apart that differ in a string outside the literals", () => {
    expect(canonical("SELECT a FROM t WHERE b = 1").template).toBe(canonical("SELECT a FROM t WHERE b = 22").template);
    expect(canonical("SELECT a FROM t WHERE b = 1").template).not.toBe(
      canonical("SELECT a FROM t WHERE b = '1'").template,
    );
  });

  it("the pattern is the template with one kind of placeholder, as template rules write it", () => {
    const written = canonical("UPDATE orders SET status = ? WHERE id = ?");
    const sent = canonical("update orders set status = 'paid' where id = 7");
    expect(sent.pattern).toBe("UPDATE orders SET status = ? WHERE id = ?");
    expect(sent.pattern).toBe(written.pattern);
  });
});

describe("roles of literals", () => {
  const roles = (sql: string, dialect: Dialect = "mysql") =>
    canonical(sql, dialect).literals.map((literal) => literal.role);

  it.each([
    ["LIMIT count", "SELECT 1 FROM t LIMIT 5", ["value", "limit"]],
    ["LIMIT offset, count", "SELECT a FROM t LIMIT 5, 10", ["offset", "limit"]],
    ["LIMIT count OFFSET offset", "SELECT a FROM t LIMIT 5 OFFSET ?", ["limit", "offset"]],
    ["a limit inside a subquery", "SELECT a FROM (SELECT b FROM t LIMIT 5) d WHERE c = 6", ["limit", "value"]],
    ["what follows the limit", "SELECT a FROM t LIMIT 5 UNION SELECT 6", ["limit", "value"]],
    ["a limit of a write", "DELETE FROM t WHERE a = 1 LIMIT ?", ["value", "limit"]],
    ["everything of data definition", "CREATE TABLE t (a INT DEFAULT 5)", ["kept"]],
  ])("%s", (_name, sql, expected) => {
    expect(roles(sql)).toEqual(expected);
  });

  it("MariaDB's OFFSET .. FETCH FIRST", () => {
    expect(roles("SELECT a FROM t ORDER BY a OFFSET 3 ROWS FETCH FIRST 4 ROWS ONLY", "mariadb")).toEqual([
      "offset",
      "limit",
    ]);
  });
});
