import type { Token } from "./token";

/** The clause a token stands in, as far as literals care. */
export type Clause = "none" | "order" | "group" | "limit" | "offset" | "frame";

/** What surrounds each token; all arrays have one entry per token. */
export interface TokenContexts {
  /** Upper-case word right before the parenthesis that encloses the token, or "". */
  readonly openers: readonly string[];
  /** How many commas came before the token inside its parenthesis. */
  readonly ordinals: readonly number[];
  readonly clauses: readonly Clause[];
}

/** State of one parenthesis level. */
interface Frame {
  readonly opener: string;
  ordinal: number;
  clause: Clause;
}

/** Reserved words that end an ORDER BY, GROUP BY or LIMIT list of the same level, or begin another. */
const CLAUSE_WORDS: ReadonlyMap<string, Clause> = new Map<string, Clause>([
  ["SELECT", "none"],
  ["FROM", "none"],
  ["WHERE", "none"],
  ["HAVING", "none"],
  ["LIMIT", "limit"],
  ["OFFSET", "offset"],
  ["FETCH", "limit"],
  ["UNION", "none"],
  ["INTERSECT", "none"],
  ["EXCEPT", "none"],
  ["ROWS", "frame"],
  ["RANGE", "frame"],
  ["GROUPS", "frame"],
  ["FOR", "none"],
  ["LOCK", "none"],
  ["INTO", "none"],
  ["SEPARATOR", "none"],
  ["ON", "none"],
  ["SET", "none"],
  ["VALUES", "none"],
  ["WINDOW", "none"],
  ["PROCEDURE", "none"],
  ["RETURNING", "none"],
]);

/** Reads the surroundings of every token in one pass. */
export function readContexts(tokens: readonly Token[]): TokenContexts {
  const openers: string[] = [];
  const ordinals: number[] = [];
  const clauses: Clause[] = [];
  const frames: Frame[] = [];
  let frame: Frame = { opener: "", ordinal: 0, clause: "none" };
  tokens.forEach((token, at) => {
    const sign = token.kind === "punctuation" ? token.text : "";
    if (sign === ")") frame = frames.pop() ?? frame;
    advanceClause(tokens, at, frame);
    openers.push(frame.opener);
    ordinals.push(frame.ordinal);
    clauses.push(frame.clause);
    if (sign === "(") {
      frames.push(frame);
      frame = { opener: openerWord(tokens[at - 1]), ordinal: 0, clause: inherited(tokens[at - 1], frame) };
    } else if (sign === ",") frame.ordinal += 1;
  });
  return { openers, ordinals, clauses };
}

function openerWord(before: Token | undefined): string {
  return before?.kind === "word" ? before.upper : "";
}

/** `ORDER BY (2)` is a position too: parentheses that call no function stay in the list's clause. */
function inherited(before: Token | undefined, outer: Frame): Clause {
  if (outer.clause !== "order" && outer.clause !== "group") return "none";
  const calls = before?.kind === "word" && before.upper !== "BY";
  return calls ? "none" : outer.clause;
}

function advanceClause(tokens: readonly Token[], at: number, frame: Frame): void {
  const token = tokens[at];
  if (token?.kind !== "word") return;
  const before = tokens[at - 1];
  if (token.upper === "BY" && token.reserved) {
    if (before?.upper === "ORDER") frame.clause = "order";
    else if (before?.upper === "GROUP") frame.clause = "group";
  } else if (token.reserved || offsetFollowsLimit(token, before, frame)) {
    frame.clause = CLAUSE_WORDS.get(token.upper) ?? frame.clause;
  }
}

/** OFFSET is no reserved word of MySQL: behind the count of LIMIT it is the keyword. */
function offsetFollowsLimit(token: Token, before: Token | undefined, frame: Frame): boolean {
  return token.upper === "OFFSET" && frame.clause === "limit" && before !== undefined && before.literal >= 0;
}
