import { describe, expect, it } from "vitest";
import { analyse } from "./analyse";
import type { Analysis } from "./analysis";
import { lexText } from "./lexer";
import { SHOP_CATALOGUE } from "./shop.fixture";

function understood(sql: string): Analysis {
  const lexed = lexText(sql, "mariadb");
  if (!lexed.ok) throw new Error(`${lexed.reason}: ${sql}`);
  const { tokens, literals } = lexed.lexed;
  const result = analyse({ tokens, literals, catalogue: SHOP_CATALOGUE, defaultSchema: "shop" });
  if (!result.ok) throw new Error(`${result.code} ${result.message}: ${sql}`);
  return result;
}

const short = (column: { table: string; column: string }) => `${column.table}.${column.column}`;

function uses(sql: string): readonly string[] {
  return understood(sql).uses.map(
    (use) => `${short(use.column)} ${use.place}${use.other ? ` ${short(use.other)}` : ""}`,
  );
}

/** Pinned columns by occurrence: `orders person_id=0` for the literal 0. */
function pins(sql: string): readonly string[] {
  return understood(sql).tables.map((one) => {
    const pinned = one.pins.map(
      (pin) => `${pin.column}=${pin.value.kind === "literal" ? pin.value.literal : `?${pin.value.parameter}`}`,
    );
    return [one.table, ...pinned].join(" ");
  });
}

describe("where columns are used", () => {
  it.each([
    ["SELECT 1 FROM people WHERE secret = '1'", ["people.secret equality"]],
    ["SELECT 1 FROM people WHERE ? = secret", ["people.secret equality"]],
    ["SELECT 1 FROM people WHERE secret <=> 'x'", ["people.secret equality"]],
    ["SELECT 1 FROM people WHERE secret IN ('1')", ["people.secret equality"]],
    ["SELECT 1 FROM people WHERE secret IN ('1', '2')", ["people.secret predicate"]],
    ["SELECT 1 FROM people WHERE secret NOT IN ('1')", ["people.secret predicate"]],
    ["SELECT 1 FROM people WHERE secret LIKE ?", ["people.secret predicate"]],
    ["SELECT 1 FROM people WHERE NOT secret NOT LIKE '1%'", ["people.secret predicate"]],
    ["SELECT 1 FROM people WHERE id = 1 XOR secret LIKE '1%'", ["people.id equality", "people.secret predicate"]],
    [
      "SELECT 1 FROM people WHERE id = 1 AND 1 = IF(secret LIKE '1%', 1, 0)",
      ["people.id equality", "people.secret condition", "people.secret predicate"],
    ],
    [
      "SELECT 1 FROM people WHERE CASE WHEN id = 1 THEN secret LIKE '1%' ELSE 0 END",
      ["people.id condition", "people.id predicate", "people.secret predicate"],
    ],
    ["SELECT 1 FROM people WHERE UPPER(secret) = 'A'", ["people.secret predicate"]],
    ["SELECT 1 FROM people WHERE secret IS NOT NULL", ["people.secret null_test"]],
    ["SELECT 1 FROM people WHERE (secret, id) = ('1', 2)", ["people.secret equality", "people.id equality"]],
    ["SELECT 1 FROM people WHERE (secret, id) IN (('1', 2))", ["people.secret predicate", "people.id predicate"]],
    ["SELECT 1 FROM people WHERE MATCH (notes) AGAINST ('x')", ["people.notes predicate"]],
    [
      "SELECT 1 FROM people WHERE secret = (SELECT name FROM staff WHERE staff.id = 1)",
      ["people.secret predicate", "staff.id equality", "staff.name predicate"],
    ],
    [
      "SELECT 1 FROM people WHERE id IN (SELECT person_id FROM orders)",
      [
        "orders.person_id subquery",
        "people.id join_equality orders.person_id",
        "orders.person_id join_equality people.id",
      ],
    ],
    [
      "SELECT 1 FROM orders o JOIN people c ON c.id = o.person_id AND c.secret < '3'",
      ["people.id join_equality orders.person_id", "orders.person_id join_equality people.id", "people.secret join"],
    ],
    ["SELECT 1 FROM people HAVING MAX(secret) LIKE '5%'", ["people.secret predicate"]],
    ["SELECT id FROM people ORDER BY secret DESC", ["people.secret ordering"]],
    ["SELECT secret FROM people ORDER BY 1", ["people.secret ordering"]],
    [
      "SELECT id FROM products ORDER BY (SELECT secret FROM people c WHERE c.id = products.id)",
      ["people.id join_equality products.id", "products.id join_equality people.id", "people.secret ordering"],
    ],
    ["SELECT * FROM ((SELECT name, secret FROM people LIMIT 5) ORDER BY secret DESC) d", ["people.secret ordering"]],
    ["SELECT COUNT(*) FROM people GROUP BY secret WITH ROLLUP", ["people.secret grouping"]],
    ["SELECT secret, COUNT(*) FROM people GROUP BY 1", ["people.secret grouping"]],
    ["SELECT DISTINCT secret FROM people", ["people.secret distinct"]],
    ["SELECT secret FROM people UNION SELECT 'x'", ["people.secret distinct"]],
    ["SELECT secret FROM people UNION ALL SELECT 'x'", []],
    [
      "SELECT EXISTS (SELECT * FROM people WHERE id = 1 AND secret LIKE '1%')",
      ["people.id equality", "people.secret predicate"],
    ],
    ["SELECT EXISTS (SELECT secret FROM people)", []],
    ["CALL p((SELECT secret FROM people))", ["people.secret argument"]],
    ["SELECT secret FROM people INTO @x", ["people.secret into"]],
    ["SELECT secret INTO OUTFILE 'f' FROM people", ["people.secret into"]],
    ["CREATE TABLE t (s CHAR(11)) AS SELECT secret AS s FROM people", ["people.secret assigned_from"]],
    ["CREATE VIEW v AS SELECT secret FROM people", ["people.secret assigned_from"]],
  ])("%s", (sql, expected) => {
    expect(uses(sql)).toEqual(expected);
  });
});

describe("columns pinned in every row", () => {
  it.each([
    ["SELECT 1 FROM orders WHERE person_id = 5", ["orders person_id=1"]],
    ["SELECT 1 FROM orders WHERE person_id = ? AND status = 'x'", ["orders person_id=?0 status=2"]],
    [
      "SELECT 1 FROM orders WHERE (person_id = 1 AND status = 'x') OR person_id = 2",
      ["orders person_id=1 person_id=3"],
    ],
    ["SELECT 1 FROM orders WHERE person_id = 1 OR status = 'x'", ["orders"]],
    ["SELECT 1 FROM orders WHERE person_id = 1 || 1 = 1", ["orders"]],
    ["SELECT 1 FROM orders WHERE person_id = 1 XOR status = 'x' AND id = 3", ["orders"]],
    ["SELECT 1 FROM orders WHERE NOT person_id = 1", ["orders"]],
    ["SELECT 1 FROM orders WHERE NOT status = 'x' AND person_id = 1 OR id = 2", ["orders"]],
    ["SELECT 1 FROM orders WHERE person_id = 1 | 2", ["orders"]],
    ["SELECT 1 FROM orders WHERE person_id = 1 = 0", ["orders"]],
    ["SELECT 1 FROM orders WHERE id BETWEEN 1 AND person_id = 1", ["orders"]],
    ["SELECT 1 FROM orders WHERE (person_id = 1) IS NULL", ["orders"]],
    ["SELECT 1 FROM orders WHERE ! person_id = 1", ["orders"]],
    ["SELECT 1 FROM orders WHERE -person_id = 1", ["orders"]],
    ["SELECT 1 FROM orders WHERE person_id IN (1, 2)", ["orders person_id=1 person_id=2"]],
    ["SELECT 1 FROM orders WHERE person_id NOT IN (1)", ["orders"]],
    ["SELECT 1 FROM orders WHERE (person_id, id) = (1, 2)", ["orders person_id=1 id=2"]],
    ["SELECT 1 FROM orders HAVING person_id = 1", ["orders"]],
    ["SELECT 1 FROM orders a JOIN orders b ON b.id = a.id WHERE a.person_id = 1", ["orders person_id=1", "orders"]],
    ["SELECT 1 FROM orders o JOIN items i ON i.order_id = o.id AND i.id = 7", ["orders", "items id=1"]],
    ["SELECT 1 FROM orders o LEFT JOIN items i ON o.id = 7 AND i.id = 8", ["orders", "items id=2"]],
    ["SELECT 1 FROM orders o RIGHT JOIN items i ON o.id = 7 AND i.id = 8", ["orders id=1", "items"]],
    [
      "SELECT 1 FROM people p LEFT JOIN (orders o JOIN items i ON i.id = 4) ON o.id = p.id",
      ["people", "orders", "items id=1"],
    ],
    ["SELECT 1 FROM orders WHERE person_id = 1 UNION ALL SELECT 1 FROM orders", ["orders person_id=1", "orders"]],
    ["SELECT 1 FROM (SELECT * FROM orders) d WHERE d.person_id = 1", ["orders"]],
    ["SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM items WHERE o.person_id = 1)", ["orders", "items"]],
    ["SELECT 1 FROM v_ident WHERE ident = '1'", ["v_ident ident=1", "people"]],
    ["UPDATE scratch SET txt = 'x' WHERE id = 3", ["scratch id=1"]],
    ["DELETE FROM scratch WHERE id = ? LIMIT 1", ["scratch id=?0"]],
  ])("%s", (sql, expected) => {
    expect(pins(sql)).toEqual(expected);
  });

  it("is not pinned by a number when it holds text: name = 0 is true for almost every name", () => {
    expect(pins("SELECT 1 FROM people WHERE name = 0")).toEqual(["people"]);
    expect(pins("SELECT 1 FROM people WHERE name IN ('a', 0)")).toEqual(["people"]);
    expect(pins("SELECT 1 FROM people WHERE id = '5'")).toEqual(["people id=1"]);
    const [table] = understood("SELECT 1 FROM people WHERE name = ?").tables;
    expect(table?.pins).toEqual([{ column: "name", value: { kind: "parameter", parameter: 0 }, textual: true }]);
  });
});

describe("writes", () => {
  const written = (sql: string) => {
    const analysis = understood(sql);
    return {
      class: analysis.class,
      tables: analysis.tables.map((one) => `${one.table} ${one.access}`),
      writes: analysis.writes.map((one) => `${short(one.column)} ${one.source}`),
    };
  };

  it.each([
    [
      "INSERT INTO scratch (txt, num) VALUES ('a', ?), (DEFAULT, -2)",
      "insert",
      ["scratch write"],
      ["scratch.txt value", "scratch.num value"],
    ],
    [
      "INSERT INTO scratch VALUES (1, 'a', 2)",
      "insert",
      ["scratch write"],
      ["scratch.id value", "scratch.txt value", "scratch.num value"],
    ],
    ["INSERT IGNORE INTO scratch SET txt = UPPER('x')", "insert", ["scratch write"], ["scratch.txt value"]],
    ["REPLACE scratch (id) VALUES (1)", "replace", ["scratch write"], ["scratch.id value"]],
    [
      "INSERT INTO scratch (txt) SELECT secret FROM people",
      "insert",
      ["scratch write", "people read"],
      ["scratch.txt derived"],
    ],
    [
      "INSERT INTO scratch (txt) VALUES ((SELECT secret FROM people WHERE id = 1))",
      "insert",
      ["scratch write", "people read"],
      ["scratch.txt derived"],
    ],
    ["INSERT INTO v_ident (ident) VALUES ('x')", "insert", ["v_ident write", "people read"], ["people.secret value"]],
    ["UPDATE scratch SET num = num + 1 WHERE id = 1", "update", ["scratch write"], ["scratch.num derived"]],
    [
      "UPDATE LOW_PRIORITY scratch s, people p SET s.txt = p.secret WHERE s.id = p.id",
      "update",
      ["scratch write", "people read"],
      ["scratch.txt derived"],
    ],
    [
      "WITH x AS (SELECT id, secret FROM people) UPDATE scratch JOIN x USING (id) SET scratch.txt = x.secret",
      "update",
      ["people read", "scratch write"],
      ["scratch.txt derived"],
    ],
    ["DELETE FROM scratch WHERE id = 2", "delete", ["scratch write"], []],
    ["DELETE s FROM scratch s JOIN products p ON p.id > 0", "delete", ["scratch write", "products read"], []],
    ["DELETE FROM s USING scratch s JOIN products p ON p.id = s.id", "delete", ["scratch write", "products read"], []],
    ["DELETE shop.scratch.*, products FROM scratch, products", "delete", ["scratch write", "products write"], []],
    ["TRUNCATE TABLE scratch", "truncate", ["scratch ddl"], []],
    ["DROP TABLE IF EXISTS scratch, orders", "drop_table", ["scratch ddl", "orders ddl"], []],
    ["DROP TABLE IF EXISTS scratch, not_yet", "drop_table", ["scratch ddl", "not_yet ddl"], []],
    ["RENAME TABLE scratch TO other.fresh", "rename_table", ["scratch ddl", "fresh ddl"], []],
    ["ALTER TABLE people CHANGE secret nickname CHAR(11)", "alter_table", ["people ddl"], []],
    [
      "ALTER TABLE scratch ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES people (id)",
      "alter_table",
      ["scratch ddl", "people ddl"],
      [],
    ],
    ["CREATE TABLE fresh LIKE people", "create_table", ["fresh ddl", "people read"], []],
    [
      "CREATE TABLE fresh (id INT, p INT REFERENCES people (id)) ENGINE=InnoDB",
      "create_table",
      ["fresh ddl", "people read"],
      [],
    ],
    ["CREATE UNIQUE INDEX i ON people (secret)", "create_index", ["people ddl"], []],
  ])("%s", (sql, statementClass, tables, writes) => {
    expect(written(sql)).toEqual({ class: statementClass, tables, writes });
  });

  it("says which column flows into which", () => {
    expect(uses("INSERT INTO scratch (id, txt) SELECT id, secret FROM people")).toEqual([
      "people.id assigned_from scratch.id",
      "people.secret assigned_from scratch.txt",
    ]);
    expect(uses("INSERT INTO scratch (id) VALUES (1) ON DUPLICATE KEY UPDATE txt = CONCAT(txt, VALUES(id))")).toEqual([
      "scratch.txt assigned_from scratch.txt",
    ]);
    expect(
      uses("INSERT INTO scratch (id, txt) SELECT id, secret FROM people ON DUPLICATE KEY UPDATE num = VALUES(txt)"),
    ).toContain("people.secret assigned_from scratch.num");
  });

  it.each([
    ["UPDATE scratch SET txt = 'x'", ["write_without_where"]],
    ["DELETE FROM scratch WHERE id > 0 LIMIT 999", ["write_with_limit"]],
    ["UPDATE scratch, orders SET orders.status = 'x' WHERE scratch.id = 1", ["multi_table_write"]],
    [
      "UPDATE scratch SET num = 1 WHERE (SELECT secret FROM people WHERE id = 1) LIKE '1%'",
      ["subquery", "subquery_in_write"],
    ],
    ["INSERT IGNORE INTO scratch SELECT * FROM scratch", ["ignore", "insert_from_query", "select_star"]],
    ["INSERT INTO scratch (id) VALUES (1) ON DUPLICATE KEY UPDATE id = 2", ["on_duplicate_key"]],
    ["INSERT INTO scratch (id) VALUES (1) RETURNING txt", ["returning"]],
    ["DELETE FROM scratch WHERE id = 1 RETURNING *", ["returning", "select_star"]],
    ["UPDATE people SET name = 'x' WHERE id = 1", ["triggers_fire"]],
    ["CREATE TEMPORARY TABLE people (id INT)", ["temporary_table"]],
    ["SELECT * FROM scratch FOR UPDATE", ["locking_read", "select_star"]],
    ["SELECT id FROM scratch LOCK IN SHARE MODE", ["locking_read"]],
    ["SELECT id FROM scratch FOR SHARE OF scratch SKIP LOCKED", ["locking_read"]],
    ["SELECT 1 FROM scratch WHERE id IN (SELECT id FROM orders FOR UPDATE)", ["locking_read", "subquery"]],
    ["SELECT 1 UNION SELECT id FROM scratch INTO OUTFILE './f'", ["into_file", "set_operation"]],
    ["SELECT id INTO @a FROM scratch", ["into_variable"]],
    ["SELECT @a", ["user_variable"]],
    ["SELECT SQL_CALC_FOUND_ROWS id FROM scratch LIMIT 0", ["calc_found_rows"]],
  ])("%s is flagged", (sql, flags) => {
    expect([...understood(sql).flags].sort()).toEqual([...flags].sort());
  });
});

describe("limits, values, functions and variables", () => {
  it.each([
    ["SELECT id FROM people LIMIT 10", true, ["literal 0"]],
    ["SELECT id FROM people LIMIT 10, ?", true, ["parameter 0"]],
    ["SELECT id FROM people LIMIT 10 OFFSET 20", true, ["literal 0"]],
    ["SELECT id FROM people", false, []],
    ["SELECT 1", false, ["rows 1"]],
    ["(SELECT id FROM people LIMIT 3) UNION ALL (SELECT id FROM orders LIMIT 4)", true, ["literal 0", "literal 1"]],
    ["(SELECT id FROM people LIMIT 3) UNION ALL SELECT id FROM orders", false, []],
    ["SELECT id FROM (SELECT id FROM people LIMIT 3) d", false, []],
    ["SELECT id FROM people UNION SELECT id FROM orders LIMIT 5", true, ["literal 0"]],
  ])("%s", (sql, present, terms) => {
    const { limit } = understood(sql);
    const texts = limit.terms.map((term) =>
      term.kind === "rows"
        ? `rows ${term.rows}`
        : `${term.kind} ${term.kind === "literal" ? term.literal : term.parameter}`,
    );
    expect({ present: limit.present, terms: texts }).toEqual({ present, terms });
  });

  it("says what every literal and parameter is for", () => {
    const roles = (sql: string) =>
      understood(sql).values.map(
        (use) => `${use.role.role}${"column" in use.role ? ` ${short(use.role.column)}` : ""}`,
      );
    expect(roles("SELECT 'x', id FROM orders WHERE person_id = ? AND total > 5 LIMIT 10 OFFSET 20")).toEqual([
      "other",
      "equality orders.person_id",
      "other",
      "limit",
      "offset",
    ]);
    expect(roles("UPDATE scratch SET txt = ? WHERE id = 3")).toEqual(["assigned scratch.txt", "equality scratch.id"]);
    expect(roles("SELECT total FROM v_filtered JOIN orders ON 1 = 2")).toEqual(["other", "other"]);
  });

  it("knows safe built-ins and leaves everything else to be named by a rule", () => {
    const unknown = (sql: string) =>
      understood(sql)
        .functions.filter((one) => one.effect === "unknown")
        .map((one) => (one.schema === null ? one.name : `${one.schema}.${one.name}`));
    expect(unknown("SELECT UPPER(name), NOW(), COUNT(*), LAST_INSERT_ID(), CURRENT_USER FROM people")).toEqual([]);
    expect(unknown("SELECT SLEEP(1), BENCHMARK(1, 2), LOAD_FILE('/etc/passwd'), GET_LOCK('a', 1)")).toEqual([
      "sleep",
      "benchmark",
      "load_file",
      "get_lock",
    ]);
    expect(unknown("SELECT label_of(id), shop.upper(name), LAST_INSERT_ID(5) FROM people")).toEqual([
      "label_of",
      "shop.upper",
      "last_insert_id",
    ]);
    // MariaDB: a default may be NEXTVAL(sequence), and asking for it moves the sequence on. A row with its default is a write anyway.
    expect(unknown("SELECT DEFAULT(name) FROM people")).toEqual(["default"]);
    expect(unknown("INSERT INTO people (id, name) VALUES (1, DEFAULT)")).toEqual([]);
    expect(unknown("SELECT NOW (), SUM (id), `max`(id) FROM people")).toEqual(["NOW", "SUM", "max"]);
    expect(unknown("CALL refund(1)")).toEqual(["refund"]);
  });

  it("lists the system variables that are read", () => {
    expect(understood("SELECT @@version, @@SESSION.sql_mode, @@global.tx_isolation").systemVariables).toEqual([
      "version",
      "sql_mode",
      "tx_isolation",
    ]);
  });
});
