import type { GrantScope, RoutineType } from "./grants";

/** One line of SHOW GRANTS. Passwords and their hashes are never part of it. */
export type GrantLine =
  | {
      readonly kind: "privileges";
      /** revoke: a partial revoke of MySQL. */
      readonly verb: "grant" | "revoke";
      readonly privileges: readonly { readonly name: string; readonly columns: readonly string[] | null }[];
      readonly scope: GrantScope;
      /** As written, e.g. `` `shop`.* ``, for statements that take it back. */
      readonly scopeText: string;
      /** As written, e.g. `` `app`@`%` ``. */
      readonly grantee: string;
      readonly grantOption: boolean;
    }
  | { readonly kind: "roles"; readonly roles: readonly string[]; readonly grantee: string; readonly admin: boolean }
  | { readonly kind: "proxy"; readonly account: string; readonly grantee: string; readonly grantOption: boolean }
  | { readonly kind: "defaultRole" };

interface Token {
  readonly kind: "word" | "name" | "sign";
  /** Words in upper case, names without their quotes. */
  readonly text: string;
  readonly raw: string;
}

const TOKEN = /\s+|(`(?:[^`]|``)*`|"(?:[^"]|"")*"|'(?:[^'\\]|''|\\.)*')|([\p{L}\p{N}_$]+)|([.,()@*%-])/suy;

function tokens(line: string): readonly Token[] | null {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < line.length) {
    const match = TOKEN.exec(line);
    if (match === null) return null;
    const [raw = "", quoted, word, sign] = match;
    if (quoted !== undefined) {
      const quote = quoted[0] ?? "";
      found.push({ kind: "name", text: quoted.slice(1, -1).replaceAll(quote + quote, quote), raw });
    } else if (word !== undefined) found.push({ kind: "word", text: word.toUpperCase(), raw });
    else if (sign !== undefined) found.push({ kind: "sign", text: sign, raw });
  }
  return found;
}

/** Position of a bare word outside parentheses; -1 when there is none. */
function at(all: readonly Token[], word: string, from: number): number {
  let depth = 0;
  for (let index = from; index < all.length; index++) {
    const token = all[index];
    if (token?.kind === "sign" && token.text === "(") depth++;
    else if (token?.kind === "sign" && token.text === ")") depth--;
    else if (depth === 0 && token?.kind === "word" && token.text === word) return index;
  }
  return -1;
}

const raw = (part: readonly Token[]) => part.map((one) => one.raw).join("");

/** Reads a line as MySQL 8 and 9 and MariaDB 10.5 and later write it; null for anything else. */
export function readGrantLine(line: string): GrantLine | null {
  const all = tokens(line);
  const verb = all?.[0];
  if (all === null || verb?.kind !== "word") return null;
  if (verb.text === "SET" && raw(all.slice(0, 3)).toUpperCase() === "SETDEFAULTROLE") return { kind: "defaultRole" };
  if (verb.text !== "GRANT" && verb.text !== "REVOKE") return null;
  const to = at(all, verb.text === "GRANT" ? "TO" : "FROM", 1);
  if (to < 0) return null;
  const end = partyEnd(all, to + 1);
  if (end === null) return null;
  const grantee = raw(all.slice(to + 1, end));
  const tail = all.slice(end);
  if (!knownTail(tail)) return null;
  const on = at(all, "ON", 1);
  if (on < 0 || on > to) return verb.text === "GRANT" ? rolesLine(all.slice(1, to), grantee, tail) : null;
  const object = all.slice(on + 1, to);
  if (verb.text === "GRANT" && raw(all.slice(1, on)).toUpperCase() === "PROXY") {
    const grantOption = withOption(tail, "GRANT");
    return partyEnd(object, 0) === object.length ? { kind: "proxy", account: raw(object), grantee, grantOption } : null;
  }
  const privileges = readPrivileges(all.slice(1, on));
  const scope = readScope(object);
  if (privileges === null || scope === null) return null;
  return {
    kind: "privileges",
    verb: verb.text === "GRANT" ? "grant" : "revoke",
    privileges,
    scope,
    scopeText: scopeText(scope, object),
    grantee,
    grantOption: withOption(tail, "GRANT"),
  };
}

/** The end of `name` or `name@name` that begins here; null when none does. */
function partyEnd(all: readonly Token[], from: number): number | null {
  const named = (index: number) => all[index]?.kind === "name" || all[index]?.kind === "word";
  if (!named(from)) return null;
  if (all[from + 1]?.text !== "@") return from + 1;
  return named(from + 2) || all[from + 2]?.text === "%" ? from + 3 : null;
}

/** How the account logs in and its limits: nothing here gives a privilege but the options. */
function knownTail(tail: readonly Token[]): boolean {
  const first = tail[0];
  return first === undefined || (first.kind === "word" && ["IDENTIFIED", "REQUIRE", "WITH"].includes(first.text));
}

function withOption(tail: readonly Token[], option: "GRANT" | "ADMIN"): boolean {
  const start = at(tail, "WITH", 0);
  return start >= 0 && tail.some((one, index) => index > start && one.text === option && one.kind === "word");
}

function rolesLine(part: readonly Token[], grantee: string, tail: readonly Token[]): GrantLine | null {
  const roles: string[] = [];
  for (let index = 0; index < part.length; index++) {
    const end = partyEnd(part, index);
    if (end === null || (end < part.length && part[end]?.text !== ",")) return null;
    roles.push(raw(part.slice(index, end)));
    index = end;
  }
  return roles.length === 0 ? null : { kind: "roles", roles, grantee, admin: withOption(tail, "ADMIN") };
}

type Privileges = { name: string; columns: readonly string[] | null }[];

function readPrivileges(part: readonly Token[]): Privileges | null {
  const found: Privileges = [];
  let index = 0;
  while (index < part.length) {
    const words: string[] = [];
    while (part[index]?.kind === "word") words.push(part[index++]?.text ?? "");
    if (words.length === 0) return null;
    let columns: string[] | null = null;
    if (part[index]?.text === "(" && part[index]?.kind === "sign") {
      columns = [];
      for (index++; part[index] !== undefined && part[index]?.text !== ")"; index++) {
        const token = part[index];
        if (token?.kind === "name" || token?.kind === "word") {
          columns.push(token.kind === "name" ? token.text : token.raw);
        } else if (token?.text !== ",") return null;
      }
      if (part[index] === undefined) return null;
      index++;
    }
    found.push({ name: words.join(" "), columns });
    if (index < part.length && part[index]?.text !== ",") return null;
    index++;
  }
  return found.length === 0 ? null : found;
}

const ROUTINES: readonly RoutineType[] = ["PROCEDURE", "FUNCTION", "PACKAGE BODY", "PACKAGE"];

function readScope(object: readonly Token[]): GrantScope | null {
  const plain =
    object[0]?.kind === "word" && object[0].text === "TABLE" && object.length > 3 ? object.slice(1) : object;
  const words = plain.slice(0, -3).map((one) => one.text);
  const [schema, dot, name] = plain.slice(-3);
  if (schema === undefined || dot?.text !== "." || name === undefined) return null;
  const starred = (one: Token) => one.kind === "sign" && one.text === "*";
  const text = (one: Token) => (one.kind === "name" ? one.text : one.raw);
  if (words.length > 0) {
    const type = ROUTINES.find((one) => one === words.join(" "));
    return type === undefined ? null : { kind: "routine", type, schema: text(schema), name: text(name) };
  }
  if (starred(schema)) return starred(name) ? { kind: "global" } : null;
  if (schema.kind === "sign" || (name.kind === "sign" && !starred(name))) return null;
  return starred(name)
    ? { kind: "schema", pattern: text(schema) }
    : { kind: "table", schema: text(schema), table: text(name) };
}

function scopeText(scope: GrantScope, object: readonly Token[]): string {
  return scope.kind === "routine" ? `${scope.type} ${raw(object.slice(-3))}` : raw(object.slice(-3));
}
