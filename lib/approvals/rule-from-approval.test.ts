import { describe, expect, it } from "vitest";
import { compilePolicies } from "@/lib/policy/compile";
import { literalValues } from "@/lib/policy/literal-values";
import { decide, planFor } from "@/lib/policy/plan";
import { rule as ruleSchema } from "@/lib/policy/rule";
import { understand } from "@/lib/policy/understand";
import { understandTemplate } from "@/lib/policy/understand-template";
import type { StatementValue } from "@/lib/policy/value";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { ruleFromApproval } from "./rule-from-approval";

const context = {
  dialect: "mariadb",
  catalogue: compileCatalogue(SHOP),
  defaultSchema: "shop",
  pipesAsConcat: false,
} as const;

function ruleOf(sql: string, parameters: readonly unknown[] = []) {
  const made = ruleFromApproval({ sql, parameters, ruleName: null }, "mariadb");
  if (!made.ok) throw new Error(made.why);
  return made.rule;
}

function effectOf(rule: ReturnType<typeof ruleOf>, sql: string, bound: readonly StatementValue[] | null = null) {
  const policy = { name: "p", identities: [], metadata: "deny", default: "review", rules: [rule] } as const;
  const set = compilePolicies([{ ...policy, identities: [], rules: [rule] }], (text) =>
    understandTemplate(text, context),
  );
  const understood = understand(Buffer.from(sql), context);
  if (!understood.ok) throw new Error(understood.message);
  return decide(planFor(set, understood.subject), literalValues(understood.canonical.literals, bound)).effect;
}

describe("the rule made of an approval", () => {
  it("has the statement's template, and a domain for each value", () => {
    const rule = ruleOf("select id from orders where id = 7 and status = 'refunded' limit 10");
    expect(rule).toMatchObject({
      effect: "allow",
      template: "SELECT id FROM orders WHERE id = ? AND status = ? LIMIT ?",
      parameters: [{ type: "integer" }, { in: ["refunded"] }, { type: "integer", range: [0, 10] }],
    });
    expect(ruleSchema.safeParse(rule).success).toBe(true);
  });

  it("lets the approved statement pass, another number too, and another text not", () => {
    const sql = (status: string, id: number) => `UPDATE orders SET status = '${status}' WHERE id = ${id}`;
    const rule = ruleOf(sql("refunded", 7));
    expect(effectOf(rule, sql("refunded", 7))).toBe("allow");
    expect(effectOf(rule, sql("refunded", 8))).toBe("allow");
    expect(effectOf(rule, sql("shipped", 7))).toBe("review");
  });

  it("takes the values of a prepared statement from its execution", () => {
    const bound: StatementValue[] = [
      { kind: "string", text: "refunded" },
      { kind: "number", text: "7", form: "integer" },
    ];
    const rule = ruleOf("UPDATE orders SET status = ? WHERE id = ?", bound);
    expect(rule.parameters).toEqual([{ in: ["refunded"] }, { type: "integer" }]);
    expect(effectOf(rule, "UPDATE orders SET status = ? WHERE id = ?", bound)).toBe("allow");
    expect(
      effectOf(rule, "UPDATE orders SET status = ? WHERE id = ?", [{ kind: "null" }, bound[1] ?? { kind: "null" }]),
    ).toBe("review");
  });

  it("names itself after the rule that asked, within the length of names", () => {
    const name = "a very long rule name that says nearly everything about the matter";
    const made = ruleFromApproval({ sql: "SELECT 1", parameters: [], ruleName: name }, "mysql");
    expect(made.ok && made.rule.name).toMatch(/^a very long .* without review$/);
    expect(made.ok && ruleSchema.safeParse(made.rule).success).toBe(true);
  });

  it("is none for text that can not be taken apart", () => {
    expect(ruleFromApproval({ sql: "SELECT 'x", parameters: [], ruleName: null }, "mysql")).toMatchObject({
      ok: false,
    });
  });
});
