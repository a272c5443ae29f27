import { describe, expect, it } from "vitest";
import { decodeChoices, encodeChoices, type RuleChoice } from "./choice";

const CHOICES: readonly RuleChoice[] = ["leave", "allow", "review"];

describe("choices in an address", () => {
  it("come back as they were, however many rules there are", () => {
    for (let rules = 0; rules < 40; rules += 1) {
      const choices = Array.from({ length: rules }, (_, at): RuleChoice => CHOICES[(at * 7) % 3] ?? "leave");
      expect(decodeChoices(encodeChoices(choices), rules)).toEqual(choices);
    }
  });

  it("of the longest policy need fewer than 700 characters", () => {
    expect(encodeChoices(Array.from({ length: 2000 }, () => "review")).length).toBeLessThan(700);
  });

  it.each([
    ["for another number of rules", "AA", 3],
    ["with a character that is none", "!", 3],
    ["with a choice that is none", "D", 3],
  ])("are refused %s", (_, text, rules) => {
    expect(decodeChoices(text, rules)).toBeNull();
  });
});
