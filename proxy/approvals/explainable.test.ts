import { describe, expect, it } from "vitest";
import { type Mask, mask } from "@/lib/masking/mask";
import { understand } from "@/lib/policy/understand";
import { SHOP_CATALOGUE } from "@/lib/sql/shop.fixture";
import type { BoundValue } from "../protocol/stmt-execute";
import { estimatedRows } from "./explain-query";
import { whyNotExplained, withValues } from "./explainable";

const SECRET: Mask = mask.parse({ column: "shop.people.secret", method: "redact", exempt: ["fraud"] });

function why(sql: string, masks: readonly Mask[] = []): string | null {
  const understood = understand(Buffer.from(sql), {
    dialect: "mariadb",
    catalogue: SHOP_CATALOGUE,
    defaultSchema: "shop",
    pipesAsConcat: false,
  });
  if (!understood.ok) throw new Error(understood.message);
  return whyNotExplained(understood.subject, masks);
}

describe("what the server is asked to explain", () => {
  it.each([
    "SELECT id FROM orders WHERE id = 1",
    "UPDATE orders SET status = 'x' WHERE id = 1",
    "DELETE FROM orders WHERE id = 1",
    "INSERT INTO orders (id) VALUES (1)",
    "INSERT INTO orders (id) SELECT id FROM items",
  ])("asks for %s", (sql) => {
    expect(why(sql)).toBeNull();
    expect(why(sql, [SECRET])).toBeNull();
  });

  it.each([
    ["SELECT secret FROM people", /masked/],
    ["SELECT id FROM people WHERE secret = 'x'", /masked/],
    ["UPDATE people SET name = 'x' WHERE secret = 'y'", /masked/],
    ["DELETE FROM people WHERE secret LIKE 'a%'", /masked/],
    ["SELECT ident FROM v_ident", /masked/],
    ["SELECT id FROM v_filtered", /masked/],
    ["SELECT id FROM v_tag", /masked/],
    ["SELECT sleep(1) FROM orders", /effects/],
    ["SELECT id FROM orders WHERE benchmark(9, 1) = 0", /effects/],
    ["DROP TABLE orders", /kind/],
    ["ALTER TABLE orders ADD COLUMN x INT", /kind/],
  ])("does without a plan of %s", (sql, reason) => {
    expect(why(sql, [SECRET])).toMatch(reason);
  });
});

describe("withValues", () => {
  const values: BoundValue[] = [
    { kind: "string", text: "it's \\ ?" },
    { kind: "number", text: "-7", form: "integer" },
    { kind: "null" },
  ];

  it("puts values where the parameters stand, quoted as the server reads them", () => {
    expect(withValues("UPDATE t SET a = ?, b = 'Ünï ?' WHERE c = 1-? OR d <=> ?", values, "mariadb")).toBe(
      "UPDATE t SET a =  'it''s \\\\ ?' , b = 'Ünï ?' WHERE c = 1- -7  OR d <=>  NULL ",
    );
  });

  it("has no text for binary values and for values that are not there", () => {
    expect(withValues("SELECT ?", [{ kind: "bytes", sha256: "a" }], "mysql")).toBeNull();
    expect(withValues("SELECT ?", [], "mysql")).toBeNull();
    expect(withValues("SELECT 1", [], "mysql")).toBe("SELECT 1");
  });
});

describe("estimatedRows", () => {
  it("multiplies what is joined, and takes the largest part", () => {
    const row = (id: string, rows: string | null) => ({ id, rows });
    expect(estimatedRows([row("1", "10"), row("1", "20"), row("2", "150"), row("3", null)])).toBe(200);
    expect(estimatedRows([row("1", null)])).toBeNull();
    expect(estimatedRows([row("1", "9999999999"), row("1", "9999999999")])).toBe(Number.MAX_SAFE_INTEGER);
  });
});
