import { STATEMENT_GROUPS, type StatementClass, type StatementGroup } from "@/lib/sql/taxonomy";
import type { Effect, Rule } from "../rule";
import { describeDomain } from "../value";

/** What an effect is called, and what it means for the agent. */
export const EFFECT_LABELS: Readonly<Record<Effect, { readonly label: string; readonly explanation: string }>> = {
  allow: { label: "Allow", explanation: "The statement runs" },
  review: { label: "Review", explanation: "A person has to approve it first" },
  deny: { label: "Deny", explanation: "The statement is refused" },
};

/** The groups in words, for people who choose them. */
export const GROUP_WORDS: Readonly<Record<StatementGroup, { readonly label: string; readonly explanation: string }>> = {
  read: { label: "Reading", explanation: "SELECT, TABLE, VALUES" },
  write: { label: "Writing", explanation: "INSERT, REPLACE, UPDATE, DELETE, CALL" },
  ddl: { label: "Definitions", explanation: "CREATE, ALTER, DROP, RENAME, TRUNCATE" },
  admin: { label: "Administration", explanation: "accounts, global settings, locks, files" },
  session: { label: "Session", explanation: "SET, USE" },
  metadata: { label: "Metadata", explanation: "SHOW, DESCRIBE, EXPLAIN" },
  transaction: { label: "Transactions", explanation: "BEGIN, COMMIT, ROLLBACK, SAVEPOINT" },
};

/** A class or group of `statements` as people say it: SELECT, DROP TABLE, any reading. */
export function statementWords(name: StatementClass | StatementGroup): string {
  return Object.hasOwn(STATEMENT_GROUPS, name)
    ? `any ${GROUP_WORDS[name as StatementGroup].label.toLowerCase()} statement`
    : name.replaceAll("_", " ").toUpperCase();
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly string[], word: "and" | "or" = "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

const START: Readonly<Record<Effect, string>> = { allow: "Allows", review: "Asks a person before", deny: "Denies" };

/** A rule in one plain sentence: what it says of which statements, and under which conditions. */
export function describeRule(rule: Rule): string {
  const start = START[rule.effect];
  if (rule.template !== undefined) return `${start} ${templateWords(rule)}.`;
  return `${start} ${rule.effect === "deny" ? denyWords(rule) : scopeWords(rule)}.`;
}

function templateWords(rule: Rule): string {
  const described = (rule.parameters ?? []).map((domain, at) => `value ${at + 1} is ${describeDomain(domain)}`);
  const when = described.length === 0 ? "" : ` when ${listWords(described)}`;
  return `exactly one statement, its template, with any values in place of the question marks${when}`;
}

function scopeWords({ statements, tables, columns, where, max_limit, functions }: Rule): string {
  const what = statements === undefined ? "(no statement yet)" : listWords(statements.map(statementWords));
  const parts = [what, tables === undefined ? "on any table" : `on ${listWords(tables)}`];
  const wanted = (columns ?? []).filter((one) => !one.startsWith("!"));
  const excluded = (columns ?? []).filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  if (wanted.length > 0) parts.push(`that uses no other columns than ${listWords(wanted)}`);
  if (excluded.length > 0)
    parts.push(wanted.length > 0 ? `and not ${listWords(excluded, "or")}` : `without ${listWords(excluded, "or")}`);
  const conditions = [
    ...(where ?? []).map((column) => `${column} is pinned to a value (= …)`),
    ...(max_limit === undefined ? [] : [`there is a LIMIT of at most ${max_limit}`]),
  ];
  if (conditions.length > 0) parts.push(`when ${listWords(conditions)}`);
  const calls = functions === undefined ? "" : `; it may also call ${listWords(functions)}`;
  return `${parts.join(" ")}${calls}`;
}

function denyWords({ statements, tables, columns, functions }: Rule): string {
  const what = statements === undefined ? "every statement" : listWords(statements.map(statementWords), "or");
  const touched = [
    ...(tables === undefined ? [] : [`touches ${listWords(tables, "or")}`]),
    ...(columns === undefined ? [] : [denyColumns(columns)]),
    ...(functions === undefined ? [] : [`calls ${listWords(functions, "or")}`]),
  ];
  return touched.length === 0 ? what : `${what} that ${listWords(touched)}, also through a view`;
}

function denyColumns(columns: readonly string[]): string {
  const wanted = columns.filter((one) => !one.startsWith("!"));
  const excluded = columns.filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  const uses = wanted.length === 0 ? "uses any column" : `uses column ${listWords(wanted, "or")}`;
  return excluded.length === 0 ? uses : `${uses} (other than ${listWords(excluded, "or")})`;
}
