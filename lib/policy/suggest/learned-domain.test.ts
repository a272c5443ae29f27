import { describe, expect, it } from "vitest";
import { fitsDomain, type ParameterDomain, type StatementValue } from "../value";
import { learnedDomain, type SlotMeaning } from "./learned-domain";
import { SlotStatistics } from "./slot-values";

const whole = (one: number): StatementValue => ({ kind: "number", text: String(one), form: "integer" });
const text = (one: string): StatementValue => ({ kind: "string", text: one });
const NULL: StatementValue = { kind: "null" };
const times = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));

const PLAIN: SlotMeaning = { label: "orders.status", role: "value", identifies: false, holds: null };
const ID: SlotMeaning = { ...PLAIN, label: "orders.id", identifies: true };
const LIMIT: SlotMeaning = { ...PLAIN, label: "LIMIT", role: "limit" };

function learned(values: readonly (StatementValue | null)[], meaning: SlotMeaning = PLAIN) {
  const facts = new SlotStatistics();
  for (const one of values) facts.add(one);
  return learnedDomain(facts, meaning);
}

describe("what was seen of values", () => {
  it("is told in the order of the numbers, also of those that are too long for one", () => {
    const long = { kind: "number", text: "1234567890123456789", form: "integer" } as const;
    expect(learned([long, whole(99_929), whole(4_000)], ID).wider).toBe(
      "any whole number for orders.id; seen were 4,000 to 1234567890123456789",
    );
  });

  it("keeps no texts that nobody would list", () => {
    const facts = new SlotStatistics();
    for (const at of times(9, (one) => one)) facts.add(text("x".repeat(5_000) + at));
    expect(facts).toMatchObject({ distinct: null, longest: 5_001 });
  });
});

describe("the domain learned of values", () => {
  const cases: readonly (readonly [string, readonly (StatementValue | null)[], SlotMeaning, ParameterDomain])[] = [
    [
      "few texts, each seen often",
      times(40, (at) => text(["open", "paid"][at % 2] ?? "")),
      PLAIN,
      { in: ["open", "paid"] },
    ],
    ["one text, always the same", times(4, () => text("paid")), PLAIN, { in: ["paid"] }],
    ["a text seen twice", times(2, () => text("paid")), PLAIN, { type: "string", max_length: 16 }],
    [
      "few texts, with one that is new now and then",
      [...times(40, () => text("open")), text("odd")],
      PLAIN,
      { type: "string", max_length: 16 },
    ],
    ["texts that hardly recur", times(40, (at) => text(`name ${at}`)), PLAIN, { type: "string", max_length: 16 }],
    ["long texts, though few", times(40, () => text("x".repeat(65))), PLAIN, { type: "string", max_length: 128 }],
    ["few numbers", times(40, (at) => whole(at % 4)), PLAIN, { in: [0, 1, 2, 3] }],
    [
      "numbers as texts and as numbers",
      times(40, (at) => (at % 2 === 0 ? whole(5) : text("5"))),
      PLAIN,
      { in: [5, "5"] },
    ],
    ["NULL among few texts", times(40, (at) => (at % 2 === 0 ? NULL : text("a"))), PLAIN, { in: ["a", null] }],
    ["only NULL", times(40, () => NULL), PLAIN, { in: [null] }],
    [
      "NULL among many texts",
      times(40, (at) => (at % 2 === 0 ? NULL : text(`name ${at}`))),
      PLAIN,
      { type: "any", max_length: 16 },
    ],
    ["ids that grow", times(500, (at) => whole(4000 + at)), ID, { type: "integer" }],
    ["ids of a small table, all of them seen often", times(500, (at) => whole(1 + (at % 40))), ID, { type: "integer" }],
    ["the id of one tenant", times(100, () => whole(7)), ID, { in: [7] }],
    ["an id seen three times", times(3, () => whole(7)), ID, { type: "integer" }],
    [
      "quantities between bounds that recur",
      times(600, (at) => whole(1 + (at % 30))),
      PLAIN,
      { type: "integer", range: [1, 30] },
    ],
    ["numbers at the edge of a sample", times(60, (at) => whole(100 + at)), PLAIN, { type: "integer" }],
    ["numbers far apart, though they recur", times(600, (at) => whole((at % 30) ** 3)), PLAIN, { type: "integer" }],
    [
      "whole numbers of a column of fractions",
      times(60, (at) => whole(100 + at)),
      { ...PLAIN, holds: "fractions" },
      { type: "decimal" },
    ],
    [
      "digits in a column of text",
      times(60, (at) => text(`${8000 + at}`)),
      { ...PLAIN, holds: "text" },
      { type: "string", max_length: 16 },
    ],
    [
      "amounts",
      times(60, (at): StatementValue => ({ kind: "number", text: `${at}.50`, form: "decimal" })),
      PLAIN,
      { type: "decimal" },
    ],
    ["dates, though few", times(60, (at) => text(`2026-05-0${1 + (at % 3)}`)), PLAIN, { type: "date" }],
    ["dates and times", times(60, (at) => text(`2026-05-01 10:00:${10 + (at % 3)}`)), PLAIN, { type: "datetime" }],
    ["texts and numbers", [...times(30, (at) => text(`a${at}`)), ...times(30, whole)], PLAIN, { max_length: 16 }],
    ["bytes", [{ kind: "bytes" }], PLAIN, { type: "any" }],
    ["values that were not recorded", [whole(1), null], PLAIN, { type: "any" }],
    ["a LIMIT", times(9, (at) => whole([10, 20, 50][at % 3] ?? 0)), LIMIT, { type: "integer", range: [0, 50] }],
    [
      "an OFFSET",
      times(9, (at) => whole(20 * at)),
      { ...LIMIT, label: "OFFSET", role: "offset" },
      { type: "integer", range: [0, 200] },
    ],
  ];
  it.each(cases)("is right for %s, and takes all of them", (_, values, meaning, domain) => {
    expect(learned(values, meaning).domain).toEqual(domain);
    for (const one of values) if (one !== null) expect(fitsDomain(one, domain)).toBe(true);
  });

  it("says what it takes beyond what was seen", () => {
    expect(learned([12, 300, 4987].map(whole), ID).wider).toBe("any whole number for orders.id; seen were 12 to 4,987");
    expect(learned(times(40, () => text("paid"))).wider).toBeNull();
    expect(learned([whole(10), whole(50)], LIMIT).wider).toBe("any LIMIT up to 50");
    expect(learned([text("Bern")]).wider).toBe(
      "any text of at most 16 characters for orders.status; the longest seen had 4",
    );
    expect(learned([null]).wider).toMatch(/^any value for orders\.status: values of it were not recorded$/);
  });
});
