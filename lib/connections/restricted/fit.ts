import { type Grant, readGrant } from "../test/privileges";
import { covers, judgeGrants } from "./judge-grants";
import { quoteName, quoteTable } from "./names";
import type { ReachedTable } from "./reach";

/** A row of information_schema.COLUMNS as the restricted account itself sees it; `privileges` as written there, e.g. `select,insert`. */
export interface ColumnPrivileges {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly privileges: string;
}

export interface FitInput {
  /** What it should reach: all of `restrictedReach`. */
  readonly reach: readonly ReachedTable[];
  readonly columns: readonly ColumnPrivileges[];
  /** SHOW GRANTS of the account itself. */
  readonly grants: readonly string[];
  /** The account, quoted, e.g. `` `clean`@`%` ``. */
  readonly account: string;
}

export interface FitProblem {
  /** too_much: a way to a masked value, or more than it needs. too_little: clean statements are refused. */
  readonly direction: "too_much" | "too_little";
  /** failed: the account is no second opinion like this. */
  readonly severity: "failed" | "warning";
  readonly message: string;
  readonly remedy: string;
}

export interface RestrictedFit {
  /** The worst severity there is. */
  readonly verdict: "ok" | "warning" | "failed";
  /** Worst first. */
  readonly problems: readonly FitProblem[];
}

const RERUN = "Run the script for this account again: it takes everything away first.";
const MAX_NAMES = 10;

function names(all: readonly string[]): string {
  const shown = all.slice(0, MAX_NAMES).join(", ");
  return all.length > MAX_NAMES ? `${shown} and ${all.length - MAX_NAMES} more` : shown;
}

const keyOf = (schema: string, table: string) => `${schema}\0${table}`;

/** Compares what the restricted account may do with what it should. */
export function restrictedFit(input: FitInput): RestrictedFit {
  const readable = readableColumns(input.columns);
  const grants = input.grants.flatMap((line) => readGrant(line) ?? []);
  const problems = [
    ...judgeGrants(input.grants, input.account),
    ...input.reach.flatMap((table) => tooMuch(table, readable.get(keyOf(table.schema, table.name)), grants)),
    ...unknownTables(input, readable),
    ...tooLittle(input, readable),
  ];
  const failed = problems.filter((one) => one.severity === "failed");
  const warnings = problems.filter((one) => one.severity === "warning");
  return {
    verdict: failed.length > 0 ? "failed" : warnings.length > 0 ? "warning" : "ok",
    problems: [...failed, ...warnings],
  };
}

/** By table, the columns with SELECT. */
function readableColumns(columns: readonly ColumnPrivileges[]): ReadonlyMap<string, ReadonlySet<string>> {
  const readable = new Map<string, Set<string>>();
  for (const { schema, table, column, privileges } of columns) {
    if (
      !privileges
        .toLowerCase()
        .split(",")
        .some((one) => one.trim() === "select")
    )
      continue;
    const key = keyOf(schema, table);
    const known = readable.get(key);
    if (known === undefined) readable.set(key, new Set([column]));
    else known.add(column);
  }
  return readable;
}

function tooMuch(
  table: ReachedTable,
  readable: ReadonlySet<string> | undefined,
  grants: readonly Grant[],
): readonly FitProblem[] {
  const open = table.hidden.filter((one) => readable?.has(one.column)).map((one) => one.column);
  if (open.length === 0) return [];
  const name = `${table.schema}.${table.name}`;
  const remedy = remedyFor(table, grants);
  const because = table.hidden[0]?.because ?? "";
  if (table.verdict === "unproven") {
    const message = `It may read the view ${name}, which could not be shown to leave masked columns alone: ${because}.`;
    return [{ direction: "too_much", severity: "warning", message, remedy }];
  }
  const message =
    table.kind === "view"
      ? `It may read the view ${name}: ${because}.`
      : `It may read masked columns of ${name}: ${names(open)}.`;
  return [{ direction: "too_much", severity: "failed", message, remedy }];
}

/** The script takes back what stands on the account itself; what comes from elsewhere has to be taken back there. */
function remedyFor(table: ReachedTable, grants: readonly Grant[]): string {
  const sources = grants.filter(
    (grant) =>
      grant.privileges.some((one) => one === "SELECT" || one === "ALL PRIVILEGES" || one === "ALL") &&
      covers(grant, table),
  );
  const elsewhere = sources.filter((grant) => !grant.grantee.includes("@"));
  if (elsewhere.length > 0) {
    const from = elsewhere.map((grant) => `${grant.grantee} on ${grant.scope}`).join(", ");
    return `The privilege comes from ${from}: take SELECT back there.`;
  }
  const where = sources.map((grant) => grant.scope).join(", ");
  return where === ""
    ? `${RERUN} If it stays, a role or another account gives it.`
    : `${RERUN} SELECT stands on ${where}.`;
}

/** Readable tables and columns that the catalogue does not have: nobody has asked whether they are masked. */
function unknownTables(input: FitInput, readable: ReadonlyMap<string, ReadonlySet<string>>): readonly FitProblem[] {
  const known = new Map(
    input.reach.map((table) => [
      keyOf(table.schema, table.name),
      new Set([...table.readable, ...table.hidden.map((one) => one.column)]),
    ]),
  );
  const strange = [...readable].flatMap(([key, columns]) => {
    const own = known.get(key);
    const name = key.replace("\0", ".");
    if (own === undefined) return [name];
    return [...columns].filter((column) => !own.has(column)).map((column) => `${name}.${column}`);
  });
  if (strange.length === 0) return [];
  return [
    {
      direction: "too_much",
      severity: "warning",
      message: `It may read what the catalogue does not know: ${names(strange.sort())}.`,
      remedy: "Refresh the catalogue, look at the masks, and make a new script.",
    },
  ];
}

function tooLittle(input: FitInput, readable: ReadonlyMap<string, ReadonlySet<string>>): readonly FitProblem[] {
  const wanted = input.reach.filter((table) => table.granted && table.readable.length > 0);
  const nothing = wanted.every((table) => !readable.has(keyOf(table.schema, table.name)));
  if (wanted.length > 0 && nothing) {
    const message = "It may read none of the tables: every statement would be refused.";
    return [{ direction: "too_little", severity: "failed", message, remedy: "Run the script for this account." }];
  }
  return wanted.flatMap((table): readonly FitProblem[] => {
    const own = readable.get(keyOf(table.schema, table.name));
    const missing = table.readable.filter((column) => own?.has(column) !== true);
    if (missing.length === 0) return [];
    const whole = missing.length === table.readable.length;
    const what = whole ? "" : `${names(missing)} of `;
    const columns = table.verdict === "clean" && whole ? "" : ` (${missing.map(quoteName).join(", ")})`;
    return [
      {
        direction: "too_little",
        severity: "warning",
        message: `It may not read ${what}${table.schema}.${table.name}: statements that do are refused though nothing is masked there.`,
        remedy: `GRANT SELECT${columns} ON ${quoteTable(table)} TO ${input.account};`,
      },
    ];
  });
}
