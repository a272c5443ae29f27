import { beforeEach, describe, expect, it } from "vitest";
import { suddenBehaviour } from "@/lib/policy/budget";
import { GETTING_TO_KNOW_MS, History, type KnownBy } from "./history";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-27T13:50:30.000Z");
const READ: KnownBy = { templateHash: "read", defaultSchema: "shop", tables: ["shop.orders"] };
const sudden = suddenBehaviour.parse({ new_template: "review", new_table: "review", rows_factor: 10 });

describe("what is new about an identity", () => {
  let history: History;
  const judge = (statement: KnownBy, now = NOW) => history.judge(sudden, statement, now)?.kind ?? null;
  beforeEach(() => {
    history = new History(NOW - 5);
    history.load({
      firstAt: NOW - 30 * DAY,
      templates: [{ ...READ, lastAt: NOW - 2 * DAY, executed: 10, rows: 200 }],
    });
  });

  it("is nothing that it has run in those days", () => {
    expect(judge(READ)).toBeNull();
  });

  it("is what it ran longer ago", () => {
    expect(judge(READ, NOW + 12 * DAY - 1)).toBeNull();
    expect(judge(READ, NOW + 12 * DAY + 1)).toBe("new_table");
  });

  it("is another template, or the same text where names mean something else", () => {
    expect(judge({ ...READ, templateHash: "other" })).toBe("new_template");
    expect(judge({ ...READ, defaultSchema: "crm" })).toBe("new_template");
  });

  it("is a table before a template, and is named", () => {
    const people = { ...READ, templateHash: "people", tables: ["shop.orders", "shop.people"] };
    expect(history.judge(sudden, people, NOW)?.reason).toBe("it has not touched shop.people in the last 14 days");
    expect(history.judge({ ...sudden, new_table: "allow" }, people, NOW)?.reason).toBe(
      "it has not run a statement like this in the last 14 days",
    );
  });

  it("is known once it has run, and stays so when the store does not have it yet", () => {
    const other = { ...READ, templateHash: "other" };
    history.ran(other, 3, 1, NOW);
    history.load({ firstAt: NOW - 30 * DAY, templates: [] });
    expect(judge(other)).toBeNull();
  });

  it("is nothing for a day after its first recorded statement", () => {
    history = new History(NOW);
    history.load({ firstAt: NOW - 1000, templates: [] });
    expect(judge(READ, NOW - 1000 + GETTING_TO_KNOW_MS - 1)).toBeNull();
    expect(judge(READ, NOW - 1000 + GETTING_TO_KNOW_MS)).toBe("new_table");
  });

  it("is nothing for a day when it was never recorded", () => {
    history = new History(NOW);
    history.load({ firstAt: null, templates: [] });
    expect(judge(READ, NOW + GETTING_TO_KNOW_MS - 1)).toBeNull();
    expect(judge(READ, NOW + GETTING_TO_KNOW_MS)).toBe("new_table");
  });

  it("is no large answer in that day, and none of that day later", () => {
    history = new History(NOW);
    history.load({ firstAt: NOW - 1000, templates: [] });
    history.ran(READ, 5, 1, NOW);
    history.grew(READ, 1_000, 10, NOW);
    expect(judge(READ)).toBeNull();
    expect(judge(READ, NOW + GETTING_TO_KNOW_MS)).toBeNull();
    history.grew(READ, 1_000, 10, NOW + GETTING_TO_KNOW_MS);
    expect(judge(READ, NOW + GETTING_TO_KNOW_MS)).toBe("rows_factor");
  });

  it("is everything when it was idle for longer than one looks back", () => {
    history.load({ firstAt: NOW - 60 * DAY, templates: [] });
    expect(judge(READ)).toBe("new_table");
  });

  it.each([
    [200, null],
    [201, "rows_factor"],
  ])("an answer of %i rows where 20 are usual makes the next one: %s", (rows, kind) => {
    history.grew(READ, rows, 10, NOW);
    expect(judge(READ)).toBe(kind);
    history.approved(READ);
    expect(judge(READ)).toBeNull();
  });

  it("is no answer of a hundred rows, however few are usual, and none where nothing is usual", () => {
    history.load({ firstAt: 0, templates: [{ ...READ, lastAt: NOW, executed: 10, rows: 10 }] });
    history.grew(READ, 100, 10, NOW);
    expect(judge(READ)).toBeNull();
    history.grew({ ...READ, templateHash: "other" }, 1_000_000, 10, NOW);
    expect(judge(READ)).toBeNull();
    history.grew(READ, 101, 10, NOW);
    expect(history.judge(sudden, READ, NOW)?.reason).toBe(
      "the last answer to a statement like this had 101 rows, usual are 1.0",
    );
  });
});
