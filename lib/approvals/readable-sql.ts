import { z } from "zod";
import { valueLiteral } from "@/lib/policy/value-literal";
import { lexText } from "@/lib/sql/lexer";
import type { Dialect, Token } from "@/lib/sql/token";
import { visibleText } from "@/lib/sql/visible-text";

/** Words that begin a line of their own, in a query as deep as it stands. */
const CLAUSES = new Set(
  "SELECT FROM WHERE GROUP HAVING ORDER LIMIT SET VALUES UNION EXCEPT INTERSECT RETURNING WINDOW JOIN INNER LEFT RIGHT CROSS NATURAL STRAIGHT_JOIN".split(
    " ",
  ),
);
const CONDITIONS = new Set(["AND", "OR"]);
/** After these a clause's word goes on: LEFT OUTER JOIN, DELETE FROM, UNION ALL SELECT is two lines on purpose. */
const GOES_ON: Readonly<Record<string, readonly string[]>> = {
  JOIN: ["INNER", "LEFT", "RIGHT", "CROSS", "OUTER", "NATURAL"],
  LEFT: ["NATURAL"],
  RIGHT: ["NATURAL"],
  INNER: ["NATURAL"],
  FROM: ["DELETE"],
  VALUES: [")"],
};
const INDENT = "  ";

const boundValue = z.union([
  z.object({ kind: z.literal("null") }),
  z.object({ kind: z.literal("number"), text: z.string() }),
  z.object({ kind: z.literal("string"), text: z.string() }),
  z.object({ kind: z.literal("bytes") }),
]);

/** A statement as people read it. */
export interface ReadableSql {
  readonly text: string;
  /** How many `?` have their bound value in the text. */
  readonly filled: number;
}

/**
 * The statement with its bound values in place and each clause on a line of its own. Only white space differs from what runs, and
 * characters that could make the text look like another one are spelt out. Pure, for reading only: nothing decides by it.
 */
export function readableSql(sql: string, parameters: readonly unknown[], dialect: Dialect): ReadableSql {
  const read = lexText(sql, dialect);
  if (!read.ok) return { text: visibleText(sql), filled: 0 };
  const { tokens, literals } = read.lexed;
  const bytes = Buffer.from(sql);
  const spelt = (from: number, to: number) => bytes.subarray(from, to).toString("utf8");
  /** For each open parenthesis whether a query stands in it. */
  const nesting: boolean[] = [];
  let text = "";
  let filled = 0;
  let between = false;
  tokens.forEach((token, at) => {
    const previous = tokens[at - 1];
    if (token.text === ")" && token.kind === "punctuation") nesting.pop();
    const gap = previous === undefined ? "" : spelt(previous.end, token.start).trim();
    const depth = nesting.filter(Boolean).length;
    const inCall = nesting.at(-1) === false;
    if (previous !== undefined) text += gap === "" ? "" : ` ${gap}`;
    if (previous !== undefined && !inCall && startsLine(token, previous, between)) {
      text += `\n${INDENT.repeat(depth + (CONDITIONS.has(token.upper) ? 1 : 0))}`;
    } else if (previous !== undefined && (!token.glued || gap !== "")) {
      text += " ";
    }
    if (token.upper === "BETWEEN") between = true;
    else if (token.upper === "AND") between = false;
    const literal = literals[token.literal];
    const value = literal?.kind === "parameter" ? valueText(parameters[literal.parameter]) : null;
    if (value !== null) filled += 1;
    text += value ?? spelt(token.start, token.end);
    if (token.text === "(" && token.kind === "punctuation") {
      const next = tokens[at + 1]?.upper;
      nesting.push(next === "SELECT" || next === "WITH");
    }
  });
  return { text: visibleText(text), filled };
}

function startsLine(token: Token, previous: Token, between: boolean): boolean {
  if (token.kind !== "word" || previous.text === ".") return false;
  if (CONDITIONS.has(token.upper)) return !(token.upper === "AND" && between);
  if (!CLAUSES.has(token.upper) || !token.reserved) return false;
  // `INSERT ... (a, b) VALUES (...)` reads best in one line; so does `(SELECT`.
  const before = previous.upper === "" ? previous.text : previous.upper;
  return before !== "(" && !(GOES_ON[token.upper] ?? []).includes(before);
}

function valueText(bound: unknown): string | null {
  const parsed = boundValue.safeParse(bound);
  return parsed.success ? valueLiteral(parsed.data) : null;
}
