import { describe, expect, it } from "vitest";
import { SallyportError } from "@/lib/errors/error";
import { documentToYaml } from "../export";
import { configurationJsonSchema } from "../file-schema";
import { parseConfigurationFile } from "./parse";

const HEAD = `version: 1
policies:
  - name: p
    connection: shop
    identities: [{ client_id: a }]
`;

function problemsOf(rest: string): string[] {
  try {
    parseConfigurationFile(HEAD + rest, "f.yaml");
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return error.problems.map((one) => `${one.line} ${one.path}: ${one.message}`);
    }
    throw error;
  }
  return [];
}

const rules = (...lines: string[]) => `    rules:\n${lines.map((line) => `      - ${line}\n`).join("")}`;

describe("rules in the configuration file", () => {
  it("are read with their settings, as contracts.md writes them", () => {
    const text = `    metadata: allow
    default: review
    rules:
      - name: read orders
        effect: allow
        statements: [select]
        tables: [shop.orders, shop.order_items, shop.customers]
        columns: ["shop.customers.*", "!shop.customers.notes"]
        where: [shop.orders.customer_id]
        max_limit: 500
      - name: refund
        effect: review
        template: "UPDATE orders SET status = ? WHERE id = ?"
        parameters: [{ in: [refunded, cancelled] }, { type: integer }]
`;
    const { configuration } = parseConfigurationFile(HEAD + text, "f.yaml");
    expect(configuration.policies[0]).toMatchObject({
      metadata: "allow",
      default: "review",
      rules: [
        { name: "read orders", columns: ["shop.customers.*", "!shop.customers.notes"], max_limit: 500 },
        { name: "refund", parameters: [{ in: ["refunded", "cancelled"] }, { type: "integer" }] },
      ],
    });
  });

  it("come back the same from the file that is exported", () => {
    const text = `${HEAD}${rules(
      "{ name: a, effect: allow, statements: [read, call], tables: ['shop.*'], functions: [sleep] }",
      "{ name: b, effect: review, template: 'UPDATE t SET a = ? WHERE b = ?', parameters: [{ range: [1, 9] }, { max_length: 3, in: [x, null, 5] }] }",
      "{ name: c, effect: deny, columns: [shop.t.c] }",
    )}`;
    const { configuration } = parseConfigurationFile(text, "f.yaml");
    const again = parseConfigurationFile(documentToYaml(configuration), "exported").configuration;
    expect(again).toEqual(configuration);
  });

  it("deny everything where there are none", () => {
    const { configuration } = parseConfigurationFile(HEAD, "f.yaml");
    expect(configuration.policies[0]).toMatchObject({ metadata: "allow", default: "deny", rules: [] });
  });

  it.each<[string, string[], string[]]>([
    [
      "a table without its schema",
      ["{ name: r, effect: allow, statements: [select], tables: [shop.ok, orders] }"],
      ["7 policies[0].rules[0].tables[1]: must be schema.table, * allowed in each part, e.g. shop.orders or shop.*"],
    ],
    [
      "a column without its table",
      ["{ name: r, effect: deny, columns: [shop.notes] }"],
      [
        "7 policies[0].rules[0].columns[0]: must be schema.table.column, * allowed in each part, ! in front takes columns out, e.g. shop.orders.* or !shop.customers.notes",
      ],
    ],
    [
      "a misspelt key",
      ["{ name: r, effect: allow, statements: [select], tabels: [shop.orders] }"],
      ["7 policies[0].rules[0].tabels: unknown key; did you mean tables?"],
    ],
    [
      "a name that stands twice",
      ["{ name: r, effect: deny }", "{ name: r, effect: deny }"],
      ['8 policies[0].rules[1].name: "r" is the name of an earlier rule'],
    ],
    [
      "limits on a denial",
      ["{ name: r, effect: deny, where: [shop.orders.id], max_limit: 3 }"],
      [
        "7 policies[0].rules[0].where: does not go with deny: say what is allowed with it, and let the default deny the rest",
        "7 policies[0].rules[0].max_limit: does not go with deny: say what is allowed with it, and let the default deny the rest",
      ],
    ],
    [
      "an effect that there is not",
      ["{ name: r, effect: alow, statements: [select] }"],
      ['7 policies[0].rules[0].effect: Invalid option: expected one of "allow"|"review"|"deny"'],
    ],
    [
      "a permission for no statements",
      ["{ name: r, effect: allow, tables: [shop.orders] }"],
      ["7 policies[0].rules[0].statements: a rule that allows or holds must say which statements, or have a template"],
    ],
    [
      "a template with a scope",
      ["{ name: r, effect: allow, template: SELECT 1, tables: [shop.orders] }"],
      ["7 policies[0].rules[0].tables: does not go with a template: the template says it all"],
    ],
    [
      "values without a template",
      ["{ name: r, effect: deny, parameters: [{ type: integer }] }"],
      ["7 policies[0].rules[0].parameters: belongs to a template"],
    ],
    [
      "a range that is upside down, an unknown type and a misspelt key of a value",
      [
        "{ name: r, effect: allow, template: SELECT ?, parameters: [{ range: [9, 1] }, { type: int }, { max_lenght: 3 }] }",
      ],
      [
        "7 policies[0].rules[0].parameters[0].range: the first must not exceed the second",
        '7 policies[0].rules[0].parameters[1].type: Invalid option: expected one of "any"|"integer"|"decimal"|"number"|"string"|"date"|"datetime"',
        "7 policies[0].rules[0].parameters[2].max_lenght: unknown key; did you mean max_length?",
      ],
    ],
  ])("name %s at its line", (_, lines, expected) => {
    expect(problemsOf(rules(...lines))).toEqual(expected);
  });

  it("name an unknown kind of statement with what was meant", () => {
    expect(problemsOf(rules("{ name: r, effect: allow, statements: [select, udpate] }"))).toEqual([
      "7 policies[0].rules[0].statements[1]: unknown; did you mean update?",
    ]);
    expect(problemsOf(rules("{ name: r, effect: allow, statements: [everything] }"))).toEqual([
      expect.stringMatching(
        /^7 policies\[0\]\.rules\[0\]\.statements\[0\]: unknown; the groups are read, write, ddl, /,
      ),
    ]);
  });

  it("and are in the JSON Schema for editors", () => {
    const schema = JSON.stringify(configurationJsonSchema());
    for (const key of ["max_limit", "template", "truncate", "functions", "max_length"]) {
      expect(schema).toContain(`"${key}"`);
    }
  });
});
