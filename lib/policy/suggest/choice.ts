import type { ProposedRule } from "./model";

/** What a person decided about one proposed rule. */
export type RuleChoice = "leave" | "allow" | "review";

const CHOICES = ["leave", "allow", "review"] as const satisfies readonly RuleChoice[];
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PER_DIGIT = 3;

/** As proposed: everything taken, with the effect that it was proposed with. */
export function proposedChoices(rules: readonly Pick<ProposedRule, "rule">[]): readonly RuleChoice[] {
  return rules.map(({ rule }) => (rule.effect === "allow" ? "allow" : "review"));
}

/** The choices as part of an address: three rules to a character, so that the longest policy still fits. */
export function encodeChoices(choices: readonly RuleChoice[]): string {
  let text = "";
  for (let at = 0; at < choices.length; at += PER_DIGIT) {
    const digit = choices
      .slice(at, at + PER_DIGIT)
      .reduce((sum, one, place) => sum + CHOICES.indexOf(one) * 4 ** place, 0);
    text += DIGITS[digit] ?? "";
  }
  return text;
}

/** Null for a text that is none, or about another number of rules. */
export function decodeChoices(text: string, rules: number): readonly RuleChoice[] | null {
  if (text.length !== Math.ceil(rules / PER_DIGIT)) return null;
  const choices: RuleChoice[] = [];
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    for (let place = 0; place < PER_DIGIT && choices.length < rules; place += 1) {
      const choice = digit < 0 ? undefined : CHOICES[Math.floor(digit / 4 ** place) % 4];
      if (choice === undefined) return null;
      choices.push(choice);
    }
  }
  return choices;
}
