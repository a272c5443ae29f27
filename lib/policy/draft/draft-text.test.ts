import { describe, expect, it } from "vitest";
import { draftProblems, emptyDraft, freeRuleName, type PolicyDraft } from "./draft";
import { draftToText, readDraftText } from "./draft-text";

const DRAFT: PolicyDraft = {
  name: "orders-agent",
  connection: "shop",
  identities: [{ client_id: "orders-agent" }, { group: "support" }],
  metadata: "allow",
  default: "review",
  rules: [
    {
      name: "lookups",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.orders"],
      where: ["shop.orders.id"],
      max_limit: 500,
    },
    {
      name: "by id",
      effect: "allow",
      template: "SELECT 1 FROM shop.orders WHERE id = ?",
      parameters: [{ type: "integer", range: [1, 9] }],
    },
  ],
};

function marked(text: string): string[] {
  const read = readDraftText(text);
  return read.ok
    ? []
    : read.problems.map((one) => `${text.slice(one.from, one.to)} | ${one.path.join(".")} | ${one.message}`);
}

describe("the file view of a policy", () => {
  it("reads back exactly what it wrote", () => {
    const read = readDraftText(draftToText(DRAFT));
    expect(read.ok && read.draft).toEqual(DRAFT);
  });

  it("leaves out keys of rules that say nothing", () => {
    const rules = [{ name: "r", effect: "deny", tables: [], columns: undefined } as never];
    expect(draftToText({ ...DRAFT, rules })).toMatch(/rules:\n {2}- name: r\n {4}effect: deny\n$/);
  });

  it("fills in what a short file leaves out", () => {
    const read = readDraftText("name: p\nconnection: shop\nidentities: []\n");
    expect(read.ok && read.draft).toEqual({ ...emptyDraft("shop"), name: "p" });
  });

  it("marks each problem at its place", () => {
    const text = draftToText(DRAFT)
      .replace("tables:\n      - shop.orders\n", "tables:\n      - orders\n")
      .replace("effect: allow", "effect: alow");
    expect(marked(text)).toEqual([
      expect.stringMatching(/^alow \| rules\.0\.effect \| /),
      expect.stringMatching(/^orders \| rules\.0\.tables\.0 \| must be schema\.table/),
    ]);
  });

  it("marks an unknown key and says which one was meant", () => {
    expect(
      marked(
        "name: p\nconnection: shop\nidentities: []\nrules:\n  - name: r\n    effect: deny\n    tabels: [shop.x]\n",
      ),
    ).toEqual(["tabels | rules.0.tabels | unknown key; did you mean tables?"]);
  });

  it("says where the syntax is broken, and that a list is no policy", () => {
    expect(marked("name: [p\nconnection: shop")[0]).toBeDefined();
    expect(marked("- name: p\n")[0]).toContain("must be one policy");
    expect(marked("")[0]).toContain("must be one policy");
  });

  it("finds identities and rules that stand twice", () => {
    const twice = { ...DRAFT, identities: [{ group: "a" }, { group: "a" }] };
    expect(draftProblems(twice)).toEqual([{ path: ["identities", 1], message: "this identity stands here twice" }]);
    const rules = [
      { name: "r", effect: "deny" as const },
      { name: "r", effect: "deny" as const },
    ];
    expect(draftProblems({ ...DRAFT, rules })[0]?.path).toEqual(["rules", 1, "name"]);
  });

  it("asks for a name in words", () => {
    expect(draftProblems({ ...DRAFT, name: "" })).toEqual([{ path: ["name"], message: "a name is needed" }]);
  });

  it("says of an emptied amount what it must be", () => {
    const budgets = [{ measure: "rows" as const, per: "hour" as const, max: Number.NaN, over: "deny" as const }];
    expect(draftProblems({ ...DRAFT, budgets })).toEqual([
      { path: ["budgets", 0, "max"], message: "must be a whole number, at least 1" },
    ]);
  });
});

describe("a free name for a rule", () => {
  it("counts up from what is taken", () => {
    expect(freeRuleName("reads", [])).toBe("reads");
    expect(
      freeRuleName("reads", [
        { name: "reads", effect: "deny" },
        { name: "reads 2", effect: "deny" },
      ]),
    ).toBe("reads 3");
  });
});
