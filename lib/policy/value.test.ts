import { describe, expect, it } from "vitest";
import { describeDomain, fitsDomain, type ParameterDomain, parameterDomain, type StatementValue } from "./value";

const string = (text: string): StatementValue => ({ kind: "string", text });
const integer = (text: string): StatementValue => ({ kind: "number", text, form: "integer" });
const float = (text: string): StatementValue => ({ kind: "number", text, form: "float" });

describe("parameter domains", () => {
  const cases: [StatementValue, ParameterDomain, boolean][] = [
    [integer("5"), { type: "integer" }, true],
    [string("5"), { type: "integer" }, true],
    [float("5"), { type: "integer" }, true],
    [float("5.5"), { type: "integer" }, false],
    [string("5 OR 1=1"), { type: "integer" }, false],
    [string("0x10"), { type: "integer" }, false],
    [{ kind: "bytes" }, { type: "integer" }, false],
    [{ kind: "bytes" }, { type: "any" }, true],
    [{ kind: "null" }, { type: "integer" }, false],
    [{ kind: "null" }, {}, false],
    [{ kind: "null" }, { in: [null, "a"] }, true],
    [string("refunded"), { in: ["refunded", "cancelled"] }, true],
    [string("Refunded"), { in: ["refunded"] }, false],
    [string("paid"), { in: ["refunded", "cancelled"] }, false],
    [integer("7"), { in: [7] }, true],
    [string("7"), { in: [7] }, true],
    [integer("0"), { in: [""] }, false],
    [integer("5"), { range: [1, 10] }, true],
    [integer("11"), { range: [1, 10] }, false],
    [string("abc"), { range: [1, 10] }, false],
    [string("äöü"), { type: "string", max_length: 3 }, true],
    [string("abcd"), { max_length: 3 }, false],
    [integer("5"), { type: "string" }, false],
    [string("2026-11-23"), { type: "date" }, true],
    [string("2026-11-23 10:00:00"), { type: "date" }, false],
    [string("2026-11-23 10:00:00.5"), { type: "datetime" }, true],
    [string("now"), { type: "datetime" }, false],
    [integer("12345"), {}, true],
    [integer("9007199254740993"), { in: [9007199254740992] }, false],
    [integer("9007199254740993"), { range: [0, 9007199254740992] }, false],
  ];
  it.each(cases)("%j in %j: %s", (value, domain, expected) => {
    expect(fitsDomain(value, parameterDomain.parse(domain))).toBe(expected);
  });

  it("refuse a range the wrong way round and unknown keys", () => {
    expect(parameterDomain.safeParse({ range: [5, 1] }).success).toBe(false);
    expect(parameterDomain.safeParse({ maximum: 5 }).success).toBe(false);
  });

  it("say what they allow", () => {
    expect(describeDomain({ type: "integer", range: [1, 9] })).toBe("integer, from 1 to 9");
    expect(describeDomain({})).toBe("any value");
  });
});
