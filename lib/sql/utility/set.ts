import type { Source } from "../source";
import type { Token } from "../token";
import { readSqlMode } from "./sql-mode";
import { TokenReader } from "./token-reader";
import type { Forwarding, SessionEffect, Utility } from "./utility";
import { assign, nameCharacterSet, type SetValue } from "./variables";

/** One assignment of a SET, as its token range and what it does. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly effects: readonly SessionEffect[] | "tracking";
}

/** SET: every assignment must be one of the manifest, or the whole statement is refused with the variable's name. */
export function readSet(reader: TokenReader, source: Source): Utility {
  const parts: Part[] = [];
  for (const [from, to] of assignments(reader.tokens)) {
    const slice = new TokenReader(reader.tokens.slice(0, to), reader.literals, from);
    const effects = readAssignment(slice);
    if (typeof effects === "string" && effects !== "tracking")
      return { kind: "refused", class: "set", message: effects };
    parts.push({ from, to, effects });
  }
  const effects = parts.flatMap((part) => (part.effects === "tracking" ? [] : part.effects));
  return { kind: "housekeeping", class: "set", effects, forward: forwarding(parts, reader.tokens, source) };
}

/** Token ranges between the commas outside parentheses. */
function assignments(tokens: readonly Token[]): [number, number][] {
  const ranges: [number, number][] = [];
  let depth = 0;
  let from = 1;
  tokens.forEach((token, at) => {
    if (token.kind !== "punctuation") return;
    if (token.text === "(") depth += 1;
    else if (token.text === ")") depth -= 1;
    else if (token.text === "," && depth === 0) {
      ranges.push([from, at]);
      from = at + 1;
    }
  });
  ranges.push([from, tokens.length]);
  return ranges;
}

/** The effects, `tracking`, or the message of a refusal. */
function readAssignment(reader: TokenReader): readonly SessionEffect[] | string {
  if (reader.words("NAMES")) return readNames(reader, true);
  if (reader.words("CHARACTER", "SET") || reader.words("CHARSET")) return readNames(reader, false);
  if (reader.peek()?.kind === "userVariable") return readUserVariable(reader);
  const name = variableName(reader);
  if (name === null) return "this SET statement is not one of those the gateway knows to be safe";
  if (!reader.sign("=") && !reader.sign(":=")) return `SET ${name} is not understood`;
  if (name === "sql_mode") {
    const mode = readSqlMode(reader);
    return mode === null
      ? "SET sql_mode may only use modes that change neither how a statement is read nor its meaning"
      : [mode];
  }
  const value = readValue(reader);
  if (value === null) return `SET ${name} needs one plain literal value`;
  const assigned = assign(name, value);
  if (assigned === "unknown") return `SET ${name} is not allowed through the gateway`;
  return assigned ?? `SET ${name} does not allow this value through the gateway`;
}

/** Only literals: a variable never carries data of a table, so that reading one is harmless. */
function readUserVariable(reader: TokenReader): readonly SessionEffect[] | string {
  const name = reader.peek()?.text ?? "";
  reader.at += 1;
  const assigned = reader.sign("=") || reader.sign(":=");
  const value = assigned ? readValue(reader) : null;
  const literal =
    value !== null && (value.kind !== "word" || ["NULL", "TRUE", "FALSE"].includes(value.text.toUpperCase()));
  if (!literal) return "a user variable can only be set to one literal value through the gateway";
  return [{ kind: "userVariable", name: name.toLowerCase() }];
}

/** `name`, `SESSION name`, `@@name`, `@@session.name`, in lower case. */
function variableName(reader: TokenReader): string | null {
  const token = reader.peek();
  if (token?.kind === "systemVariable") {
    reader.at += 1;
    const parts = token.text.toLowerCase().split(".");
    if (parts.length === 1) return parts[0] ?? null;
    return parts.length === 2 && (parts[0] === "session" || parts[0] === "local") ? (parts[1] ?? null) : null;
  }
  reader.oneOf("SESSION", "LOCAL");
  return reader.name()?.toLowerCase() ?? null;
}

/** SET CHARACTER SET leaves the connection's character set to the server's default schema, so only two of three are known. */
function readNames(reader: TokenReader, names: boolean): readonly SessionEffect[] | string {
  const name = nameOrString(reader);
  const collation = names && reader.words("COLLATE") ? nameOrString(reader) : null;
  const of = names ? (["client", "connection", "results"] as const) : (["client", "results"] as const);
  const effects = name === null || !reader.done ? null : nameCharacterSet(name, collation, of);
  return effects ?? "only utf8mb4 and utf8 are spoken through the gateway: SET NAMES utf8mb4";
}

function nameOrString(reader: TokenReader): string | null {
  return reader.literal("string")?.value ?? reader.name();
}

function readValue(reader: TokenReader): SetValue | null {
  const token = reader.peek();
  if (token === undefined) return null;
  reader.at += 1;
  if (!reader.done) return null;
  const literal = reader.literals[token.literal];
  if (literal?.kind === "string" && literal.introducer === null) return { kind: "string", text: literal.value };
  if (literal?.kind === "number" && literal.form !== "float") {
    return { kind: literal.form === "integer" ? "integer" : "decimal", text: literal.value };
  }
  return token.kind === "word" ? { kind: "word", text: token.text } : null;
}

/** The statement without the settings that the gateway keeps to itself. */
function forwarding(parts: readonly Part[], tokens: readonly Token[], source: Source): Forwarding {
  const sent = parts.filter((part) => part.effects !== "tracking");
  if (sent.length === parts.length) return "statement";
  if (sent.length === 0) return "nothing";
  const texts = sent.map((part) => source.slice(tokens[part.from]?.start ?? 0, tokens[part.to - 1]?.end ?? 0));
  return { text: `SET ${texts.join(", ")}` };
}
