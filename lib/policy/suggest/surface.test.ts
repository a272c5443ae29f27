import { describe, expect, it } from "vitest";
import { rule } from "../rule";
import { CONTEXT } from "./learning.fixture";
import { cellsOf, surfaceOf } from "./surface";

const cells = (...rules: object[]) =>
  [
    ...cellsOf(
      rules.map((one, at) => rule.parse({ name: `r${at}`, effect: "allow", ...one })),
      CONTEXT,
    ).values(),
  ]
    .map(({ column, verb }) => `${verb} ${column.table}.${column.column}`)
    .sort();

describe("the surface of rules", () => {
  it.each<[string, object[], string[]]>([
    [
      "of a scope rule is its columns with each of its verbs",
      [{ statements: ["select", "delete"], tables: ["shop.scratch"], columns: ["shop.scratch.id"] }],
      ["delete scratch.id", "select scratch.id"],
    ],
    [
      "counts reading once, however it is written",
      [{ statements: ["read"], tables: ["shop.v_names"] }],
      ["select v_names.id", "select v_names.name"],
    ],
    [
      "leaves out excluded columns",
      [{ statements: ["select"], tables: ["shop.v_names"], columns: ["shop.*.*", "!shop.*.name"] }],
      ["select v_names.id"],
    ],
    [
      "of a template is what it touches",
      [{ template: "UPDATE items SET price = ? WHERE id = ?" }],
      ["update items.id", "update items.price"],
    ],
    [
      "of a template that also reads is both",
      [{ template: "INSERT INTO scratch (id) SELECT id FROM orders WHERE city = ?" }],
      ["insert scratch.id", "select orders.city", "select orders.id"],
    ],
    [
      "of an upsert is adding and changing",
      [{ template: "INSERT INTO scratch (id) VALUES (?) ON DUPLICATE KEY UPDATE id = ?" }],
      ["insert scratch.id", "update scratch.id"],
    ],
    [
      "of replace goes with a deny of delete, which it also does",
      [
        { statements: ["insert", "replace"], tables: ["shop.scratch"], columns: ["shop.scratch.id"] },
        { effect: "deny", statements: ["delete"], tables: ["shop.scratch"] },
      ],
      ["insert scratch.id"],
    ],
    [
      "counts what two rules grant once",
      [{ template: "SELECT id FROM v_names" }, { statements: ["select"], tables: ["shop.v_names"] }],
      ["select v_names.id", "select v_names.name"],
    ],
    [
      "is without what a deny takes away",
      [
        { statements: ["select"], tables: ["shop.v_names"] },
        { effect: "deny", columns: ["shop.*.name"] },
      ],
      ["select v_names.id"],
    ],
    [
      "is nothing for rules that only hold",
      [{ effect: "review", statements: ["select"], tables: ["shop.v_names"] }],
      [],
    ],
    ["is nothing for a template that can not be used", [{ template: "SELECT nothing FROM nowhere" }], []],
  ])("%s", (_, rules, expected) => {
    expect(cells(...rules)).toEqual(expected);
  });

  it("is told beside all that there could be", () => {
    const one = rule.parse({ name: "r", effect: "allow", statements: ["select", "update"], tables: ["shop.scratch"] });
    const columns = CONTEXT.catalogue.snapshot.tables
      .filter((table) => table.schema !== "information_schema")
      .reduce((sum, table) => sum + table.columns.length, 0);
    expect(surfaceOf([one], CONTEXT)).toEqual({ tables: 1, columns: 3, cells: 6, possible: columns * 5 });
  });
});
