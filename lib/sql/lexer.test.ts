import { describe, expect, it } from "vitest";
import { lex, lexText } from "./lexer";
import { DEFAULT_LEX_LIMITS, type Dialect, type Lexed } from "./token";

const DIALECTS: readonly Dialect[] = ["mysql", "mariadb"];

function read(sql: string, dialect: Dialect = "mysql"): Lexed {
  const result = lexText(sql, dialect);
  if (!result.ok) throw new Error(`${sql}: ${result.reason} at ${result.at}`);
  return result.lexed;
}

function refusal(sql: string | Uint8Array, dialect: Dialect = "mysql"): string {
  const result = typeof sql === "string" ? lexText(sql, dialect) : lex(sql, dialect);
  return result.ok ? "understood" : `${result.reason}@${result.at}`;
}

const texts = (sql: string) => read(sql).tokens.map((token) => token.text);
const kinds = (sql: string) => read(sql).tokens.map((token) => token.kind);
const values = (sql: string) => read(sql).literals.map((literal) => literal.value);

describe.each(DIALECTS)("executable comments and hints are refused (%s)", (dialect) => {
  it.each([
    ["LEX-01: a column in an executable comment", "SELECT name /*!, ssn */ FROM customers", "executable_comment@12"],
    ["a versioned executable comment", "SELECT name /*!50000 , ssn */ FROM customers", "executable_comment@12"],
    ["MariaDB's own executable comment", "SELECT name /*M! , ssn */ FROM customers", "executable_comment@12"],
    ["the same with a version and in lower case", "SELECT 1 /*m!100101 , 2 */", "executable_comment@9"],
    [
      "LEX-05: a union in one",
      "SELECT id FROM products WHERE id = 1 /*! UNION SELECT ssn FROM customers */",
      "executable_comment@37",
    ],
    ["ADMIN-06: a scope in one", "SET /*! GLOBAL */ max_connect_errors = 12345", "executable_comment@4"],
    ["DML-29: the verb in one", "/*! DELETE */ FROM scratch", "executable_comment@0"],
    ["LEX-33: an optimizer hint", "SELECT /*+ SET_VAR(sql_mode='ANSI_QUOTES') */ 1", "optimizer_hint@7"],
    ["an executable comment inside a comment", "SELECT 1 /* /*! */", "nested_comment@12"],
    ["LEX-24: a comment that seems to nest", "SELECT 1 /* a /* b */ , ssn FROM customers -- */", "nested_comment@14"],
    ["a comment that never closes", "SELECT 1 /* a", "unterminated_comment@9"],
    ["/*/ is the opening only, as on the servers", "SELECT 1 /*/", "unterminated_comment@9"],
    ["a comment end without a comment", "SELECT 2 */ 1", "unknown_operator@9"],
  ])("%s", (_name, sql, expected) => {
    expect(refusal(sql, dialect)).toBe(expected);
  });
});

describe("comments", () => {
  it("LEX-07, LEX-08: two dashes open a comment only before white space, else they are two minus signs", () => {
    expect(texts("SELECT 1--1, (SELECT ssn FROM customers)").slice(0, 5)).toEqual(["SELECT", "1", "-", "-", "1"]);
    expect(texts("SELECT 5--1 AS x, ssn\nFROM customers")).toContain("customers");
    expect(texts("SELECT 5--(1)")).toEqual(["SELECT", "5", "-", "-", "(", "1", ")"]);
  });

  it.each([
    ["a space", "SELECT 1 -- x"],
    ["a tab", "SELECT 1 --\tx"],
    ["a line feed", "SELECT 1 --\n"],
    ["the end", "SELECT 1 --"],
    ["a carriage return with its line feed", "SELECT 1 -- x\r\n"],
    ["a third and fourth dash", "SELECT 1 ---- x"],
  ])("two dashes open a comment before %s", (_name, sql) => {
    const { tokens, comments } = read(sql);
    expect(comments).toHaveLength(1);
    expect(tokens.filter((token) => token.kind !== "operator")).toHaveLength(2);
  });

  it.each(["DELETE FROM t -- \r WHERE id=1", "DELETE FROM t # x\r WHERE id=1"])(
    "DML-02, DML-03: a carriage return inside a line comment is refused: %j",
    (sql) => {
      expect(refusal(sql)).toMatch(/^carriage_return_in_comment@/);
    },
  );

  it("a control character right after two dashes is refused", () => {
    expect(refusal("SELECT 1--\x01 2")).toBe("control_character@10");
  });

  it("a number sign opens a comment to the end of the line", () => {
    expect(texts("SELECT 1 # , ssn\n, 2#")).toEqual(["SELECT", "1", ",", "2"]);
  });

  it("LEX-16, LEX-19, NAME-11: comments part tokens and vanish", () => {
    expect(texts("/* x */ SELECT/**/ssn/**/FROM/**/shop/**/./**/customers")).toEqual([
      "SELECT",
      "ssn",
      "FROM",
      "shop",
      ".",
      "customers",
    ]);
    expect(texts("SELECT 1 /*/ 2 */ + 3")).toEqual(["SELECT", "1", "+", "3"]);
  });

  it("leading comments are told from others and carry their text", () => {
    const { comments } = read("/* purpose: refund 17 */ -- second\nSELECT 1 /* later */");
    expect(comments.map(({ text, leading }) => [text, leading])).toEqual([
      ["purpose: refund 17", true],
      ["second", true],
      ["later", false],
    ]);
  });

  it("comment signs inside quotes are text", () => {
    expect(read("SELECT '-- /* # */', `a -- b`, \"/*! x */\"").comments).toEqual([]);
  });
});

describe("strings end where the servers think they end", () => {
  it.each([
    ["'it''s'", "it's"],
    ["'it\\'s'", "it's"],
    ["'a\\\\'", "a\\"],
    ['"a""b\'c"', "a\"b'c"],
    ["'\\n\\t\\r\\b\\0\\Z'", "\n\t\r\b\0\x1a"],
    ["'100\\% a\\_b'", "100\\% a\\_b"],
    ["'\\u0027'", "u0027"],
    ["'\\q\\é'", "qé"],
    ["'x\\' , '", "x' , "],
    ["''", ""],
    ["'ünïcödé ☕'", "ünïcödé ☕"],
  ])("%s has the value %j", (literal, value) => {
    expect(values(`SELECT ${literal}`)).toEqual([value]);
  });

  it("LEX-09: a string alias with an escaped quote does not end early", () => {
    const sql = "SELECT id AS 'x\\' , ' , ssn , ' -- '\n FROM customers";
    expect(texts(sql)).toContain("ssn");
    expect(values(sql)).toEqual(["x' , ", " -- "]);
  });

  it("double quotes make a string, not a name: ANSI_QUOTES is pinned off", () => {
    expect(kinds('SELECT "ssn"')).toEqual(["word", "string"]);
  });

  it("LEX-31: adjacent strings are one literal; other literals do not join", () => {
    expect(values("SELECT 'a' 'b' /* c */ \"d\"")).toEqual(["abd"]);
    expect(values("SELECT x'41' 'b'")).toEqual(["41", "b"]);
  });

  it.each([
    ["SELECT 'a", "unterminated_quote@7"],
    ["SELECT 'a\\'", "unterminated_quote@7"],
    ['SELECT "a', "unterminated_quote@7"],
    ["SELECT `a", "unterminated_quote@7"],
    ["SELECT 'a\\", "unterminated_quote@7"],
    ["SELECT N'a' 'b', ssn FROM customers", "national_string@7"],
    ["SELECT n'a'", "national_string@7"],
    ["SELECT _gbk'a'", "charset_introducer@7"],
    ["SELECT _latin1 'abc'", "charset_introducer@7"],
    ["SELECT _nosuchset 'abc'", "charset_introducer@7"],
    ["SELECT _latin1", "charset_introducer@7"],
    ["SELECT _sjis x'41'", "charset_introducer@7"],
    ["SELECT _binary /* c */ 'x'", "charset_introducer@7"],
    ["SELECT _binary 'a' 'b'", "charset_introducer@7"],
  ])("%j is refused", (sql, expected) => {
    expect(refusal(sql)).toBe(expected);
  });

  it("drivers' _binary'..' is one string literal with its introducer", () => {
    const { tokens, literals } = read("INSERT INTO t VALUES (_binary'a\\0b', _utf8mb4 'c')");
    expect(tokens.filter((token) => token.kind === "string")).toHaveLength(2);
    expect(literals.map(({ value, introducer }) => [value, introducer])).toEqual([
      ["a\0b", "binary"],
      ["c", "utf8mb4"],
    ]);
  });

  it("an underscore alone does not make an introducer", () => {
    expect(texts("SELECT _id, t._id FROM t")).toEqual(["SELECT", "_id", ",", "t", ".", "_id", "FROM", "t"]);
  });
});

describe("bytes outside of what the servers agree on are refused", () => {
  it.each([
    ["SELECT 1\0", "control_character@8"],
    ["SELECT\u000bssn", "control_character@6"],
    ["SELECT\fssn", "control_character@6"],
    ["SELECT 1 /* \x01 */", "control_character@12"],
    ["SELECT `a\0b`", "control_character@9"],
    ["SELECT `a\x7f`", "control_character@9"],
    ["SELECT \u00a01", "non_ascii_outside_quotes@7"],
    ["\ufeffSELECT 1", "non_ascii_outside_quotes@0"],
    ["SELECT to\u212aen FROM t", "non_ascii_outside_quotes@9"],
    ["SELECT ema\u0130l FROM t", "non_ascii_outside_quotes@10"],
    ["SELECT é FROM t", "non_ascii_outside_quotes@7"],
    ["SELECT \\N", "backslash_outside_string@7"],
    ["SELECT {d '2020-01-01'}", "odbc_escape@7"],
    ["SELECT ssn FROM {OJ products p LEFT JOIN customers c ON c.id = p.id}", "odbc_escape@16"],
    ["SELECT a[1]", "unexpected_character@8"],
    ["SELECT :x", "unknown_operator@7"],
    ["SELECT a::int", "unknown_operator@8"],
  ])("%j", (sql, expected) => {
    for (const dialect of DIALECTS) expect(refusal(sql, dialect)).toBe(expected);
  });

  it("invalid UTF-8 is refused with the place of the first bad byte", () => {
    expect(refusal(Buffer.from("SELECT 'a\xbf\x5c'", "latin1"))).toBe("invalid_utf8@9");
    expect(refusal(Buffer.from([0x53, 0xc3, 0xa9, 0xe2, 0x98]))).toBe("invalid_utf8@3");
    expect(refusal(Buffer.from([0xff]))).toBe("invalid_utf8@0");
    const late = Buffer.concat([Buffer.from(`SELECT '${"☕".repeat(50_000)}`), Buffer.from([0xe2, 0x98, 0x27])]);
    expect(refusal(late)).toBe("invalid_utf8@150008");
  });

  it("a back-quoted name with non-ASCII letters is flagged, for the resolver demands byte equality", () => {
    const names = read("SELECT `email`, `ema\u0130l` FROM t").tokens.filter((token) => token.kind === "quotedName");
    expect(names.map(({ text, nonAscii }) => [text, nonAscii])).toEqual([
      ["email", false],
      ["ema\u0130l", true],
    ]);
  });
});

describe("numbers", () => {
  it.each([
    ["12", "integer"],
    ["1.5", "decimal"],
    [".5", "decimal"],
    ["1e5", "float"],
    ["2e-5", "float"],
    ["1.5E+3", "float"],
    [".5e1", "float"],
  ])("%s is a number in the form %s", (text, form) => {
    expect(read(`SELECT ${text}`).literals).toMatchObject([{ kind: "number", value: text, form }]);
  });

  it.each([
    ["0x1f", "hex", "1f"],
    ["x'4F'", "hex", "4F"],
    ["X''", "hex", ""],
    ["0b01", "bit", "01"],
    ["b'101'", "bit", "101"],
    ["B''", "bit", ""],
  ])("LEX-27: %s is a literal", (text, kind, value) => {
    expect(read(`SELECT ${text}`).literals).toMatchObject([{ kind, value }]);
  });

  it.each([
    ["SELECT ssn,1e0FROM customers", "number_glued_to_word@11"],
    ["SELECT 1.5FROM t", "number_glued_to_word@7"],
    ["SELECT 1e FROM t", "digit_leading_name@7"],
    ["SELECT 1a FROM t", "digit_leading_name@7"],
    ["SELECT 1$ FROM t", "digit_leading_name@7"],
    ["SELECT 1é", "digit_leading_name@7"],
    ["SELECT 0X41", "digit_leading_name@7"],
    ["SELECT 0xg", "digit_leading_name@7"],
    ["SELECT 0x1fg", "digit_leading_name@7"],
    ["SELECT 0b12", "digit_leading_name@7"],
    ["SELECT t.1a FROM t", "digit_leading_name@8"],
    ["SELECT 1. FROM t", "malformed_number@7"],
    ["SELECT 1..2", "malformed_number@7"],
    ["SELECT 1.5.5", "malformed_number@7"],
    ["SELECT x'4'", "malformed_hex@7"],
    ["SELECT x'4g'", "malformed_hex@7"],
    ["SELECT b'12'", "malformed_bit@7"],
    ["SELECT $t.ssn FROM customers AS $t", "dollar_leading_name@7"],
    ["SELECT $$", "dollar_leading_name@7"],
  ])("%j is refused", (sql, expected) => {
    expect(refusal(sql)).toBe(expected);
  });

  it("x and b before double quotes are names", () => {
    expect(kinds('SELECT x"41", b "1"')).toEqual(["word", "word", "string", "punctuation", "word", "string"]);
  });
});

describe("names", () => {
  it("LEX-14, LEX-26: back quotes part tokens, double inside, and backslash means nothing in them", () => {
    expect(texts("SELECT`ssn`FROM`customers`")).toEqual(["SELECT", "ssn", "FROM", "customers"]);
    expect(texts("SELECT `a``b`, ssn AS `x\\` FROM d")).toEqual([
      "SELECT",
      "a`b",
      ",",
      "ssn",
      "AS",
      "x\\",
      "FROM",
      "d",
    ]);
  });

  it("an empty name is refused", () => {
    expect(refusal("SELECT `` FROM t")).toBe("empty_name@7");
  });

  it("a name in quotes keeps its dots", () => {
    expect(read("SELECT `a.b`.`c`").tokens.map((token) => token.text)).toEqual(["SELECT", "a.b", ".", "c"]);
  });

  it("a dot that opens a name is refused", () => {
    expect(refusal("SELECT .name FROM t")).toBe("leading_dot_name@7");
    expect(refusal("SELECT * FROM .t")).toBe("leading_dot_name@14");
  });

  it("a reserved word that a dot touches is a name, one that white space parts from the dot is not", () => {
    const reserved = (sql: string) => read(sql).tokens.map((token) => token.reserved);
    expect(reserved("SELECT t.select, order.x")).toEqual([true, false, false, false, false, false, false, false]);
    expect(reserved("SELECT t. select").at(-1)).toBe(true);
  });

  it.each([
    ["NAME-23: GO is an ordinary name", "GO", false, false],
    ["NAME-24: FULL is an ordinary name", "FULL", false, false],
    ["NAME-25: HIGH_PRIORITY is reserved", "HIGH_PRIORITY", true, true],
    ["NAME-26: DISTINCTROW is reserved", "DISTINCTROW", true, true],
    ["OFFSET is reserved only by MariaDB", "OFFSET", false, true],
    ["RANK is reserved only by MySQL", "RANK", true, false],
    ["LATERAL is reserved only by MySQL", "LATERAL", true, false],
    ["select is reserved in any case", "sElEcT", true, true],
  ])("%s", (_name, word, mysql, mariadb) => {
    expect(read(`SELECT ${word}`, "mysql").tokens[1]?.reserved).toBe(mysql);
    expect(read(`SELECT ${word}`, "mariadb").tokens[1]?.reserved).toBe(mariadb);
  });

  it("a parenthesis that touches a name is told from one that does not: NOW ( may be a stored function", () => {
    const glued = (sql: string) => read(sql).tokens[2]?.glued;
    expect(glued("SELECT NOW()")).toBe(true);
    expect(glued("SELECT NOW ()")).toBe(false);
    expect(glued("SELECT NOW/**/()")).toBe(false);
  });
});

describe("variables", () => {
  it.each([
    ["@x", "userVariable", "x"],
    ["@a.b$c", "userVariable", "a.b$c"],
    ["@`x y`", "userVariable", "x y"],
    ["@'x'", "userVariable", "x"],
    ['@"x"', "userVariable", "x"],
    ["@@sql_mode", "systemVariable", "sql_mode"],
    ["@@session.sql_mode", "systemVariable", "session.sql_mode"],
  ])("%s is one token", (text, kind, name) => {
    expect(read(`SELECT ${text}`).tokens[1]).toMatchObject({ kind, text: name });
  });

  it.each([
    "@",
    "@ x",
    "@@",
    "@@ x",
    "@@`sql_mode`",
    "@@session. x",
    "@@session.`x`",
    "@@1",
    "@é",
    "@@é",
    "@'a\\'b'",
    "@''''",
  ])("SELECT %s is refused", (text) => {
    expect(refusal(`SELECT ${text}`)).toBe("malformed_variable@7");
  });

  it("LEX-28: @a<@b is a comparison of two variables", () => {
    expect(kinds("SELECT @a<@b, ssn")).toEqual([
      "word",
      "userVariable",
      "operator",
      "userVariable",
      "punctuation",
      "word",
    ]);
  });

  it("an account name is a string and a variable", () => {
    expect(kinds("CREATE USER 'evil'@'%'")).toEqual(["word", "word", "string", "userVariable"]);
  });
});

describe("operators and punctuation", () => {
  it("each operator is one token, whatever touches it", () => {
    const sql = "a<=>b<=c>=d<>e!=f<<g>>h&&i||j:=k->l->>m=-n<o>p&q|r^s~t!u%v*w/x+y";
    const operators = "<=> <= >= <> != << >> && || := -> ->> = - < > & | ^ ~ ! % * / +".split(" ");
    expect(
      read(sql)
        .tokens.filter((token) => token.kind === "operator")
        .map((token) => token.text),
    ).toEqual(operators);
  });

  it.each(["a==b", "a=!b", "a=>b", "!!a", "a<=!b", "a<<=b", "a&&&b", "a|||b", "a<<<b", "a>>>b"])(
    "operators that grow together in other readers' eyes are refused: %s",
    (expression) => {
      expect(refusal(`SELECT ${expression}`)).toMatch(/^unknown_operator@/);
    },
  );

  it("a question mark is a parameter, numbered in order", () => {
    expect(read("SELECT ?, ? + ?").literals.map((literal) => literal.parameter)).toEqual([0, 1, 2]);
    expect(refusal("SELECT ?x")).toBe("parameter_glued_to_word@7");
  });

  it("one semicolon may end the statement, with comments after it; a second statement is refused", () => {
    expect(texts("SELECT 1; -- x\n")).toEqual(["SELECT", "1"]);
    expect(refusal("SELECT 1; DELETE FROM t")).toBe("several_statements@10");
    expect(refusal("SELECT 1;;")).toBe("several_statements@9");
    expect(refusal("; SELECT 1")).toBe("several_statements@2");
  });

  it.each([
    ["SELECT (1", "unbalanced_parentheses@7"],
    ["SELECT 1)", "unbalanced_parentheses@8"],
    ["SELECT ((1)", "unbalanced_parentheses@7"],
    ["", "empty_statement@0"],
    [" \n-- x", "empty_statement@0"],
    [";", "empty_statement@0"],
  ])("%j is refused", (sql, expected) => {
    expect(refusal(sql)).toBe(expected);
  });
});

describe("hostile input is bounded", () => {
  it("size of the whole, and size without what stands in strings", () => {
    expect(refusal(`SELECT '${"x".repeat(20 * 1024 * 1024)}'`)).toBe(`too_long@${20 * 1024 * 1024}`);
    expect(refusal(`SELECT ${"x".repeat(256 * 1024)}`)).toMatch(/^too_long@/);
    expect(refusal(`SELECT /*${"x".repeat(256 * 1024)}*/ 1`)).toMatch(/^too_long@/);
  });

  it("a string or a hexadecimal literal of 17 MiB is an ordinary value", () => {
    const big = 17 * 1024 * 1024;
    expect(read(`SELECT LENGTH('${"a".repeat(big)}') AS n`).literals[0]?.value).toHaveLength(big);
    expect(read(`SELECT LENGTH(x'${"41".repeat(big / 2)}') AS n`).literals[0]?.value).toHaveLength(big);
  });

  it("escapes", () => {
    expect(refusal(`SELECT '${"\\'".repeat(100_001)}'`)).toBe("too_many_escapes@7");
    expect(refusal(`SELECT '${"''".repeat(100_001)}'`)).toBe("too_many_escapes@7");
  });

  it("number of tokens", () => {
    expect(refusal(`SELECT 1${", 1".repeat(10_000)}`)).toMatch(/^too_many_tokens@/);
  });

  it("depth of parentheses", () => {
    expect(refusal(`SELECT ${"(".repeat(12)}1${")".repeat(12)}`)).toBe("understood");
    expect(refusal(`SELECT ${"(".repeat(13)}1${")".repeat(13)}`)).toBe("nested_too_deep@19");
    expect(refusal(`SELECT ${"(".repeat(100_000)}`)).toBe("nested_too_deep@19");
  });

  it("the bounds are the caller's to set", () => {
    const result = lexText("SELECT 1, 2", "mysql", { ...DEFAULT_LEX_LIMITS, maxTokens: 3 });
    expect(result).toEqual({ ok: false, reason: "too_many_tokens", at: 10 });
  });
});
