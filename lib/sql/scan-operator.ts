import { LexRefusal } from "./refusal";

/**
 * Longest first within a first character. Characters of the same family must not touch (`=!`, `<=-` is fine, `|||` is not):
 * there the two servers and other readers disagree about where an operator ends.
 */
// biome-ignore format: one glance shows the set
const OPERATORS: readonly string[] = [
  "<=>", "->>", "<=", ">=", "<>", "!=", "<<", ">>", "&&", "||", ":=", "->",
  "<", ">", "=", "!", "&", "|", "+", "-", "*", "/", "%", "^", "~",
];

const COMPARISON = "<>=!";

/** The operator at `start`. */
export function scanOperator(bytes: Uint8Array, start: number): string {
  const ahead = String.fromCharCode(bytes[start] ?? 0, bytes[start + 1] ?? 0, bytes[start + 2] ?? 0);
  const operator = OPERATORS.find((one) => ahead.startsWith(one));
  if (operator === undefined) throw new LexRefusal("unknown_operator", start);
  const last = operator.charAt(operator.length - 1);
  const next = String.fromCharCode(bytes[start + operator.length] ?? 0);
  const comparisonRun =
    operator !== "->" && operator !== "->>" && COMPARISON.includes(last) && COMPARISON.includes(next);
  const bitRun = (last === "&" || last === "|") && next === last;
  const commentEnd = operator === "*" && next === "/";
  if (comparisonRun || bitRun || commentEnd) throw new LexRefusal("unknown_operator", start);
  return operator;
}
