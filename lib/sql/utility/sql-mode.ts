import type { TokenReader } from "./token-reader";
import type { SessionEffect } from "./utility";

/** Modes that change neither how a statement is read nor what it means to the analysis; all others are refused. */
export const HARMLESS_MODES: ReadonlySet<string> = new Set([
  "ALLOW_INVALID_DATES",
  "ERROR_FOR_DIVISION_BY_ZERO",
  "NO_AUTO_CREATE_USER",
  "NO_AUTO_VALUE_ON_ZERO",
  "NO_ENGINE_SUBSTITUTION",
  "NO_UNSIGNED_SUBTRACTION",
  "NO_ZERO_DATE",
  "NO_ZERO_IN_DATE",
  "ONLY_FULL_GROUP_BY",
  "PAD_CHAR_TO_FULL_LENGTH",
  "STRICT_ALL_TABLES",
  "STRICT_TRANS_TABLES",
  "TIME_TRUNCATE_FRACTIONAL",
  "TRADITIONAL",
]);

/**
 * The value of SET sql_mode from the reader's position to its end: a list of modes, CONCAT(@@sql_mode, ',MODE') or with the list in
 * front, REPLACE(@@sql_mode, 'MODE', '') bare or as (SELECT REPLACE(..)). Null when it is anything else or a mode is not harmless.
 */
export function readSqlMode(reader: TokenReader): SessionEffect | null {
  const text = reader.literal("string");
  if (text !== null) return reader.done ? effect("set", text.value) : null;
  const wrapped = reader.sign("(");
  if (wrapped && !reader.words("SELECT")) return null;
  const change = reader.words("CONCAT") ? concatenated(reader) : reader.words("REPLACE") ? replaced(reader) : null;
  if (wrapped && !reader.sign(")")) return null;
  return reader.done ? change : null;
}

function effect(change: "set" | "add" | "remove", list: string): SessionEffect | null {
  const modes = list === "" ? [] : list.toUpperCase().split(",");
  return modes.every((mode) => HARMLESS_MODES.has(mode)) ? { kind: "sqlMode", change, modes } : null;
}

/** The added names must be parted from the old value by a comma of their own, or the two could grow together into another name. */
function concatenated(reader: TokenReader): SessionEffect | null {
  if (!reader.sign("(")) return null;
  const first = reader.literal("string");
  if (first !== null) {
    const whole = reader.sign(",") && currentMode(reader) && reader.sign(")") && first.value.endsWith(",");
    return whole ? effect("add", first.value.slice(0, -1)) : null;
  }
  if (!currentMode(reader) || !reader.sign(",")) return null;
  const added = reader.literal("string");
  if (added === null || !added.value.startsWith(",") || !reader.sign(")")) return null;
  return effect("add", added.value.slice(1));
}

function replaced(reader: TokenReader): SessionEffect | null {
  if (!reader.sign("(") || !currentMode(reader) || !reader.sign(",")) return null;
  const removed = reader.literal("string");
  if (removed === null || removed.value.includes(",") || !reader.sign(",")) return null;
  const empty = reader.literal("string");
  if (empty === null || empty.value !== "" || !reader.sign(")")) return null;
  return removed.value === "" ? null : effect("remove", removed.value);
}

function currentMode(reader: TokenReader): boolean {
  const token = reader.peek();
  const current = token?.kind === "systemVariable" && /^(?:(?:session|local)\.)?sql_mode$/i.test(token.text);
  if (current) reader.at += 1;
  return current === true;
}
