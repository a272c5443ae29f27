import { describe, expect, it } from "vitest";
import { understand } from "@/lib/policy/understand";
import { type CatalogueSnapshot, compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { decideMasks } from "./decide";
import { mask } from "./mask";
import { maskScope } from "./mask-scope";
import { compileMasks } from "./mask-set";
import { adviseRefusal, describeRefusal } from "./refusal";

/** The small shop with indexes that order people by what is masked, and routines whose text can be seen. */
const SNAPSHOT: CatalogueSnapshot = {
  ...SHOP,
  tables: SHOP.tables.map((table) =>
    table.schema === "shop" && table.name === "staff"
      ? { ...table, indexes: [{ name: "k_boss", unique: false, columns: ["boss_id", "pay"] }] }
      : table.schema === "shop" && table.name === "people"
        ? {
            ...table,
            indexes: [
              { name: "PRIMARY", unique: true, columns: ["id"] },
              { name: "k_secret", unique: false, columns: ["secret"] },
              { name: "uq_mail", unique: true, columns: ["mail"] },
              { name: "k_name", unique: false, columns: ["name", "secret"] },
            ],
          }
        : table,
  ),
  routines: [
    {
      schema: "shop",
      name: "label_of",
      kind: "function",
      body: "RETURN (SELECT mail FROM people LIMIT 1)",
      security: "definer",
    },
    { schema: "shop", name: "twice", kind: "function", body: "RETURN 2 * n", security: "definer" },
    { schema: "shop", name: "card", kind: "procedure", body: "SELECT ident FROM v_ident", security: "definer" },
    { schema: "shop", name: "ping", kind: "procedure", body: "SELECT 1", security: "definer" },
    { schema: "shop", name: "blind", kind: "procedure", body: null, security: "definer" },
    { schema: "shop", name: "any_text", kind: "procedure", body: "PREPARE s FROM q", security: "definer" },
  ],
};
const CATALOGUE = compileCatalogue(SNAPSHOT);

interface Settings {
  readonly secret?: object;
  readonly mail?: object;
  readonly groups?: readonly string[];
}

function decided(sql: string, { secret, mail, groups = [] }: Settings = {}) {
  const masks = [
    mask.parse({ column: "shop.people.secret", method: "redact", ...secret }),
    mask.parse({ column: "shop.people.mail", method: "token", ...mail }),
    mask.parse({ column: "shop.people.born", method: "year" }),
    mask.parse({ column: "shop.staff.pay", method: "bucket", options: { size: 1000 } }),
  ];
  const scope = maskScope(compileMasks(masks, groups), CATALOGUE);
  if (scope === null) throw new Error("there are masks");
  const context = { dialect: "mariadb", catalogue: CATALOGUE, defaultSchema: "shop", pipesAsConcat: false } as const;
  const understood = understand(Buffer.from(sql), context);
  if (!understood.ok) throw new Error(`${understood.code}: ${understood.message}`);
  return decideMasks(understood.subject, understood.analysis, scope);
}

/** `ok` with the methods of the result's columns (`-`: shown), or the kind of the refusal and what it is about. */
function outcome(sql: string, settings: Settings = {}): string {
  const decision = decided(sql, settings);
  if (decision.ok) return ["ok", ...(decision.outputs ?? []).map((one) => one?.method ?? "-")].join(" ");
  const { refusal } = decision;
  if (refusal.kind === "use") return `${refusal.place} ${refusal.column.table}.${refusal.column.column}`;
  return "column" in refusal ? `${refusal.kind} ${refusal.column.table}.${refusal.column.column}` : refusal.kind;
}

describe("a masked column in the result", () => {
  it.each([
    ["SELECT id, secret FROM people", "ok - redact"],
    ["SELECT * FROM people", "ok - - token redact year -"],
    ["SELECT p.secret AS name FROM people p", "ok redact"],
    ["SELECT (((secret))) FROM people", "ok redact"],
    ["SELECT d.x FROM (SELECT secret AS x FROM people) d", "ok redact"],
    ["WITH products AS (SELECT secret AS name FROM people) SELECT name FROM products", "ok redact"],
    ["SELECT ident FROM v_ident", "ok redact"],
    ["SELECT secret FROM other.people", "ok -"],
    ["SELECT name FROM products UNION ALL SELECT secret FROM people", "ok redact"],
    ["SELECT mail FROM people UNION ALL SELECT mail FROM people", "ok token"],
    ["SELECT mail FROM people UNION ALL SELECT secret FROM people", "ok redact"],
    ["SELECT mail FROM people UNION ALL SELECT name FROM people", "ok redact"],
    ["SELECT band, pay FROM staff", "ok null bucket"],
    ["SELECT p.secret FROM products x JOIN (orders o JOIN people p ON p.id = o.person_id) ON o.id = x.id", "ok redact"],
    ["TABLE people", "ok - - token redact year -"],
  ])("%s: %s", (sql, expected) => expect(outcome(sql)).toBe(expected));

  it.each([
    ["SELECT CONCAT(secret, '') AS x FROM people", "derived people.secret"],
    ["SELECT secret COLLATE utf8mb4_bin FROM people", "fallible people.secret"],
    ["SELECT tag FROM v_tag", "derived people.secret"],
    ["SELECT MAX(secret) FROM people", "derived people.secret"],
    ["SELECT GROUP_CONCAT(secret) FROM people", "derived people.secret"],
    ["SELECT (SELECT secret FROM people LIMIT 1)", "derived people.secret"],
    ["SELECT secret LIKE '1%' FROM people", "derived people.secret"],
    ["SELECT IF(secret LIKE '1%', 1, 0) FROM people", "condition people.secret"],
    ["SELECT pay DIV 1000 FROM staff", "fallible staff.pay"],
    ["SELECT pay FROM (SELECT id, CASE WHEN pay > 1 THEN 'a' END AS pay FROM staff) d", "condition staff.pay"],
  ])("is refused when it is computed with: %s (%s)", (sql, expected) => expect(outcome(sql)).toBe(expected));

  it("is hidden whole when it is computed with and its mask allows that, but for what fails or takes long by its value", () => {
    const settings = { secret: { derived: "mask" } };
    expect(outcome("SELECT id, UPPER(CONCAT(name, secret)) FROM people", settings)).toBe("ok - null");
    expect(outcome("SELECT MAX(secret) FROM people", settings)).toBe("ok null");
    expect(outcome("SELECT secret + 1 FROM people", settings)).toBe("fallible people.secret");
    expect(outcome("SELECT EXTRACTVALUE(secret, '/a') FROM people", settings)).toBe("fallible people.secret");
    expect(outcome("SELECT IF(secret LIKE '1%', 1, 2) FROM people", settings)).toBe("condition people.secret");
    expect(outcome("SELECT CONCAT(secret, (SELECT COUNT(*) FROM orders)) FROM people", settings)).toBe(
      "timing people.secret",
    );
    expect(outcome("SELECT COALESCE(NULLIF(secret, 'x'), REPEAT('a', 1000)) FROM people", settings)).toBe(
      "fallible people.secret",
    );
    expect(outcome("SELECT CONCAT(secret, mail) FROM people", settings)).toBe("derived people.mail");
  });
});

describe("a masked column of a view", () => {
  const masked = (sql: string, more: object = {}) => {
    const masks = [mask.parse({ column: "shop.v_names.name", method: "partial", options: { keep_last: 1 }, ...more })];
    const scope = maskScope(compileMasks(masks, []), CATALOGUE);
    const context = { dialect: "mariadb", catalogue: CATALOGUE, defaultSchema: "shop", pipesAsConcat: false } as const;
    const understood = understand(Buffer.from(sql), context);
    if (scope === null || !understood.ok) throw new Error("not understood");
    const decision = decideMasks(understood.subject, understood.analysis, scope);
    return decision.ok ? decision.outputs?.map((one) => one?.method ?? "-").join() : decision.refusal.kind;
  };

  it("is masked under the view's name and whatever is made of that, and not under the table's own", () => {
    expect(masked("SELECT id, name FROM v_names")).toBe("-,partial");
    expect(masked("SELECT d.x FROM (SELECT v.name AS x FROM v_names v) d")).toBe("partial");
    expect(masked("SELECT name FROM people")).toBe("-");
    expect(masked("SELECT UPPER(name) FROM v_names")).toBe("derived");
    expect(masked("SELECT id FROM v_names WHERE name LIKE 'a%'")).toBe("use");
    expect(masked("SELECT id FROM v_names ORDER BY name")).toBe("use");
    expect(masked("SELECT id FROM v_names WHERE name = 'a'", { predicates: "equality" })).toBe("-");
    expect(masked("SELECT p.id FROM people p JOIN v_names v ON v.name = p.name")).toBe("use");
    expect(masked("INSERT INTO scratch (txt) SELECT name FROM v_names")).toBe("use");
    expect(masked("EXPLAIN SELECT name FROM v_names")).toBe("explain");
    expect(masked("SELECT tag FROM v_tag", { column: "shop.v_tag.tag" })).toBe("null");
    expect(masked("SELECT UPPER(tag) FROM v_tag", { column: "shop.v_tag.tag" })).toBe("derived");
  });
});

describe("a masked column outside of the result", () => {
  const uses: readonly [string, string][] = [
    ["SELECT id FROM people WHERE secret LIKE '1%'", "predicate people.secret"],
    ["SELECT id FROM people WHERE secret < '5'", "predicate people.secret"],
    ["SELECT id FROM people WHERE secret IN ('1', '2')", "predicate people.secret"],
    ["SELECT id FROM people ORDER BY secret", "ordering people.secret"],
    [
      "SELECT id AS x FROM people ORDER BY (SELECT secret FROM people p WHERE p.id = people.id)",
      "ordering people.secret",
    ],
    ["SELECT COUNT(*) FROM people GROUP BY secret", "grouping people.secret"],
    ["SELECT DISTINCT secret FROM people", "distinct people.secret"],
    ["SELECT name FROM products UNION SELECT secret FROM people", "distinct people.secret"],
    ["SELECT '1' INTERSECT SELECT secret FROM people", "distinct people.secret"],
    ["SELECT COUNT(DISTINCT secret) FROM people", "distinct people.secret"],
    ["SELECT name, RANK() OVER (ORDER BY secret) FROM people", "window people.secret"],
    ["SELECT COUNT(*) FROM people HAVING MAX(secret) LIKE '5%'", "predicate people.secret"],
    ["SELECT 1 FROM products WHERE name IN (SELECT secret FROM people)", "subquery people.secret"],
    ["SELECT o.id FROM orders o JOIN people p ON p.id = o.person_id AND p.secret < '3'", "join people.secret"],
    ["SELECT EXISTS (SELECT 1 FROM people WHERE secret LIKE '1%')", "predicate people.secret"],
    ["SELECT id FROM v_filtered", "predicate people.secret"],
  ];
  it.each(uses)("is refused by default: %s (%s)", (sql, expected) => expect(outcome(sql)).toBe(expected));
  it.each(uses)("is let pass where its mask says any: %s", (sql) => {
    expect(outcome(sql, { secret: { predicates: "any", derived: "mask" } })).toMatch(/^ok/);
  });

  it("may always be tested for NULL and counted", () => {
    expect(outcome("SELECT id, secret IS NULL, COUNT(secret) FROM people WHERE mail IS NOT NULL GROUP BY id")).toBe(
      "ok - - -",
    );
  });

  it("may be compared with one value where its mask says equality, and with nothing else", () => {
    const equality = { mail: { predicates: "equality" } };
    expect(outcome("SELECT id FROM people WHERE mail = 'a@b.example'")).toBe("equality people.mail");
    expect(outcome("SELECT id FROM people WHERE mail = 'a@b.example'", equality)).toBe("ok -");
    expect(outcome("SELECT id FROM people WHERE mail = ?", equality)).toBe("ok -");
    expect(outcome("SELECT id FROM people WHERE mail > 'a'", equality)).toBe("predicate people.mail");
    expect(outcome("SELECT id FROM people WHERE mail <> 'a'", equality)).toBe("predicate people.mail");
    expect(outcome("SELECT p.id FROM people p JOIN products x ON x.name = p.mail", equality)).toBe(
      "join_equality people.mail",
    );
    expect(outcome("SELECT x.mail FROM (SELECT 'a' AS mail) x JOIN people USING (mail)", equality)).toBe(
      "join people.mail",
    );
  });

  it("may be joined with columns of its class only", () => {
    const sql = "SELECT a.id FROM people a JOIN people b ON a.secret = b.mail";
    expect(outcome(sql)).toBe("join_equality people.secret");
    expect(outcome(sql, { secret: { join_class: "x" }, mail: { join_class: "x" } })).toBe("ok -");
    expect(outcome(sql, { secret: { join_class: "x" }, mail: { join_class: "y" } })).toBe(
      "join_equality people.secret",
    );
    const self = "SELECT a.id FROM people a JOIN people b ON a.secret = b.secret";
    expect(outcome(self)).toBe("join_equality people.secret");
    expect(outcome(self, { secret: { join_class: "x" } })).toBe("ok -");
  });
});

describe("copies, writes and definitions", () => {
  it.each([
    ["INSERT INTO scratch (txt) SELECT secret FROM people", "assigned_from people.secret"],
    ["INSERT INTO scratch (txt) VALUES ((SELECT mail FROM people LIMIT 1))", "assigned_from people.mail"],
    ["REPLACE INTO scratch (id, txt) SELECT id, secret FROM people", "assigned_from people.secret"],
    ["UPDATE people SET notes = secret", "assigned_from people.secret"],
    ["UPDATE scratch s JOIN people p ON p.id = s.id SET s.txt = p.secret", "assigned_from people.secret"],
    [
      "INSERT INTO scratch (id) VALUES (1) ON DUPLICATE KEY UPDATE txt = (SELECT secret FROM people LIMIT 1)",
      "assigned_from people.secret",
    ],
    ["CREATE TABLE t AS SELECT secret FROM people", "assigned_from people.secret"],
    ["CREATE VIEW v AS SELECT secret AS s FROM people", "assigned_from people.secret"],
    ["SELECT secret INTO @x FROM people", "into people.secret"],
    ["SELECT secret FROM people INTO OUTFILE 'x'", "into people.secret"],
    ["UPDATE people SET secret = '1' WHERE id = 1", "update people.secret"],
    ["INSERT INTO people (id, mail) VALUES (1, 'a@b.example')", "unique people.mail"],
    ["ALTER TABLE people CHANGE secret nickname CHAR(11)", "definition people.mail"],
    ["RENAME TABLE people TO folk", "definition people.mail"],
    ["CREATE TABLE t LIKE people", "definition people.mail"],
    ["CREATE INDEX k ON people (name)", "definition people.mail"],
    ["CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW SET NEW.notes = OLD.secret", "opaque"],
    ["CHECKSUM TABLE people", "opaque"],
  ])("%s is refused (%s)", (sql, expected) => expect(outcome(sql)).toBe(expected));

  it("is refused where a join could then tell whether the value was guessed", () => {
    const sql = "INSERT INTO people (id, secret) VALUES (1, '123')";
    expect(outcome(sql)).toBe("ok");
    expect(outcome(sql, { secret: { join_class: "x" } })).toBe("joinable people.secret");
  });

  it.each([
    "INSERT INTO people (id, name, secret) VALUES (1, 'a', '123')",
    "UPDATE people SET name = 'b' WHERE id = 1",
    "DELETE FROM people WHERE id = 1",
    "INSERT INTO scratch (txt) SELECT name FROM people",
    "ALTER TABLE scratch ADD COLUMN x INT",
    "CREATE VIEW v AS SELECT id, name FROM people",
  ])("%s is let pass", (sql) => expect(outcome(sql)).toMatch(/^ok/));

  it("names the values that must not be what a mask shows", () => {
    const decision = decided("INSERT INTO people (id, name, secret) VALUES (1, 'a', '123'), (2, 'b', ?)");
    expect(decision.ok && decision.written.map((one) => [one.value.kind, one.column.column])).toEqual([
      ["literal", "secret"],
      ["parameter", "secret"],
    ]);
  });
});

describe("what else could tell", () => {
  it.each([
    ["EXPLAIN SELECT secret FROM people WHERE id = 1", "explain people.secret"],
    ["EXPLAIN SELECT name FROM people WHERE id = 1", "ok -"],
    ["SELECT label_of(1)", "routine"],
    ["SELECT twice(1)", "ok -"],
    ["CALL card(1)", "routine"],
    ["CALL blind()", "routine"],
    ["CALL any_text()", "routine"],
    ["CALL ping()", "ok"],
    ["SELECT id FROM people FORCE INDEX (k_secret)", "index people.secret"],
    ["SELECT id FROM people IGNORE INDEX (k_secret)", "ok -"],
  ])("%s: %s", (sql, expected) => expect(outcome(sql)).toBe(expected));

  it("keeps the server from reading rows in the order of a masked column, wherever the table is named", () => {
    const avoided = (sql: string, settings: Settings = {}) => {
      const decision = decided(sql, settings);
      if (!decision.ok) throw new Error(decision.refusal.kind);
      return [decision.order.avoid.map((one) => `${one.at} ${one.indexes.join()}`), decision.order.open.length];
    };
    expect(avoided("SELECT id FROM people")).toEqual([["4 k_secret,uq_mail,k_name"], 0]);
    expect(avoided("SELECT p.id FROM people AS p LIMIT 1")).toEqual([["8 k_secret,uq_mail,k_name"], 0]);
    expect(avoided("SELECT id FROM orders")).toEqual([[], 0]);
    expect(avoided("SELECT x FROM (SELECT id AS x FROM people LIMIT 1) d")).toEqual([
      ["10 k_secret,uq_mail,k_name"],
      0,
    ]);
    expect(avoided("SELECT id FROM people WHERE mail = 'x'", { mail: { predicates: "equality" } })).toEqual([
      ["4 k_secret,k_name"],
      1,
    ]);
    expect(avoided("SELECT id FROM people", { secret: { predicates: "any" } })).toEqual([["4 uq_mail"], 0]);
    expect(avoided("SELECT id FROM v_names")).toEqual([[], 1]);
    expect(avoided("SELECT id FROM staff WHERE boss_id = 1")).toEqual([[], 1]);
    expect(avoided("SELECT id FROM staff")).toEqual([["4 k_boss"], 0]);
    expect(avoided("DELETE FROM people WHERE name = 'a' LIMIT 1")).toEqual([[], 1]);
    expect(avoided("INSERT INTO people (id) VALUES (1)")).toEqual([[], 0]);
  });

  it("knows what touches a masked column, for the texts of errors and warnings", () => {
    const touches = (sql: string) => {
      const decision = decided(sql);
      return decision.ok && decision.touches;
    };
    expect(touches("SELECT secret FROM people")).toBe(true);
    expect(touches("SELECT COUNT(secret) FROM people")).toBe(true);
    expect(touches("UPDATE people SET name = 'x'")).toBe(true);
    expect(touches("SELECT name FROM people")).toBe(false);
    expect(touches("SELECT id FROM orders")).toBe(false);
  });

  it("knows what names a masked column, which a write to the table's other columns does not", () => {
    const names = (sql: string) => {
      const decision = decided(sql);
      return decision.ok && decision.names;
    };
    expect(names("SELECT secret FROM people")).toBe(true);
    expect(names("SELECT COUNT(secret) FROM people")).toBe(true);
    expect(names("INSERT INTO people (id, secret) VALUES (1, 'x')")).toBe(true);
    expect(names("UPDATE people SET name = 'x'")).toBe(false);
    expect(names("INSERT INTO people (id) VALUES (1)")).toBe(false);
    expect(names("DELETE FROM people WHERE id = 1")).toBe(false);
    expect(names("SELECT name FROM people")).toBe(false);
  });
});

describe("exemptions", () => {
  it("show the value to the groups they name, and say so", () => {
    const settings = { secret: { exempt: ["fraud"] }, groups: ["fraud"] };
    const decision = decided("SELECT secret FROM people WHERE secret LIKE '1%'", settings);
    expect(decision).toMatchObject({
      ok: true,
      outputs: [null],
      exempt: [{ column: { column: "secret" }, groups: ["fraud"] }],
    });
    expect(outcome("SELECT secret, mail FROM people", settings)).toBe("ok - token");
    expect(outcome("SELECT secret FROM people", { secret: { exempt: ["fraud"] }, groups: ["support"] })).toBe(
      "ok redact",
    );
  });
});

describe("refusals in words", () => {
  it("say which column, which use, and what would be allowed instead", () => {
    const words = (sql: string, settings: Settings = {}) => {
      const decision = decided(sql, settings);
      if (decision.ok) throw new Error("not refused");
      return `${describeRefusal(decision.refusal)}. ${adviseRefusal(decision.refusal)}.`;
    };
    expect(words("SELECT id FROM people WHERE secret LIKE '1%'")).toBe(
      "The column shop.people.secret is masked and may not be used in a condition. Leave it out there, or select it as it is (IS NULL and COUNT are fine too).",
    );
    expect(words("SELECT id FROM people WHERE mail LIKE '1%'", { mail: { predicates: "equality" } })).toMatch(
      /compare it by = with one value\.$/,
    );
    expect(words("SELECT UPPER(secret) AS up FROM people")).toBe(
      "Result column 1 (up) is computed from shop.people.secret, which is masked. Leave the computation out and select it as it is (IS NULL and COUNT are fine too).",
    );
  });
});
