import type { NotUnderstood } from "../analysis";
import type { ParsedStatement, Query } from "../model";
import type { Literal, Token } from "../token";
import { Cursor, Refusal } from "./cursor";
import { readAlter, readCreate, readDrop, readRename, readTruncate } from "./definition";
import { readInsert } from "./insert";
import { parseText } from "./parser";
import { readQuery } from "./query";
import { readTree } from "./tree";
import { type Draft, readCallStatement, readDelete, readUpdate } from "./write";

export interface ParseInput {
  readonly tokens: readonly Token[];
  readonly literals: readonly Literal[];
  /** Index of the first token: after EXPLAIN, the statement inside. */
  readonly start?: number;
  /** The session has PIPES_AS_CONCAT. */
  readonly pipesAsConcat?: boolean;
}

/** A statement that was read from its tokens and waits for the parser. */
export interface Prepared {
  readonly ok: true;
  /** Simplified queries for node-sql-parser, in order. */
  readonly texts: readonly string[];
  /** Small enough to be parsed on the event loop: the parser is linear on simplified text, see `fuzz.test.ts`. */
  readonly inline: boolean;
  /** Checks the trees against the texts and makes the statement. */
  readonly complete: (trees: readonly unknown[]) => ParsedStatement | NotUnderstood;
}

/** Simplified text up to this many characters is parsed in a few milliseconds. */
export const INLINE_CHARACTERS = 4_000;
const MAX_CHARACTERS = 400_000;

function refused(error: unknown): NotUnderstood {
  if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message, token: error.token };
  if (error instanceof RangeError) {
    return { ok: false, code: "TOO_COMPLEX", message: "it is nested too deep", token: null };
  }
  throw error;
}

/** Reads the tokens of one statement. Utility statements (SHOW, SET ...) are not for this module. */
export function prepare(input: ParseInput): Prepared | NotUnderstood {
  try {
    const cursor = new Cursor(input.tokens, input.literals, {
      start: input.start ?? 0,
      pipesAsConcat: input.pipesAsConcat ?? false,
    });
    const draft = readStatement(cursor);
    if (cursor.position < cursor.tokens.length) cursor.unexpected("the end of the statement");
    const characters = draft.texts.reduce((sum, text) => sum + text.length, 0);
    if (characters > MAX_CHARACTERS) cursor.refuse("TOO_COMPLEX", "it is too long");
    return {
      ok: true,
      texts: draft.texts,
      inline: characters <= INLINE_CHARACTERS,
      complete: (trees) => complete(cursor, draft, trees),
    };
  } catch (error) {
    return refused(error);
  }
}

function complete(cursor: Cursor, draft: Draft, trees: readonly unknown[]): ParsedStatement | NotUnderstood {
  try {
    const queries = draft.texts.map((text, index): Query => {
      const tree = trees[index];
      if (tree === null || tree === undefined) throw new Refusal("SYNTAX", "the parser does not understand it", null);
      return readTree(tree, text, cursor);
    });
    const { locking, into, calcFoundRows } = cursor;
    return { statement: draft.assemble(queries), facts: { locking, into, calcFoundRows } };
  } catch (error) {
    return refused(error);
  }
}

/** Parses on the caller's thread; statements that are not `inline` are refused. */
export function parse(input: ParseInput): ParsedStatement | NotUnderstood {
  const prepared = prepare(input);
  if (!prepared.ok) return prepared;
  if (!prepared.inline) {
    return { ok: false, code: "TOO_COMPLEX", message: "it is too long to be parsed at once", token: null };
  }
  return parseInline(prepared);
}

/** Parses the texts of a prepared statement here and now. */
export function parseInline(prepared: Prepared): ParsedStatement | NotUnderstood {
  return prepared.complete(prepared.texts.map(parseText));
}

function readStatement(cursor: Cursor): Draft {
  const token = cursor.at();
  switch (mainWord(cursor)) {
    case "INSERT":
    case "REPLACE":
      return readInsert(cursor);
    case "UPDATE":
      return readUpdate(cursor);
    case "DELETE":
      return readDelete(cursor);
    case "CALL":
      return readCallStatement(cursor);
    case "CREATE":
      return readCreate(cursor);
    case "ALTER":
      return readAlter(cursor);
    case "DROP":
      return readDrop(cursor);
    case "TRUNCATE":
      return readTruncate(cursor);
    case "RENAME":
      return readRename(cursor);
    case "SELECT":
    case "TABLE":
    case "(": {
      const text = readQuery(cursor);
      return { texts: [text], assemble: ([query]) => ({ kind: "select", query: present(query) }) };
    }
    default:
      return cursor.unsupported(
        token === undefined ? "an empty statement" : `a statement that begins with ${token.text.slice(0, 40)}`,
      );
  }
}

function present(query: Query | undefined): Query {
  if (query === undefined) throw new Refusal("MISREAD", "the query is missing", null);
  return query;
}

/** The word that decides what the statement is: behind WITH, the one after the common tables. */
function mainWord(cursor: Cursor): string {
  const first = cursor.at();
  if (cursor.isSign("(")) return "(";
  if (first?.kind !== "word") return "";
  if (first.upper !== "WITH") return first.upper;
  for (let index = cursor.position; index < cursor.tokens.length; index += 1) {
    const token = cursor.tokens[index];
    if (token?.kind === "punctuation" && token.text === "(") {
      const closing = cursor.matching(index);
      const after = cursor.tokens[closing + 1];
      const before = cursor.tokens[index - 1];
      const isBody = before?.kind === "word" && before.upper === "AS";
      if (isBody && after?.kind === "word" && after.reserved) return after.upper;
      if (isBody && after?.kind === "punctuation" && after.text === "(") return "(";
      index = closing;
    }
  }
  return "";
}
