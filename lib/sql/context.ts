import { KeywordReader } from "./keyword-context";
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
  /** The word acts as a keyword here although it is not reserved. */
  readonly keywords: readonly boolean[];
}

/** State of one parenthesis level. */
export interface Frame {
  readonly opener: string;
  readonly openedAt: number;
  ordinal: number;
  clause: Clause;
  /** An INTERVAL waits for its unit. */
  interval: boolean;
  /** Open CASE expressions. */
  cases: number;
  /** A LIKE whose ESCAPE may follow. */
  like: boolean;
  /** After AS or the comma of CAST and CONVERT: a type. */
  type: boolean;
}

/** Words that end an ORDER BY, GROUP BY or LIMIT list of the same level. */
const CLAUSE_WORDS: Readonly<Record<string, Clause>> = {
  SELECT: "none",
  FROM: "none",
  WHERE: "none",
  HAVING: "none",
  LIMIT: "limit",
  OFFSET: "offset",
  UNION: "none",
  INTERSECT: "none",
  EXCEPT: "none",
  ROWS: "frame",
  RANGE: "frame",
  GROUPS: "frame",
  FOR: "none",
  LOCK: "none",
  INTO: "none",
  SEPARATOR: "none",
  ON: "none",
  SET: "none",
  VALUES: "none",
  WINDOW: "none",
  PROCEDURE: "none",
  RETURNING: "none",
  FETCH: "limit",
};

/** Reads the surroundings of every token in one pass. */
export function readContexts(tokens: readonly Token[], ddl: boolean): TokenContexts {
  const openers: string[] = [];
  const ordinals: number[] = [];
  const clauses: Clause[] = [];
  const keywords: boolean[] = [];
  const reader = new KeywordReader(tokens, ddl);
  const frames: Frame[] = [];
  let frame = newFrame("", -1);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.text === ")" && token.kind === "punctuation") frame = frames.pop() ?? newFrame("", -1);
    const keyword = reader.read(at, frame);
    openers.push(frame.opener);
    ordinals.push(frame.ordinal);
    keywords.push(keyword);
    advanceClause(tokens, at, frame, keyword);
    clauses.push(frame.clause);
    if (token.kind === "punctuation" && token.text === "(") {
      frames.push(frame);
      frame = newFrame(openerWord(tokens, at), at, inherited(tokens, at, frame));
    } else if (token.kind === "punctuation" && token.text === ",") frame.ordinal += 1;
  }
  return { openers, ordinals, clauses, keywords };
}

function newFrame(opener: string, openedAt: number, clause: Clause = "none"): Frame {
  return { opener, openedAt, ordinal: 0, clause, interval: false, cases: 0, like: false, type: false };
}

function openerWord(tokens: readonly Token[], at: number): string {
  const before = tokens[at - 1];
  return before?.kind === "word" ? before.upper : "";
}

/** `ORDER BY (2)` is a position too: parentheses that call no function stay in the list's clause. */
function inherited(tokens: readonly Token[], at: number, outer: Frame): Clause {
  if (outer.clause !== "order" && outer.clause !== "group") return "none";
  const before = tokens[at - 1];
  const calls = before?.kind === "word" && before.upper !== "BY";
  return calls ? "none" : outer.clause;
}

function advanceClause(tokens: readonly Token[], at: number, frame: Frame, keyword: boolean): void {
  const token = tokens[at];
  if (token?.kind !== "word" || !(token.reserved || keyword)) return;
  if (token.upper === "BY") {
    const before = tokens[at - 1]?.upper;
    if (before === "ORDER") frame.clause = "order";
    else if (before === "GROUP") frame.clause = "group";
  } else frame.clause = CLAUSE_WORDS[token.upper] ?? frame.clause;
}
