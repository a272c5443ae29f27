import { describe, expect, it } from "vitest";
import { SallyportError } from "@/lib/errors/error";
import { documentToYaml } from "../export";
import { configurationJsonSchema } from "../file-schema";
import { parseConfigurationFile } from "./parse";

const parse = (rest: string) => parseConfigurationFile(`version: 1\n${rest}`, "f.yaml").configuration;
function problemsOf(rest: string): string[] {
  try {
    parse(rest);
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return error.problems.map((one) => `${one.line} ${one.path}: ${one.message}`);
    }
    throw error;
  }
  return [];
}
const masks = (...lines: string[]) => `masks:\n${lines.map((line) => `  - ${line}\n`).join("")}`;

describe("masks in the configuration file", () => {
  it("are read with their settings, as contracts.md writes them, and deny by default", () => {
    const text = `masks:
  - connection: shop
    column: shop.customers.ssn
    method: redact
    options: {}
    predicates: equality
    derived: mask
    join_class: person-ssn
    exempt: [fraud-team]
  - { connection: shop, column: "*.*.card*", method: partial, options: { keep_last: 4 } }
`;
    expect(parse(text).masks).toEqual([
      {
        connection: "shop",
        column: "shop.customers.ssn",
        method: "redact",
        options: {},
        predicates: "equality",
        derived: "mask",
        join_class: "person-ssn",
        exempt: ["fraud-team"],
      },
      {
        connection: "shop",
        column: "*.*.card*",
        method: "partial",
        options: { keep_last: 4 },
        predicates: "deny",
        derived: "deny",
        exempt: [],
      },
    ]);
  });

  it("come back the same from the file that is exported", () => {
    const configuration = parse(
      masks(
        "{ connection: shop, column: a.b.c, method: bucket, options: { size: 10, paths: ['$.a[*].b'] }, exempt: [x] }",
        "{ connection: crm, column: a.b.c, method: 'null', join_class: k }",
      ),
    );
    expect(parseConfigurationFile(documentToYaml(configuration), "exported").configuration).toEqual(configuration);
  });

  it.each<[string, string[], unknown[]]>([
    [
      "a column without its table",
      ["{ connection: shop, column: customers.ssn, method: redact }"],
      ["3 masks[0].column: must be schema.table.column, * allowed in each part, e.g. shop.customers.ssn or *.*.ssn"],
    ],
    [
      "a misspelt key and a missing one",
      ["{ connection: shop, column: a.b.c, method: redact, predicate: any }", "{ connection: shop, column: a.b.d }"],
      ["3 masks[0].predicate: unknown key; did you mean predicates?", expect.stringMatching(/^4 masks\[1\]\.method: /)],
    ],
    [
      "options that do not go with the method, or are missing",
      [
        "{ connection: shop, column: a.b.c, method: redact, options: { keep_last: 4 } }",
        "{ connection: shop, column: a.b.d, method: bucket }",
        "{ connection: shop, column: a.b.e, method: partial, options: { keep_last: 1, keep_fist: 1 } }",
      ],
      [
        "3 masks[0].options.keep_last: does not go with redact, which takes no option but paths",
        "4 masks[1].options.size: is missing: the width of a bucket, e.g. 10000",
        "5 masks[2].options.keep_fist: unknown key; did you mean keep_first?",
      ],
    ],
    [
      "a column of a connection that stands twice, in whatever spelling",
      [
        "{ connection: shop, column: a.b.c, method: redact }",
        "{ connection: crm, column: a.b.c, method: redact }",
        "{ connection: shop, column: a.`b`.C, method: token }",
      ],
      ["5 masks[2].column: a.`b`.C of shop is masked already at masks[0]"],
    ],
  ])("name %s at its line", (_, lines, expected) => {
    expect(problemsOf(masks(...lines))).toEqual(expected);
  });

  it("and are in the JSON Schema for editors", () => {
    const schema = JSON.stringify(configurationJsonSchema());
    for (const key of ["keep_last", "join_class", "predicates", "restricted"]) expect(schema).toContain(`"${key}"`);
  });
});

describe("the restricted account in the configuration file", () => {
  const connection = (restricted: string) => `connections:
  - name: shop
    host: h
    user: app
    password: { env: A }
    restricted: ${restricted}
`;

  it("is another account with a password of its own, or none", () => {
    expect(parse(connection("{ user: clean, password: { env: B } }")).connections[0]?.restricted).toEqual({
      user: "clean",
      password: { env: "B" },
    });
    expect(parse(connection("null")).connections[0]?.restricted).toBeNull();
  });

  it.each([
    ["{ user: app, password: { env: B } }", "7 connections[0].restricted.user: must be another account than user"],
    ["{ user: clean }", "7 connections[0].restricted.password: "],
    [
      "{ user: clean, password: { evn: B } }",
      "7 connections[0].restricted.password.evn: unknown key; did you mean env?",
    ],
    ["{ name: clean, password: { env: B } }", "7 connections[0].restricted.user: is missing"],
  ])("is refused at its line: %s", (restricted, problem) => {
    expect(problemsOf(connection(restricted))).toContainEqual(expect.stringContaining(problem));
  });
});
