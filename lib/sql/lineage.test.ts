import { describe, expect, it } from "vitest";
import { analyse } from "./analyse";
import type { Analysis, AnalysisResult, NotUnderstood } from "./analysis";
import { compileCatalogue } from "./catalogue";
import { lexText } from "./lexer";
import { SHOP, SHOP_CATALOGUE } from "./shop.fixture";

function read(sql: string, defaultSchema: string | null = "shop", catalogue = SHOP_CATALOGUE): AnalysisResult {
  const lexed = lexText(sql, "mariadb");
  if (!lexed.ok) throw new Error(`${lexed.reason}: ${sql}`);
  const { tokens, literals } = lexed.lexed;
  return analyse({ tokens, literals, catalogue, defaultSchema });
}

function understood(sql: string, defaultSchema: string | null = "shop"): Analysis {
  const result = read(sql, defaultSchema);
  if (!result.ok) throw new Error(`${result.code} ${result.message}: ${sql}`);
  return result;
}

function refused(sql: string, defaultSchema: string | null = "shop"): NotUnderstood {
  const result = read(sql, defaultSchema);
  if (result.ok) throw new Error(`it was understood: ${sql}`);
  return result;
}

const short = (column: { schema: string; table: string; column: string }) =>
  column.schema === "shop" ? `${column.table}.${column.column}` : `${column.schema}.${column.table}.${column.column}`;

/** name: flow columns, e.g. `mail: direct people.mail`. */
function outputs(sql: string, defaultSchema: string | null = "shop"): readonly string[] {
  return (understood(sql, defaultSchema).outputs ?? []).map(
    (output) => `${output.name ?? "?"}: ${[output.flow, ...output.columns.map(short)].join(" ")}`,
  );
}

function uses(sql: string): readonly string[] {
  return understood(sql).uses.map(
    (use) => `${short(use.column)} ${use.place}${use.other ? ` ${short(use.other)}` : ""}`,
  );
}

describe("what flows into each column of a result", () => {
  it.each([
    ["SELECT id, name AS n FROM people", ["id: direct people.id", "n: direct people.name"]],
    ["SELECT sEcReT FROM people", ["sEcReT: direct people.secret"]],
    ["SELECT products.secret AS name FROM people products", ["name: direct people.secret"]],
    ["SELECT people.secret FROM shop.people", ["secret: direct people.secret"]],
    ["SELECT shop.people.secret FROM people", ["secret: direct people.secret"]],
    ["SELECT `__proto__`.secret FROM people `__proto__`", ["secret: direct people.secret"]],
    ["SELECT FULL.secret FROM people FULL JOIN products ON products.id = FULL.id", ["secret: direct people.secret"]],
    ["SELECT (((secret))) AS name FROM people", ["name: direct people.secret"]],
    ["SELECT +secret AS name FROM people", ["name: derived people.secret"]],
    ["SELECT HIGH_PRIORITY secret FROM people", ["secret: direct people.secret"]],
    ["SELECT DISTINCTROW secret FROM people", ["secret: direct people.secret"]],
    ["SELECT SQL_NO_CACHE STRAIGHT_JOIN secret FROM people", ["secret: direct people.secret"]],
    [
      "SELECT c.secret FROM products p JOIN (orders o JOIN people c ON c.id = o.person_id) ON o.id = p.id",
      ["secret: direct people.secret"],
    ],
    ["SELECT c.secret FROM (products p, people c)", ["secret: direct people.secret"]],
    [
      "SELECT c.secret FROM products p, (orders o JOIN people c ON c.id = o.person_id)",
      ["secret: direct people.secret"],
    ],
    [
      "SELECT c.secret FROM people c USE INDEX (k), orders o FORCE INDEX FOR JOIN (k)",
      ["secret: direct people.secret"],
    ],
    ["SELECT secret FROM people PARTITION (p0) AS x", ["secret: direct people.secret"]],
    ["TABLE people", ["id", "name", "mail", "secret", "born", "notes"].map((name) => `${name}: direct people.${name}`)],
    ["SELECT 1 AS a, NULL AS b, @@version AS c", ["a: constant", "b: constant", "c: constant"]],
  ])("%s", (sql, expected) => {
    expect(outputs(sql)).toEqual(expected);
  });

  it("reads the other schema's table after its schema was selected, and by its full name", () => {
    expect(outputs("SELECT name, secret FROM people", "other")).toEqual([
      "name: direct other.people.name",
      "secret: direct other.people.secret",
    ]);
    expect(outputs("SELECT p.secret FROM other.people p JOIN people q ON q.id = p.id")).toEqual([
      "secret: direct other.people.secret",
    ]);
  });

  it.each([
    "REVERSE(secret)",
    "SUBSTRING(secret FROM 1 FOR 3)",
    "SUBSTR(secret, 1, 3)",
    "CAST(secret AS CHAR(20) CHARACTER SET utf8mb4)",
    "CONVERT(secret USING utf8mb4)",
    "CONVERT(secret, UNSIGNED)",
    "- secret",
    "BINARY secret",
    "secret COLLATE utf8mb4_bin",
    "secret -> '$.a'",
    "secret ->> '$.a'",
    "IF(1 = 1, secret, '')",
    "IF(secret > '1' OR secret < '0', 1, 0)",
    "CASE WHEN secret LIKE '1%' THEN 1 ELSE 2 END",
    "CASE secret WHEN '1' THEN 1 END",
    "ELT(1, secret)",
    "TIMESTAMPDIFF(YEAR, secret, '2024-01-01')",
    "secret + INTERVAL 0 DAY",
    "DATE_ADD(secret, INTERVAL 1 MONTH)",
    "NOW() - INTERVAL secret DAY",
    "EXTRACT(YEAR_MONTH FROM secret)",
    "TRIM(BOTH FROM secret)",
    "TRIM(LEADING '1' FROM secret)",
    "POSITION('1' IN secret)",
    "LOCATE('101', secret)",
    "secret REGEXP '^[1-4]'",
    "secret RLIKE '1'",
    "secret SOUNDS LIKE 'x'",
    "secret IN ('1', '2')",
    "(secret, 1) = ('1', 1)",
    "ROW(secret, 1) = ROW('1', 1)",
    "secret DIV 1000",
    "secret MOD 2",
    "secret XOR 1",
    "secret || 'x'",
    "secret && 1",
    "! secret",
    "secret <=> 1",
    "secret BETWEEN 1 AND 2",
    "1 BETWEEN secret AND 2",
    "secret IS TRUE",
    "(secret LIKE '1%') IS NULL",
    "MAX(secret)",
    "SUM(DISTINCT secret)",
    "STD(secret)",
    "VARIANCE(secret)",
    "COUNT(DISTINCT secret)",
    "COUNT(IF(secret LIKE '1%', 1, NULL))",
    "GROUP_CONCAT(secret SEPARATOR '|')",
    "GROUP_CONCAT(DISTINCT name ORDER BY secret DESC SEPARATOR '|')",
    "JSON_ARRAYAGG(secret)",
    "LAG(secret, 1) OVER (ORDER BY id)",
    "RANK() OVER (ORDER BY secret)",
    "COUNT(*) OVER (PARTITION BY secret)",
    "SUM(id) OVER (ORDER BY id ROWS BETWEEN secret PRECEDING AND CURRENT ROW)",
    "(SELECT secret)",
    "(SELECT q.secret FROM people q WHERE q.id = 1)",
    "1 IN (SELECT q.secret FROM people q)",
    "1 > ANY (SELECT q.secret FROM people q)",
    "label_of(secret)",
    "other.label_of(secret)",
    "MATCH (secret) AGAINST ('x' IN BOOLEAN MODE)",
    "DEFAULT(secret)",
    "CHAR(secret USING utf8mb4)",
    "EXTRACTVALUE(CONCAT('<a>', secret, '</a>'), '/a')",
  ])("%s is computed from the column", (expression) => {
    const [output] = understood(`SELECT ${expression} AS x FROM people`).outputs ?? [];
    expect(output?.flow).toBe("derived");
    expect(output?.columns.map(short)).toContain("people.secret");
  });

  it("counts a window by name as the window it names, also through another", () => {
    const sql = "SELECT SUM(id) OVER b AS x FROM people WINDOW a AS (PARTITION BY secret), b AS (a ORDER BY name)";
    expect(outputs(sql)).toEqual(["x: derived people.id people.name people.secret"]);
    expect(uses(sql)).toEqual(["people.secret window", "people.name window", "people.id fallible"]);
  });

  it("tells what is computed on by something that can fail, or chooses what is computed", () => {
    expect(uses("SELECT CONCAT(UPPER(name), LEFT(secret, 1)) FROM people")).toEqual([]);
    expect(uses("SELECT secret + 1, secret REGEXP 'a', EXTRACTVALUE(secret, '/a') FROM people")).toEqual([
      "people.secret fallible",
    ]);
    expect(uses("SELECT IF(secret LIKE '1%', name, 'x') FROM people")).toEqual(["people.secret condition"]);
    expect(uses("SELECT CASE secret WHEN 1 THEN name ELSE 'x' END FROM people")).toEqual(["people.secret condition"]);
  });

  it("lets IS NULL and COUNT(column) tell nothing but that", () => {
    expect(outputs("SELECT secret IS NOT NULL AS a, COUNT(secret) AS b, ISNULL(secret) AS c FROM people")).toEqual([
      "a: constant",
      "b: constant",
      "c: constant",
    ]);
    expect(uses("SELECT secret IS NULL, COUNT(secret) FROM people")).toEqual([
      "people.secret null_test",
      "people.secret count",
    ]);
  });
});

describe("through derived tables, common tables, unions and views", () => {
  it.each([
    ["SELECT d.name FROM (SELECT secret AS name FROM people) d", ["name: direct people.secret"]],
    ["SELECT d.x FROM (SELECT DISTINCT secret AS x FROM people LIMIT 3) d", ["x: direct people.secret"]],
    ["SELECT a FROM (SELECT a FROM (SELECT secret AS a FROM people) d3) d2", ["a: direct people.secret"]],
    ["SELECT d.b FROM (SELECT id, secret FROM people) AS d (a, b)", ["b: direct people.secret"]],
    [
      "SELECT * FROM (SELECT c.secret, p.name FROM people c JOIN products p ON p.id = c.id) x",
      ["secret: direct people.secret", "name: direct products.name"],
    ],
    [
      "SELECT l.x FROM products p, LATERAL (SELECT secret AS x FROM people c WHERE c.id = p.id) l",
      ["x: direct people.secret"],
    ],
    ["WITH products AS (SELECT secret AS name FROM people) SELECT name FROM products", ["name: direct people.secret"]],
    [
      "WITH a (x) AS (SELECT secret FROM people), b AS (SELECT x AS y FROM a) SELECT y FROM b",
      ["y: direct people.secret"],
    ],
    [
      "WITH people AS (SELECT id, status FROM orders) SELECT * FROM people",
      ["id: direct orders.id", "status: direct orders.status"],
    ],
    ["WITH people AS (SELECT id FROM orders) SELECT secret FROM shop.people", ["secret: direct people.secret"]],
    [
      "WITH a AS (SELECT secret FROM people) SELECT (WITH a AS (SELECT 1 AS one) SELECT one FROM a) AS x FROM a",
      ["x: constant"],
    ],
    ["SELECT name FROM products UNION SELECT secret FROM people", ["name: direct people.secret products.name"]],
    [
      "SELECT name FROM products UNION ALL SELECT UPPER(secret) FROM people",
      ["name: derived people.secret products.name"],
    ],
    ["SELECT 1 AS g INTERSECT SELECT secret FROM people", ["g: direct people.secret"]],
    [
      "SELECT id FROM people EXCEPT SELECT secret FROM people UNION ALL SELECT name FROM staff",
      ["id: direct people.id people.secret staff.name"],
    ],
    [
      "(SELECT id FROM people) UNION ALL ((SELECT secret FROM people LIMIT 1) UNION ALL SELECT name FROM people)",
      ["id: direct people.id people.name people.secret"],
    ],
    [
      "SELECT u.name FROM (SELECT name FROM products UNION SELECT secret FROM people) u",
      ["name: direct people.secret products.name"],
    ],
    ["SELECT 1, 2 AS b, 3 UNION TABLE orders_short", null],
    ["SELECT ident FROM v_ident", ["ident: direct people.secret"]],
    ["SELECT products.ident AS name FROM v_ident products", ["name: direct people.secret"]],
    ["SELECT tag FROM v_tag", ["tag: derived people.id people.secret"]],
    ["SELECT total FROM v_totals", ["total: derived items.price items.quantity"]],
    ["SELECT band FROM staff", ["band: derived staff.band staff.pay"]],
    ["SELECT label FROM staff", ["label: derived staff.band staff.label staff.pay"]],
    [
      "SELECT j.x FROM people, JSON_TABLE(JSON_ARRAY(secret), '$[*]' COLUMNS (x VARCHAR(20) PATH '$')) j",
      ["x: derived people.secret"],
    ],
  ])("%s", (sql, expected) => {
    if (expected === null) expect(refused(sql).code).toBe("UNKNOWN_NAME");
    else expect(outputs(sql)).toEqual(expected);
  });

  it("follows a column around a recursive common table until nothing new flows", () => {
    expect(
      outputs(
        "WITH RECURSIVE t (n, a, b, c) AS (SELECT 1, id, name, secret FROM people UNION ALL SELECT n + 1, b, c, 'x' FROM t WHERE n < 5) SELECT n, a FROM t",
      ),
    ).toEqual(["n: constant", "a: direct people.id people.name people.secret"]);
  });

  it("charges a view's own conditions to the statement that reads the view", () => {
    const analysis = understood("SELECT id FROM v_filtered");
    expect(analysis.uses).toMatchObject([
      {
        column: { table: "people", column: "secret" },
        place: "predicate",
        view: { schema: "shop", table: "v_filtered" },
      },
    ]);
    expect(analysis.tables).toMatchObject([
      { table: "v_filtered", kind: "view", view: null },
      { table: "people", kind: "table", view: { table: "v_filtered" } },
    ]);
  });

  it("names the column of the view and the columns behind it as read", () => {
    expect(understood("SELECT ident FROM v_ident").columns).toEqual([
      expect.objectContaining({ table: "people", column: "id", view: { schema: "shop", table: "v_ident" } }),
      expect.objectContaining({ table: "people", column: "secret", view: { schema: "shop", table: "v_ident" } }),
      expect.objectContaining({ table: "v_ident", column: "ident", view: null }),
    ]);
  });

  it("expects an origin from the server only for columns of tables in the FROM of a single SELECT", () => {
    const origins = (sql: string) => understood(sql).outputs?.map((output) => output.origin && short(output.origin));
    expect(
      origins("SELECT p.id, p.id + 1, d.x FROM people p JOIN (SELECT id AS x FROM orders) d ON d.x = p.id"),
    ).toEqual(["people.id", null, null]);
    expect(origins("SELECT id FROM people UNION SELECT id FROM orders")).toEqual([null]);
    expect(origins("SELECT ident FROM v_ident")).toEqual([null]);
  });
});

describe("names resolve as on the server, or are refused by name", () => {
  it.each([
    ["SELECT nothing FROM people", "UNKNOWN_NAME", "nothing"],
    ["SELECT id FROM nowhere", "UNKNOWN_NAME", "shop.nowhere"],
    ["SELECT id FROM People", "UNKNOWN_NAME", "shop.People"],
    ["SELECT P.id FROM people p", "UNKNOWN_NAME", "P.id"],
    ["SELECT User FROM mysql.user", "UNKNOWN_NAME", "mysql.user"],
    ["SELECT id FROM people, orders", "AMBIGUOUS_NAME", "id"],
    ["SELECT 1 FROM people, people", "AMBIGUOUS_NAME", "people"],
    ["SELECT * FROM v_broken", "OPAQUE_VIEW", "shop.v_broken"],
    ["SELECT name AS x, x FROM people", "AMBIGUOUS_NAME", "x"],
    ["SELECT secret AS x FROM people WHERE x = 1", "AMBIGUOUS_NAME", "x"],
    ["SELECT a.* FROM people", "UNKNOWN_NAME", "a"],
    ["SELECT id FROM people ORDER BY 9", "UNKNOWN_NAME", "9"],
    ["SELECT 1 FROM products p, people c JOIN orders o ON p.id = o.id", "UNKNOWN_NAME", "p.id"],
    ["WITH RECURSIVE a AS (SELECT secret FROM b), b AS (SELECT 1) SELECT * FROM a", "UNSUPPORTED", "b"],
    ["UPDATE scratch SET nothing = 1", "UNKNOWN_NAME", "nothing"],
    ["INSERT INTO scratch (nothing) VALUES (1)", "UNKNOWN_NAME", "nothing"],
    ["DELETE x FROM scratch s", "UNKNOWN_NAME", "x"],
  ])("%s", (sql, code, name) => {
    const result = refused(sql);
    expect(result.code).toBe(code);
    expect(result.message).toContain(name);
  });

  it("refuses an unqualified table when no schema is selected", () => {
    expect(refused("SELECT id FROM people", null).code).toBe("NO_SCHEMA_SELECTED");
    expect(outputs("SELECT id FROM shop.people", null)).toEqual(["id: direct people.id"]);
  });

  it("compares table names without case exactly when the server does", () => {
    const folding = compileCatalogue({ ...SHOP, lowerCaseTableNames: 1 });
    expect(read("SELECT P.ID FROM SHOP.People p", "shop", folding)).toMatchObject({ ok: true });
  });

  it("finds information_schema in any case", () => {
    expect(outputs("SELECT column_name FROM Information_Schema.Columns")).toEqual([
      "column_name: direct information_schema.COLUMNS.COLUMN_NAME",
    ]);
  });

  it("does not look past a derived table whose column only the server can name", () => {
    const outer = "(SELECT secret AS `MAX(name)`, secret AS name FROM people) o";
    expect(refused(`SELECT (SELECT \`MAX(name)\` FROM (SELECT MAX(name) FROM products) d) FROM ${outer}`).ok).toBe(
      false,
    );
    expect(refused(`SELECT (SELECT name FROM (SELECT (name) FROM products LIMIT 1) d) FROM ${outer}`).ok).toBe(false);
  });

  it("takes a name that is the text of a selected expression for that expression", () => {
    const from = "(SELECT id, secret, 1 AS `UPPER(secret)` FROM people) p";
    expect(uses(`SELECT id, UPPER(secret) FROM ${from} ORDER BY \`UPPER(secret)\` LIMIT 1`)).toEqual([
      "people.secret ordering",
    ]);
  });

  it("does not let ON see tables before a comma, and refuses where it can not tell", () => {
    const outer = "(SELECT secret AS name FROM people) o";
    const sql = `SELECT (SELECT 1 FROM products a, (orders c JOIN items d ON 1 = 1) LEFT JOIN staff e ON name LIKE '1%') FROM ${outer}`;
    expect(refused(sql).code).toBe("UNSUPPORTED");
    expect(
      uses(`SELECT (SELECT 1 FROM products a, orders c LEFT JOIN items e ON name LIKE '1%') FROM ${outer}`),
    ).toEqual(["people.secret join"]);
  });

  it("resolves ON DUPLICATE KEY UPDATE against the written table only", () => {
    const sql = "INSERT INTO scratch (id, txt) SELECT id, name AS secret FROM people ON DUPLICATE KEY UPDATE txt =";
    expect(refused(`${sql} secret`).code).toBe("UNKNOWN_NAME");
    expect(refused(`${sql} people.secret`).code).toBe("UNKNOWN_NAME");
  });

  it("reads VALUES(column) outside ON DUPLICATE KEY UPDATE as the column", () => {
    expect(outputs("SELECT VALUES(secret) AS x FROM people")).toEqual(["x: derived people.secret"]);
  });

  it("refuses names that only one of the servers takes for a column", () => {
    expect(refused("SELECT 1 AS `to\u212Aen` FROM people").code).toBe("UNSUPPORTED");
    expect(refused("SELECT `\u212Ad` FROM people").code).toBe("UNKNOWN_NAME");
    expect(outputs("SELECT id AS `größe` FROM people")).toEqual(["größe: direct people.id"]);
  });

  it("takes both meanings of an alias that is also a column", () => {
    expect(uses("SELECT secret AS name FROM people ORDER BY name")).toEqual([
      "people.name ordering",
      "people.secret ordering",
    ]);
    expect(outputs("SELECT secret AS name, (SELECT name) AS y FROM people")[1]).toBe(
      "y: derived people.name people.secret",
    );
  });

  it("leaves invisible columns out of a star, and knows them by name", () => {
    expect(outputs("SELECT p.* FROM people p")).toHaveLength(6);
    expect(outputs("SELECT row_version FROM people")).toEqual(["row_version: direct people.row_version"]);
  });

  it("puts the shared columns of USING and NATURAL first, and counts them as compared", () => {
    const sql =
      "SELECT * FROM (SELECT id, name FROM people) a JOIN (SELECT name, id AS other_id FROM staff) b USING (name)";
    expect(outputs(sql)).toEqual([
      "name: direct people.name staff.name",
      "id: direct people.id",
      "other_id: direct staff.id",
    ]);
    expect(uses("SELECT x.secret FROM (SELECT '1' AS secret) x JOIN people USING (secret)")).toEqual([
      "people.secret join",
    ]);
    expect(uses("SELECT 1 FROM items NATURAL JOIN (SELECT order_id FROM items) x")).toEqual([
      "items.order_id join_equality items.order_id",
    ]);
  });
});
