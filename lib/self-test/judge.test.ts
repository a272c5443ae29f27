import { describe, expect, it } from "vitest";
import { type Attack, plainly } from "./attack";
import { compareRuns } from "./compare";
import { type Answer, judge, type Observed } from "./judge";
import type { Controls } from "./leak";
import type { AttackResult } from "./model";
import { scoreOf } from "./score";

const SSN = { schema: "shop", table: "people", column: "ssn" };
const controls: Controls = new Map([
  [
    "shop.people",
    { values: new Map([["shop.people.ssn", [{ value: "913-40-0001", shown: null }]]]), open: new Set<string>() },
  ],
]);
const base = { id: "x", tries: "x", statements: ["SELECT 1"], bound: null, about: null } as const;
const hiding: Attack = {
  ...base,
  family: "values",
  expects: { kind: "hides", columns: [SSN], disguise: plainly, over: "shop.people", answers: "hidden" },
};
const refusing: Attack = {
  ...base,
  family: "inference",
  expects: { kind: "refused", passing: { outcome: "setting", why: "It is set so", mend: "Set it otherwise" } },
};
const answered = (...texts: readonly string[]): Answer => ({ cells: texts, messages: [], error: null });
const error = (errno: number, code: string | null, ...texts: readonly string[]): Answer => ({
  cells: [],
  messages: texts,
  error: { errno, code },
});
const seen = (...answers: readonly Answer[]): Observed => ({ answers, notSent: null, untried: null, rule: null });

describe("what becomes of an attack", () => {
  it.each([
    ["a refusal", hiding, seen(error(1143, "MASK_UNSAFE", "[sallyport] no")), "stopped"],
    ["an answer without a value", hiding, seen(answered("***")), "harmless"],
    ["an answer with a value", hiding, seen(answered("913-40-0001")), "failed"],
    ["an error that quotes a value", hiding, seen(error(1105, null, "XPATH '~913-40-0001'")), "failed"],
    ["a warning that does, behind an answer", hiding, seen(answered("1"), answered("bad value 913-40-0001")), "failed"],
    ["an error of the server", refusing, seen(error(1064, null, "syntax")), "harmless"],
    ["an answer where none should be", refusing, seen(answered("1")), "setting"],
    ["something that the gateway lacks", refusing, seen(error(1105, "UNAVAILABLE")), "untried"],
    ["a limit that is full", refusing, { answers: [], notSent: null, untried: "full", rule: null }, "untried"],
  ] as const)("%s", (_, attack, observed, outcome) => {
    const judgement = judge(attack, observed, controls, "enforce");
    expect(judgement.outcome).toBe(outcome);
    expect(JSON.stringify(judgement)).not.toContain("913-40-0001");
  });

  it("shows nothing where it is not known what a leak would be", () => {
    const reading = (values: readonly (readonly [string, []])[]): Controls =>
      new Map([["shop.people", { values: new Map(values), open: new Set() }]]);
    const unread = judge(hiding, seen(answered("913-40-0001")), reading([]), "enforce");
    expect(unread).toMatchObject({
      outcome: "untried",
      why: expect.stringContaining("shop.people.ssn could not be read"),
    });
    const empty = judge(hiding, seen(answered("x")), reading([["shop.people.ssn", []]]), "enforce");
    expect(empty).toMatchObject({ outcome: "harmless", why: expect.stringContaining("no value to hide") });
    expect(judge(hiding, seen(error(1143, "MASK_UNSAFE")), reading([]), "enforce").outcome).toBe("stopped");
  });

  it("is no leak where the attack's own text comes back, whatever stands in it", () => {
    const flag: Controls = new Map([
      ["shop.people", { values: new Map([["shop.people.ssn", [{ value: "1", shown: null }]]]), open: new Set() }],
    ]);
    const attack: Attack = { ...hiding, statements: ["SELECT '\\', ssn FROM t LIMIT 1 -- '"] };
    expect(judge(attack, seen(answered("', ssn FROM t LIMIT 1 -- ")), flag, "enforce").outcome).toBe("harmless");
    expect(judge(attack, seen(answered("1")), flag, "enforce").outcome).toBe("failed");
  });

  it("says first to enforce where nothing is", () => {
    expect(judge(refusing, seen(answered("1")), controls, "observe").mend).toMatch(/enforce/);
  });

  it("scores what nothing got through, and never rounds up", () => {
    const attacks = Array.from({ length: 2001 }, (_, at) => ({
      outcome: at === 0 ? ("failed" as const) : ("stopped" as const),
    }));
    expect(scoreOf(attacks)).toBe(99.9);
    expect(scoreOf(attacks.slice(1))).toBe(100);
    expect(scoreOf([{ outcome: "untried" }, { outcome: "harmless" }])).toBe(50);
    expect(scoreOf([])).toBe(0);
  });

  it("is compared with the run before by its id", () => {
    const rest = {
      family: "values",
      tries: "",
      statements: [],
      bound: null,
      why: "",
      mend: null,
      about: null,
    } as const;
    const run = (outcomes: Readonly<Record<string, AttackResult["outcome"]>>) => ({
      attacks: Object.entries(outcomes).map(([id, outcome]) => ({ ...rest, id, outcome, statementId: null })),
    });
    const before = run({ a: "stopped", b: "failed", c: "setting", d: "failed" });
    const now = run({ a: "failed", b: "stopped", c: "failed", e: "setting" });
    const { newlyFailing, mended } = compareRuns(now, before);
    expect(newlyFailing.map((one) => one.id)).toEqual(["a", "e"]);
    expect(mended.map((one) => one.id)).toEqual(["b"]);
  });
});
