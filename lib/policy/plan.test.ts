import { describe, expect, it } from "vitest";
import type { Analysis, AnalysisFlag, LimitTerm, TableOccurrence } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { compilePolicies, type UnderstoodTemplate } from "./compile";
import { describeLack } from "./lack";
import { decide, explain, nearestRule, planFor, type Values } from "./plan";
import { policy } from "./rule";
import type { Subject } from "./subject";
import type { StatementValue } from "./value";

const NONE: Values = { literal: () => null, parameter: () => null };
const integer = (text: string): StatementValue => ({ kind: "number", text, form: "integer" });
const string = (text: string): StatementValue => ({ kind: "string", text });
const values = (...list: StatementValue[]): Values => ({
  literal: (index) => list[index] ?? null,
  parameter: (ordinal) => list[ordinal] ?? null,
});

interface Made {
  readonly tables: readonly string[];
  readonly writes?: readonly string[];
  readonly viaView?: readonly string[];
  readonly columns?: readonly string[];
  readonly pins?: Readonly<Record<string, readonly string[]>>;
  readonly functions?: readonly string[];
  readonly flags?: readonly AnalysisFlag[];
  readonly limit?: readonly LimitTerm[];
}

const VIEW = { schema: "shop", table: "v" };

function occurrence(
  name: string,
  access: TableOccurrence["access"],
  made: Made,
  view: typeof VIEW | null,
): TableOccurrence {
  const [schema = "", table = ""] = name.split(".");
  const pins = (made.pins?.[name] ?? []).map((column) => ({
    column,
    value: { kind: "literal" as const, literal: 0 },
    textual: false,
  }));
  return { schema, table, kind: "table", access, view, pins, hints: null };
}

function statement(statementClass: StatementClass & Analysis["class"], made: Made, key = "KEY"): Subject {
  const analysis: Analysis = {
    ok: true,
    class: statementClass,
    tables: [
      ...made.tables.map((name) => occurrence(name, "read", made, null)),
      ...(made.writes ?? []).map((name) => occurrence(name, "write", made, null)),
      ...(made.viaView ?? []).map((name) => occurrence(name, "read", made, VIEW)),
    ],
    columns: (made.columns ?? []).map((name) => {
      const [schema = "", table = "", column = ""] = name.split(".");
      return { schema, table, column, access: "read", view: null };
    }),
    outputs: [],
    uses: [],
    writes: [],
    functions: (made.functions ?? []).map((name) => ({ name, schema: null, effect: "unknown" })),
    systemVariables: [],
    limit: { present: made.limit !== undefined, terms: made.limit ?? [] },
    values: [],
    flags: new Set(made.flags ?? []),
  };
  return { kind: "analysed", class: statementClass, analysis, shape: { key, values: [0, 1] } };
}

const noTemplate = (): UnderstoodTemplate => ({ ok: false, why: "none here" });

function decided(
  rules: unknown[],
  subject: Subject,
  given: Values = NONE,
  extra: object = {},
  understand = noTemplate,
) {
  const one = policy.parse({ name: "p", identities: [], rules, ...extra });
  return decide(planFor(compilePolicies([one], understand), subject), given);
}

const read = { name: "read", effect: "allow", statements: ["select"], tables: ["shop.*"] };

describe("the policy engine", () => {
  it("allows what one rule covers wholly", () => {
    expect(decided([read], statement("select", { tables: ["shop.orders", "shop.customers"] }))).toMatchObject({
      effect: "allow",
      policy: "p",
      rule: "read",
    });
  });

  it("falls to the default when any table is outside", () => {
    const subject = statement("select", { tables: ["shop.orders", "hr.salaries"] });
    expect(decided([read], subject)).toMatchObject({ effect: "deny", rule: null });
    expect(decided([read], subject, NONE, { default: "review" })).toMatchObject({ effect: "review", rule: null });
  });

  it("never joins two rules into one that covers", () => {
    const rules = [
      { ...read, tables: ["shop.*"] },
      { ...read, name: "hr", tables: ["hr.*"] },
    ];
    expect(decided(rules, statement("select", { tables: ["shop.orders", "hr.salaries"] })).effect).toBe("deny");
  });

  it("lets any touching deny win, wherever it stands and however little it names", () => {
    const deny = { name: "no pay", effect: "deny", tables: ["shop.payments"] };
    const subject = statement("select", { tables: ["shop.orders", "shop.payments"] });
    expect(decided([read, deny], subject)).toMatchObject({ effect: "deny", rule: "no pay" });
    expect(decided([read, deny], statement("select", { tables: ["shop.orders"] })).effect).toBe("allow");
  });

  it("lets a deny look through views", () => {
    const deny = { name: "no pay", effect: "deny", tables: ["shop.payments"] };
    const subject = statement("select", { tables: ["shop.v"], viaView: ["shop.payments"] });
    expect(decided([read, deny], subject).effect).toBe("deny");
  });

  it("lets a deny of columns win over an allow of tables", () => {
    const deny = { name: "no notes", effect: "deny", columns: ["shop.customers.notes"] };
    expect(
      decided([read, deny], statement("select", { tables: ["shop.customers"], columns: ["shop.customers.Notes"] }))
        .effect,
    ).toBe("deny");
    expect(
      decided([read, deny], statement("select", { tables: ["shop.customers"], columns: ["shop.customers.id"] })).effect,
    ).toBe("allow");
  });

  it("takes the first match of allow and review", () => {
    const review = { ...read, name: "look", effect: "review" };
    const subject = statement("select", { tables: ["shop.orders"] });
    expect(decided([review, read], subject)).toMatchObject({ effect: "review", rule: "look" });
    expect(decided([read, review], subject)).toMatchObject({ effect: "allow", rule: "read" });
  });

  it("holds a statement that an earlier review rule touches, even if a later rule allows all of it", () => {
    const review = { ...read, name: "payments", effect: "review", tables: ["shop.payments"] };
    const both = statement("select", { tables: ["shop.orders", "shop.payments"] });
    expect(decided([review, read], both)).toMatchObject({ effect: "review", rule: "payments" });
    expect(decided([read, review], both)).toMatchObject({ effect: "allow" });
  });

  it("does not hold what no rule covers just because a review rule touches it", () => {
    const review = { ...read, name: "payments", effect: "review", tables: ["shop.payments"] };
    expect(decided([review], statement("select", { tables: ["shop.payments", "hr.salaries"] })).effect).toBe("deny");
  });

  it("demands select as well when a write reads other tables", () => {
    const write = { name: "write", effect: "allow", statements: ["insert"], tables: ["shop.*"] };
    const copy = statement("insert", { tables: ["shop.customers"], writes: ["shop.scratch"] });
    expect(decided([write], copy).effect).toBe("deny");
    expect(decided([{ ...write, statements: ["insert", "select"] }], copy).effect).toBe("allow");
  });

  it("knows groups of statements", () => {
    const write = { name: "write", effect: "allow", statements: ["write"], tables: ["shop.*"] };
    for (const one of ["insert", "update", "delete", "replace"] as const) {
      expect(decided([write], statement(one, { tables: [], writes: ["shop.scratch"] })).effect).toBe("allow");
    }
    expect(decided([write], statement("select", { tables: ["shop.orders"] })).effect).toBe("deny");
  });

  it("demands every occurrence of a table to be pinned", () => {
    const rule = { ...read, where: ["shop.orders.customer_id"] };
    expect(
      decided([rule], statement("select", { tables: ["shop.orders"], pins: { "shop.orders": ["customer_id"] } }))
        .effect,
    ).toBe("allow");
    expect(decided([rule], statement("select", { tables: ["shop.orders"] })).effect).toBe("deny");
    expect(decided([rule], statement("select", { tables: ["shop.customers"] })).effect).toBe("deny");
  });

  it("checks LIMIT against literals and bound values", () => {
    const rule = { ...read, max_limit: 500 };
    const of = (limit: readonly LimitTerm[]) => statement("select", { tables: ["shop.orders"], limit });
    const literal: LimitTerm = { kind: "literal", literal: 0 };
    const parameter: LimitTerm = { kind: "parameter", parameter: 0 };
    expect(decided([rule], statement("select", { tables: ["shop.orders"] })).effect).toBe("deny");
    expect(decided([rule], of([]), values()).effect).toBe("deny");
    expect(decided([rule], of([literal]), values(integer("500"))).effect).toBe("allow");
    expect(decided([rule], of([literal]), values(integer("501"))).effect).toBe("deny");
    expect(decided([rule], of([literal, { kind: "rows", rows: 1 }]), values(integer("500"))).effect).toBe("deny");
    expect(decided([rule], of([parameter]), NONE).effect).toBe("allow");
    expect(decided([rule], of([parameter]), values(integer("1000"))).effect).toBe("deny");
    expect(decided([rule], of([parameter]), values(integer("18446744073709551615"))).effect).toBe("deny");
    expect(decided([rule], of([parameter]), values(string("10"))).effect).toBe("deny");
    expect(decided([rule], of([parameter]), values({ kind: "null" })).effect).toBe("deny");
  });

  it("covers functions of unknown effect only by name", () => {
    const subject = statement("select", { tables: ["shop.orders"], functions: ["sleep"] });
    expect(decided([read], subject).effect).toBe("deny");
    expect(decided([{ ...read, functions: ["SLEEP"] }], subject).effect).toBe("allow");
    expect(
      decided(
        [
          { name: "no sleep", effect: "deny", functions: ["sleep"] },
          { ...read, functions: ["sleep"] },
        ],
        subject,
      ).effect,
    ).toBe("deny");
  });

  it.each([
    "into_file",
    "into_variable",
    "user_variable",
    "temporary_table",
    "calc_found_rows",
    "locking_read",
  ] as const)("covers no statement with %s by a scope rule", (flag) => {
    expect(decided([read], statement("select", { tables: ["shop.orders"], flags: [flag] })).effect).toBe("deny");
  });

  it("applies exclusions of columns", () => {
    const rule = { ...read, columns: ["shop.customers.*", "!shop.customers.notes"] };
    const of = (...columns: string[]) => statement("select", { tables: ["shop.customers"], columns });
    expect(decided([rule], of("shop.customers.id", "shop.customers.name")).effect).toBe("allow");
    expect(decided([rule], of("shop.customers.id", "shop.customers.NOTES")).effect).toBe("deny");
    expect(decided([rule], of("shop.orders.id")).effect).toBe("deny");
  });

  describe("with templates", () => {
    const understood: UnderstoodTemplate = {
      ok: true,
      shape: { key: "KEY", values: [0, 1] },
      tables: [{ schema: "shop", table: "orders" }],
      fixed: [null, null],
    };
    const refund = {
      name: "refund",
      effect: "allow",
      template: "UPDATE orders SET status = ? WHERE id = ?",
      parameters: [{ in: ["refunded", "cancelled"] }, { type: "integer" }],
    };
    const update = (key = "KEY", writes = ["shop.orders"]) => statement("update", { tables: [], writes }, key);
    const run = (subject: Subject, given: Values, template: UnderstoodTemplate = understood) =>
      decided([refund], subject, given, {}, () => template).effect;

    it("match the same shape with values in their domains", () => {
      expect(run(update(), values(string("refunded"), integer("5")))).toBe("allow");
      expect(run(update(), values(string("paid"), integer("5")))).toBe("deny");
      expect(run(update(), values(string("refunded"), string("5 OR 1")))).toBe("deny");
      expect(run(update("OTHER"), values(string("refunded"), integer("5")))).toBe("deny");
    });

    it("do not match the same text about another schema's table", () => {
      expect(run(update("KEY", ["archive.orders"]), values(string("refunded"), integer("5")))).toBe("deny");
    });

    it("may be prepared before values are known, and is decided again with them", () => {
      expect(run(update(), NONE)).toBe("allow");
    });

    it("hold literals of the template to their value", () => {
      const fixed: UnderstoodTemplate = { ...understood, fixed: [string("refunded"), null] };
      const one = [{ name: "t", effect: "allow", template: "x", parameters: [{ type: "integer" }] }];
      expect(decided(one, update(), values(string("refunded"), integer("1")), {}, () => fixed).effect).toBe("allow");
      expect(decided(one, update(), values(string("paid"), integer("1")), {}, () => fixed).effect).toBe("deny");
    });

    it("that can not be understood, or describe more placeholders than there are, match nothing and say why", () => {
      const set = compilePolicies([policy.parse({ name: "p", identities: [], rules: [refund] })], () => ({
        ok: false,
        why: "no table orders",
      }));
      const plan = planFor(set, update());
      expect(decide(plan, NONE).effect).toBe("deny");
      expect(explain(plan, NONE)[0]?.lacks.map(describeLack)).toEqual([
        "its template can not be used: no table orders",
      ]);
      expect(run(update(), values(string("refunded"), integer("5")), { ...understood, fixed: [null] })).toBe("deny");
    });
  });

  describe("beyond rules", () => {
    it("allows housekeeping without a rule, unless a deny names it", () => {
      const subject: Subject = { kind: "housekeeping", class: "set" };
      expect(decided([], subject).effect).toBe("allow");
      expect(decided([{ name: "no set", effect: "deny", statements: ["set"] }], subject).effect).toBe("deny");
      expect(decided([{ name: "no pay", effect: "deny", tables: ["shop.payments"] }], subject).effect).toBe("allow");
    });

    it("shows metadata of tables in scope only, and none when the policy says so", () => {
      const about = (schema: string | null, table: string | null): Subject => ({
        kind: "metadata",
        class: "show",
        objects: [{ schema, table }],
      });
      expect(decided([read], about("shop", "orders")).effect).toBe("allow");
      expect(decided([read], about("shop", null)).effect).toBe("allow");
      expect(decided([read], about(null, null)).effect).toBe("allow");
      expect(decided([read], about("hr", null)).effect).toBe("deny");
      expect(decided([{ ...read, tables: ["shop.orders"] }], about("shop", "payments")).effect).toBe("deny");
      expect(decided([read], about("shop", "orders"), NONE, { metadata: "deny" }).effect).toBe("deny");
      expect(
        decided([read, { name: "no pay", effect: "deny", tables: ["shop.payments"] }], about("shop", "payments"))
          .effect,
      ).toBe("deny");
    });

    it("lets USE into schemas that some rule is about", () => {
      const use = (schema: string): Subject => ({ kind: "use", class: "use", schema });
      expect(decided([read], use("shop")).effect).toBe("allow");
      expect(decided([read], use("mysql")).effect).toBe("deny");
      expect(decided([read], use("INFORMATION_SCHEMA")).effect).toBe("allow");
      expect(decided([read], use("information_schema"), NONE, { metadata: "deny" }).effect).toBe("deny");
    });

    it("covers statements known by class alone only without tables and columns", () => {
      const flush: Subject = { kind: "opaque", class: "flush", shape: { key: "FLUSH TABLES", values: [] } };
      expect(decided([{ name: "a", effect: "allow", statements: ["admin"] }], flush).effect).toBe("allow");
      expect(decided([{ name: "a", effect: "allow", statements: ["admin"], tables: ["shop.*"] }], flush).effect).toBe(
        "deny",
      );
      expect(decided([read], flush).effect).toBe("deny");
    });

    it("takes the strictest default of several policies, and a deny of any of them", () => {
      const soft = policy.parse({ name: "soft", identities: [], default: "review", rules: [] });
      const hard = policy.parse({ name: "hard", identities: [], default: "deny", rules: [] });
      const subject = statement("select", { tables: ["shop.orders"] });
      expect(decide(planFor(compilePolicies([soft, hard], noTemplate), subject), NONE)).toMatchObject({
        effect: "deny",
        policy: "hard",
      });
      expect(decide(planFor(compilePolicies([], noTemplate), subject), NONE).effect).toBe("deny");
    });
  });

  it("explains for each rule what exactly it lacked, and names the nearest", () => {
    const one = policy.parse({
      name: "p",
      identities: [],
      rules: [{ ...read, max_limit: 10, columns: ["shop.orders.id"] }],
    });
    const subject = statement("select", {
      tables: ["shop.orders"],
      columns: ["shop.orders.note"],
      limit: [{ kind: "literal", literal: 0 }],
    });
    const explained = explain(planFor(compilePolicies([one], noTemplate), subject), values(integer("50")));
    expect(explained[0]).toMatchObject({ matched: false, decided: false });
    expect(explained[0]?.lacks.map(describeLack)).toEqual([
      "column shop.orders.note is not among its columns",
      "LIMIT must be at most 10",
    ]);
    expect(nearestRule(explained)).toContain('rule "read" would allow it, but column shop.orders.note');
  });
});

describe("the rule schema", () => {
  it.each([
    [{ name: "a", effect: "allow", tables: ["shop.*"] }, /which statements/],
    [{ name: "a", effect: "allow", template: "SELECT 1", tables: ["shop.*"] }, /does not go with a template/],
    [{ name: "a", effect: "allow", statements: ["select"], parameters: [] }, /belongs to a template/],
    [{ name: "a", effect: "deny", tables: ["shop.*"], max_limit: 5 }, /does not go with deny/],
    [{ name: "a", effect: "allow", statements: ["selekt"] }, /did you mean select/],
    [{ name: "a", effect: "allow", statements: ["select"], tables: ["orders"] }, /schema\.table/],
    [{ name: "a", effect: "allow", statements: ["select"], columns: ["orders.id"] }, /schema\.table\.column/],
    [{ name: "a", effect: "allow", statements: ["select"], colums: ["shop.orders.id"] }, /Unrecognized key/],
  ])("refuses %j", (given, message) => {
    const result = policy.safeParse({ name: "p", identities: [], rules: [given] });
    expect(JSON.stringify(result.error?.issues)).toMatch(message);
  });

  it("refuses two rules of one name", () => {
    const result = policy.safeParse({ name: "p", identities: [], rules: [read, read] });
    expect(result.error?.issues[0]?.message).toContain("name of an earlier rule");
  });
});
