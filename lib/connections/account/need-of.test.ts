import { describe, expect, it } from "vitest";
import { policy } from "@/lib/policy/rule";
import { type CatalogueSnapshot, type CatalogueTable, compileCatalogue } from "@/lib/sql/catalogue";
import type { Dialect } from "@/lib/sql/token";
import { needFor } from "./need";
import { type NeedInput, needOf } from "./need-of";
import { sqlScope } from "./scope-text";

function table(name: string, columns: readonly string[], definition: string | null = null): CatalogueTable {
  return {
    schema: "shop",
    name,
    kind: definition === null ? "table" : "view",
    primaryKey: definition === null ? ["id"] : [],
    indexes: [],
    definition,
    columns: columns.map((one) => ({
      name: one,
      dataType: "int",
      columnType: "int",
      nullable: true,
      hasDefault: false,
      generated: null,
      invisible: false,
    })),
  };
}

const SNAPSHOT: CatalogueSnapshot = {
  flavour: "mariadb",
  serverVersion: "10.11.19-MariaDB",
  lowerCaseTableNames: 0,
  sqlMode: "",
  schemas: ["information_schema", "shop", "crm_eu"],
  tables: [
    table("people", ["id", "name", "ssn"]),
    table("orders", ["id", "person", "status", "total"]),
    table(
      "names",
      ["id", "name"],
      "select `shop`.`people`.`id` AS `id`,`shop`.`people`.`name` AS `name` from `shop`.`people`",
    ),
    table("names2", ["id"], "select `shop`.`names`.`id` AS `id` from `shop`.`names`"),
  ],
  routines: [
    { schema: "shop", name: "Label", kind: "function", body: null, security: "definer" },
    { schema: "shop", name: "tidy", kind: "procedure", body: null, security: "definer" },
    { schema: "crm_eu", name: "tidy", kind: "procedure", body: null, security: "definer" },
  ],
  triggers: [],
};

type Rules = readonly Record<string, unknown>[];

function needed(
  rules: Rules,
  { rare = true, ...more }: Partial<NeedInput> & { rare?: boolean } = {},
): readonly string[] {
  const parsed = policy.parse({
    name: "p",
    identities: [],
    rules: rules.map((one, at) => ({ name: `r${at}`, effect: "allow", ...one })),
  });
  const need = needOf({
    policies: [parsed],
    catalogue: compileCatalogue(SNAPSHOT),
    connection: { schema: "shop", mode: "enforce" },
    ...more,
  });
  return needFor(need, rare).map(
    ({ privilege, columns, scope }) =>
      `${privilege}${columns === null ? "" : ` (${columns.join(", ")})`} ON ${sqlScope(scope).replaceAll("`", "")}`,
  );
}

const mysql: { flavour: Dialect } = { flavour: "mysql" };

const TABLE: readonly (readonly [
  what: string,
  rules: Rules,
  expected: readonly string[],
  more?: Parameters<typeof needed>[1],
])[] = [
  ["a whole table", [{ statements: ["select"], tables: ["shop.people"] }], ["SELECT ON shop.people"]],
  [
    "all columns but one, by name and not by what is known",
    [{ statements: ["select"], tables: ["shop.people"], columns: ["shop.people.*", "!shop.people.ssn"] }],
    ["SELECT (id, name) ON shop.people"],
  ],
  [
    "all columns but one that is not known: still by column, or it would come with the table",
    [{ statements: ["select"], tables: ["shop.people"], columns: ["shop.people.*", "!shop.people.hidden"] }],
    ["SELECT (id, name, ssn) ON shop.people"],
  ],
  [
    "an update: what it writes and what its conditions may read",
    [{ statements: ["update"], tables: ["shop.orders"], columns: ["shop.orders.id", "shop.orders.status"] }],
    ["SELECT (id, status) ON shop.orders", "UPDATE (id, status) ON shop.orders"],
  ],
  [
    "a delete reads its conditions",
    [{ statements: ["delete"], tables: ["shop.orders"] }],
    ["DELETE ON shop.orders", "SELECT ON shop.orders"],
  ],
  [
    "an insert adds, and changes nothing that is there",
    [{ statements: ["insert"], tables: ["shop.orders"] }],
    ["INSERT ON shop.orders"],
  ],
  [
    "an insert that updates, which a rule for both lets pass",
    [{ statements: ["insert", "update"], tables: ["shop.orders"] }],
    ["INSERT ON shop.orders", "SELECT ON shop.orders", "UPDATE ON shop.orders"],
  ],
  [
    "an insert that updates, spelled out by a template",
    [{ template: "INSERT INTO orders (id, status) VALUES (?, ?) ON DUPLICATE KEY UPDATE status = VALUES(status)" }],
    ["INSERT (id, status) ON shop.orders", "SELECT (id, status) ON shop.orders", "UPDATE (id, status) ON shop.orders"],
  ],
  [
    "a replace deletes",
    [{ statements: ["replace"], tables: ["shop.orders"] }],
    ["DELETE ON shop.orders", "INSERT ON shop.orders"],
  ],
  [
    "a deny of delete takes replace with it",
    [
      { effect: "deny", statements: ["delete"], tables: ["shop.orders"] },
      { statements: ["insert", "replace"], tables: ["shop.orders"] },
    ],
    ["INSERT ON shop.orders"],
  ],
  [
    "schema.* becomes each table there is",
    [{ statements: ["delete"], tables: ["shop.o*"] }],
    ["DELETE ON shop.orders", "SELECT ON shop.orders"],
  ],
  [
    "a deny rule of the same policy takes a table out",
    [
      { effect: "deny", tables: ["shop.people"] },
      { statements: ["select"], tables: ["shop.people", "shop.orders"] },
    ],
    ["SELECT ON shop.orders"],
  ],
  [
    "a deny rule takes a column out",
    [
      { effect: "deny", columns: ["shop.people.ssn"] },
      { statements: ["select"], tables: ["shop.people"] },
    ],
    ["SELECT (id, name) ON shop.people"],
  ],
  [
    "a deny rule on all columns but some leaves those",
    [
      { effect: "deny", columns: ["!shop.people.name"] },
      { statements: ["select"], tables: ["shop.people", "shop.orders"] },
    ],
    ["SELECT (name) ON shop.people"],
  ],
  [
    "a deny rule of another verb takes nothing",
    [
      { effect: "deny", statements: ["delete"], tables: ["shop.people"] },
      { statements: ["select"], tables: ["shop.people"] },
    ],
    ["SELECT ON shop.people"],
  ],
  [
    "a template's columns",
    [{ template: "SELECT name FROM people WHERE id = ?" }],
    ["SELECT (id, name) ON shop.people"],
  ],
  [
    "a template with a star is all columns, whatever comes",
    [{ template: "SELECT * FROM people" }],
    ["SELECT ON shop.people"],
  ],
  [
    "a star over a derived table is only its columns",
    [{ template: "SELECT * FROM (SELECT name FROM people) d" }],
    ["SELECT (name) ON shop.people"],
  ],
  [
    "counting needs some column: the key's",
    [{ template: "SELECT COUNT(*) FROM people" }],
    ["SELECT (id) ON shop.people"],
  ],
  [
    "an update template",
    [{ template: "UPDATE orders SET status = ? WHERE id = ?" }],
    ["SELECT (id) ON shop.orders", "UPDATE (status) ON shop.orders"],
  ],
  [
    "a locking template, which MySQL asks more for",
    [{ template: "SELECT id FROM orders WHERE id = ? FOR UPDATE" }],
    ["LOCK TABLES ON shop.*", "SELECT (id) ON shop.orders"],
    mysql,
  ],
  [
    "a view with the rights of who asks",
    [{ statements: ["select"], tables: ["shop.names"] }],
    ["SELECT ON shop.names", "SHOW VIEW ON shop.names", "SELECT (id, name) ON shop.people"],
  ],
  [
    "a view with its maker's rights: the columns are only seen",
    [{ statements: ["select"], tables: ["shop.names"] }],
    ["SELECT ON shop.names", "SHOW VIEW ON shop.names", "REFERENCES (id, name) ON shop.people"],
    { viewSecurity: new Map([["shop.names", "definer"]]) },
  ],
  [
    "a view over a view",
    [{ statements: ["select"], tables: ["shop.names2"] }],
    [
      "SELECT ON shop.names",
      "SHOW VIEW ON shop.names",
      "SELECT ON shop.names2",
      "SHOW VIEW ON shop.names2",
      "SELECT (id, name) ON shop.people",
    ],
  ],
  [
    "writing through a view with the rights of who asks",
    [{ statements: ["delete"], tables: ["shop.names"] }],
    [
      "DELETE ON shop.names",
      "SELECT ON shop.names",
      "SHOW VIEW ON shop.names",
      "DELETE ON shop.people",
      "SELECT (id, name) ON shop.people",
    ],
  ],
  [
    "a named function, of the default schema first",
    [{ statements: ["select"], tables: ["shop.orders"], functions: ["label", "sleep"] }],
    ["SELECT ON shop.orders", "EXECUTE ON FUNCTION shop.Label"],
  ],
  [
    "a procedure of another schema",
    [{ statements: ["call"], functions: ["crm_eu.tidy"] }],
    ["EXECUTE ON PROCEDURE crm_eu.tidy"],
  ],
  [
    "definition of a table by name",
    [{ statements: ["create_table"], tables: ["shop.new"] }],
    ["CREATE ON shop.new"],
    { rare: false },
  ],
  [
    "creating under names that are not known is the schema",
    [{ statements: ["create_table"], tables: ["crm_eu.*"] }],
    ["CREATE ON crm\\_eu.*"],
    { rare: false },
  ],
  [
    "dropping is table by table",
    [{ statements: ["drop_table", "truncate"], tables: ["shop.o*"] }],
    ["DROP ON shop.orders"],
  ],
  [
    "MySQL's ALTER TABLE",
    [{ statements: ["alter_table"], tables: ["shop.orders"] }],
    ["ALTER ON shop.orders", "CREATE ON shop.orders", "INSERT ON shop.orders"],
    { ...mysql, rare: false },
  ],
  [
    "administration, as the server names it",
    [{ statements: ["purge", "flush"] }],
    ["BINLOG ADMIN ON *.*", "RELOAD ON *.*"],
  ],
  ["administration, as MySQL names it", [{ statements: ["purge"] }], ["BINLOG_ADMIN ON *.*"], mysql],
  ["administration in a rule about tables covers nothing", [{ statements: ["purge"], tables: ["shop.orders"] }], []],
  ["what no rule ever lets through", [{ statements: ["load_data", "handler", "do"] }], []],
];

describe("what policies can need", () => {
  it.each(TABLE.map(([what, rules, expected, more]) => ({ what, rules, expected, more: more ?? {} })))(
    "$what",
    ({ rules, expected, more }) => {
      expect([...needed(rules, more)].sort()).toEqual([...expected].sort());
    },
  );

  it("says why, and what can not be granted", () => {
    const input: NeedInput = {
      policies: [
        policy.parse({
          name: "p",
          identities: [],
          default: "review",
          rules: [
            { name: "a", effect: "allow", statements: ["select"], tables: ["shop.gone"] },
            {
              name: "b",
              effect: "review",
              statements: ["select"],
              tables: ["shop.people"],
              columns: ["shop.orders.id"],
            },
            { name: "c", effect: "allow", statements: ["select"], tables: ["shop.orders"] },
          ],
        }),
      ],
      catalogue: compileCatalogue(SNAPSHOT),
      connection: { schema: "crm_eu", mode: "observe" },
    };
    const { items, notes } = needOf(input);
    expect(items).toEqual([
      {
        privilege: "SELECT",
        scope: { kind: "table", schema: "shop", table: "orders" },
        columns: null,
        because: ['rule "c" of p'],
        rare: false,
      },
    ]);
    const text = notes.join("\n");
    for (const part of [
      "shop.gone",
      "none of its columns",
      "even when it is approved",
      "observes",
      "default schema crm_eu",
    ]) {
      expect(text).toContain(part);
    }
  });
});
