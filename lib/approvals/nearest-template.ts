import type { Policy } from "@/lib/policy/rule";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import type { Dialect } from "@/lib/sql/token";
import { type DiffPart, wordDiff } from "./word-diff";

/** The template of a rule that would have let something similar pass. */
export interface NearestTemplate {
  readonly policy: string;
  readonly rule: string;
  /** As the rule has it. */
  readonly template: string;
  /** From 0 to 1: the share of words that both have. */
  readonly similarity: number;
  /** From the template to the statement, values as `?` in both. */
  readonly diff: readonly DiffPart[];
}

/** Less alike than this helps nobody. */
const LEAST_SIMILARITY = 0.5;

/**
 * The allowed template that is most like the statement, with the difference word by word; null when none is alike. Pure. It tells a
 * reviewer how far the statement is from what needs no review, and decides nothing.
 */
export function nearestTemplate(sql: string, policies: readonly Policy[], dialect: Dialect): NearestTemplate | null {
  const words = wordsOf(sql, dialect);
  let best: { policy: string; rule: string; template: string; words: readonly string[]; similarity: number } | null =
    null;
  for (const { name: policy, rules } of policies) {
    for (const { name: rule, effect, template } of rules) {
      if (effect !== "allow" || template === undefined) continue;
      const own = wordsOf(template, dialect);
      const similarity = similarityOf(own, words);
      if (similarity >= LEAST_SIMILARITY && similarity > (best?.similarity ?? 0)) {
        best = { policy, rule, template, words: own, similarity };
      }
    }
  }
  if (best === null) return null;
  const { words: own, ...found } = best;
  return { ...found, diff: wordDiff(own, words) };
}

/** The words of the text with `?` for its values; of text that is not understood, what stands between spaces. */
function wordsOf(text: string, dialect: Dialect): string[] {
  const read = lexText(text, dialect);
  const pattern = read.ok ? canonicalise(read.lexed).pattern : text;
  return pattern.match(/[\p{L}\p{N}_$@.`]+|[^\s\p{L}\p{N}_$@.`]/gu) ?? [];
}

/** Dice's coefficient over the words of both, each counted as often as it occurs. */
function similarityOf(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of b) {
    const count = left.get(word) ?? 0;
    if (count > 0) {
      common += 1;
      left.set(word, count - 1);
    }
  }
  return a.length + b.length === 0 ? 0 : (2 * common) / (a.length + b.length);
}
