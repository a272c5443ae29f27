import { describe, expect, it } from "vitest";
import { understand } from "@/lib/policy/understand";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { decideMasks } from "./decide";
import { type Mask, mask } from "./mask";
import { maskScope } from "./mask-scope";
import { compileMasks } from "./mask-set";

const CATALOGUE = compileCatalogue(SHOP);

/** `ok` with the methods of the result's columns (`-`: shown), or why it is refused. */
function outcome(sql: string, settings: Partial<Mask> = {}, column = "shop.people.secret"): string {
  const scope = maskScope(compileMasks([mask.parse({ column, method: "redact", ...settings })], []), CATALOGUE);
  if (scope === null) throw new Error("there is a mask");
  const context = { dialect: "mariadb", catalogue: CATALOGUE, defaultSchema: "shop", pipesAsConcat: false } as const;
  const understood = understand(Buffer.from(sql), context);
  if (!understood.ok) throw new Error(`${understood.code}: ${understood.message}`);
  const decision = decideMasks(understood.subject, understood.analysis, scope);
  if (decision.ok) return ["ok", ...(decision.outputs ?? []).map((one) => one?.method ?? "-")].join(" ");
  return decision.refusal.kind === "use" ? decision.refusal.place : decision.refusal.kind;
}

describe("positions that are not written as one", () => {
  it.each(["+2", "- -2", "-(-(2))", "TRUE", "NOT FALSE", "1 AND TRUE", "?"])(
    "ORDER BY %s could be the second column",
    (position) => {
      expect(outcome(`SELECT id, secret FROM people ORDER BY ${position}`)).toBe("ordering");
      expect(outcome(`SELECT secret FROM people UNION ALL SELECT name FROM people ORDER BY ${position}`)).toBe(
        "ordering",
      );
      expect(outcome(`SELECT id, secret, COUNT(*) FROM people GROUP BY ${position}`)).toBe("grouping");
      expect(outcome(`SELECT id, name FROM people ORDER BY ${position}`)).toBe("ok - -");
    },
  );

  it.each(["NULL", "RAND()", "id + 1", "(SELECT 1)", "'2'"])("ORDER BY %s is none", (expression) => {
    expect(outcome(`SELECT id, secret FROM people ORDER BY ${expression}`)).toBe("ok - redact");
  });
});

describe("how many rows there are", () => {
  it("is not told by DISTINCT * inside EXISTS", () => {
    const rows = "(SELECT DISTINCT * FROM (SELECT secret FROM people) d LIMIT 1 OFFSET 5)";
    expect(outcome(`SELECT EXISTS ${rows}`)).toBe("distinct");
    expect(outcome("SELECT EXISTS (SELECT * FROM people WHERE id = 1)")).toBe("ok -");
  });

  it("is not told by JSON_TABLE over a masked document", () => {
    const sql = "SELECT p.id FROM products p, JSON_TABLE(p.attributes, '$[*]' COLUMNS (x INT PATH '$')) j";
    expect(outcome(sql, {}, "shop.products.attributes")).toBe("predicate");
    expect(outcome(sql, {}, "shop.products.sku")).toBe("ok -");
  });

  it("is not told by naming partitions of a table with a masked column", () => {
    expect(outcome("SELECT id FROM people PARTITION (p0)")).toBe("partition");
    expect(outcome("DELETE FROM people PARTITION (p0) WHERE id = 1")).toBe("partition");
    expect(outcome("SELECT id FROM people PARTITION (p0)", { predicates: "any" })).toBe("ok -");
    expect(outcome("SELECT id FROM orders PARTITION (p0)")).toBe("ok -");
  });
});

describe("computations that are hidden whole", () => {
  it.each([
    "IFNULL(NULLIF(secret, 'x'), id + 18446744073709551615)",
    "secret = 'x' AND id + 18446744073709551615",
    "secret IN ('x', id + 18446744073709551615)",
    "CONCAT(NULLIF(secret, 'x'), ~0 + 1)",
    "COALESCE(NULLIF(secret, 'x'), CAST(id AS CHAR))",
  ])("do not tell by failing where they are reached: %s", (expression) => {
    expect(outcome(`SELECT ${expression} FROM people`, { derived: "mask" })).toBe("fallible");
  });

  it("do not tell by failing in a derived table that the server merges", () => {
    const inner = "(SELECT secret, id + 18446744073709551615 AS y FROM people) d";
    expect(outcome(`SELECT IFNULL(NULLIF(d.secret, 'x'), d.y) FROM ${inner}`, { derived: "mask" })).toBe("fallible");
  });

  it("give NULL for every row: being NULL could be made to tell", () => {
    expect(outcome("SELECT NULLIF(secret, 'x'), secret FROM people", { derived: "mask" })).toBe("ok null redact");
  });

  it("may stand beside others that can fail", () => {
    expect(outcome("SELECT UPPER(secret), id * 2 FROM people", { derived: "mask" })).toBe("ok null -");
    expect(outcome("SELECT IF(id / 2 > 1, secret, 'x') FROM people", { derived: "mask" })).toBe("ok null");
  });
});

describe("masks on the columns of views", () => {
  const own = (sql: string, settings: Partial<Mask> = {}) => outcome(sql, settings, "shop.v_names.name");

  it("hide the column by their own method, however it is reached", () => {
    expect(own("SELECT * FROM v_names")).toBe("ok - redact");
    expect(own("SELECT d.n FROM (SELECT v.name AS n FROM v_names v) d")).toBe("ok redact");
    expect(own("SELECT name FROM people")).toBe("ok -");
  });

  it("hold for everything else that the column is used for", () => {
    expect(own("SELECT UPPER(name) FROM v_names")).toBe("derived");
    expect(own("SELECT UPPER(name) FROM v_names", { derived: "mask" })).toBe("ok null");
    expect(own("SELECT id FROM v_names WHERE name LIKE 'A%'")).toBe("predicate");
    expect(own("SELECT id FROM v_names WHERE name = 'Ada'")).toBe("equality");
    expect(own("SELECT id FROM v_names ORDER BY name")).toBe("ordering");
    expect(own("SELECT COUNT(name) FROM v_names WHERE name IS NOT NULL")).toBe("ok -");
    expect(own("INSERT INTO products (name) SELECT name FROM v_names")).toBe("assigned_from");
  });
});

describe("statistics of the server", () => {
  it.each([
    ["SHOW STATUS", "counters"],
    ["SHOW GLOBAL STATUS LIKE 'Bytes_sent'", "counters"],
    ["SHOW STATUS WHERE Variable_name = 'Bytes_sent' AND Value = '5'", "counters"],
    ["SHOW SESSION STATUS LIKE 'Ssl_cipher'", "ok"],
    ["SHOW STATUS LIKE 'Threads\\_connected'", "ok"],
    ["SHOW VARIABLES LIKE 'version'", "ok"],
  ])("%s: %s", (sql, expected) => expect(outcome(sql)).toBe(expected));
});
