import type { TokenReader } from "./token-reader";
import { isReadableVariable } from "./variables";

/** Functions without arguments that tell only about the session and the clock. */
const SESSION_FUNCTIONS: ReadonlySet<string> = new Set(
  `VERSION DATABASE SCHEMA CONNECTION_ID USER CURRENT_USER SESSION_USER SYSTEM_USER NOW SYSDATE CURRENT_TIMESTAMP LOCALTIME
   LOCALTIMESTAMP UTC_TIMESTAMP UTC_DATE UTC_TIME CURDATE CURTIME CURRENT_DATE CURRENT_TIME UNIX_TIMESTAMP LAST_INSERT_ID
   ROW_COUNT`.split(/\s+/),
);
/** Those that may stand without parentheses. */
const BARE_FUNCTIONS = [
  "CURRENT_USER",
  "CURRENT_TIMESTAMP",
  "CURRENT_DATE",
  "CURRENT_TIME",
  "LOCALTIME",
  "LOCALTIMESTAMP",
  "UTC_TIMESTAMP",
  "UTC_DATE",
  "UTC_TIME",
];
const OPERATORS = ["+", "-", "*", "/", "%"];

/**
 * How drivers ask about the session: a SELECT of literals, listed system variables, user variables
 * and session functions, without any table. Variables never hold data that the client may not see: SET takes literals only, and
 * INTO is a matter of rules.
 */
export function isConstantSelect(reader: TokenReader): boolean {
  reader.at = 0;
  do {
    if (!reader.words("SELECT") || !items(reader)) return false;
    if (reader.words("FROM") && !reader.words("DUAL")) return false;
  } while (reader.words("UNION", "ALL") || reader.words("UNION"));
  if (reader.words("LIMIT") && reader.integer() === null) return false;
  return reader.done;
}

function items(reader: TokenReader): boolean {
  do {
    if (!expression(reader) || !alias(reader)) return false;
  } while (reader.sign(","));
  return true;
}

/** No alias, or a whole one. */
function alias(reader: TokenReader): boolean {
  const as = reader.words("AS");
  const named = reader.name() !== null || reader.literal("string") !== null;
  return named || !as;
}

function expression(reader: TokenReader): boolean {
  do {
    while (reader.sign("-") || reader.sign("+"));
    if (!term(reader)) return false;
  } while (OPERATORS.some((operator) => reader.sign(operator)));
  return true;
}

function term(reader: TokenReader): boolean {
  const token = reader.peek();
  if (token === undefined) return false;
  if (token.literal >= 0) {
    reader.at += 1;
    return true;
  }
  if (token.kind === "systemVariable") {
    reader.at += 1;
    return isReadableVariable(withoutScope(token.text.toLowerCase()));
  }
  if (token.kind === "userVariable") {
    reader.at += 1;
    return true;
  }
  if (token.kind !== "word") return false;
  if (reader.oneOf("NULL", "TRUE", "FALSE") !== null) return true;
  const open = reader.peek(1);
  if (open?.kind === "punctuation" && open.text === "(" && open.glued && SESSION_FUNCTIONS.has(token.upper)) {
    reader.at += 2;
    return reader.sign(")");
  }
  return reader.oneOf(...BARE_FUNCTIONS) !== null;
}

function withoutScope(name: string): string {
  return name.replace(/^(?:session|local|global)\./, "");
}
