import { DANGEROUS, type Grant, grantsRole, readGrant } from "../test/privileges";
import type { FitProblem } from "./fit";
import { schemaTest } from "./names";

/** All that the script gives out. */
const EXPECTED = new Set(["USAGE", "SELECT", "INSERT", "UPDATE", "DELETE"]);

/** Not needed, and no way to a masked value. */
const HARMLESS = new Set([
  "SHOW VIEW",
  "SHOW DATABASES",
  "LOCK TABLES",
  "CREATE TEMPORARY TABLES",
  "REFERENCES",
  "DELETE HISTORY",
]);

/** What is open to an account with a privilege, beyond what privileges.ts says. */
const OPENS: Readonly<Record<string, string>> = {
  "ALL PRIVILEGES": "may do anything there",
  ALL: "may do anything there",
  EXECUTE: "may run routines, which read whatever their definer may read",
  ALTER: "may rename columns, so that a grant on a clean name reads a masked column",
  "GRANT OPTION": "may pass its privileges on",
};

const RERUN = "Run the script for this account again: it takes everything away first.";

/** Where accounts, and the statements of other sessions, can be read. */
const SYSTEM_SCHEMAS = ["mysql", "performance_schema", "sys"];

/** The schema a scope is about as the server matches it; null for everything. */
function schemaMatcher(scope: string): ((schema: string) => boolean) | null {
  if (scope.startsWith("*.*")) return null;
  const parts = /^(?:[A-Z ]+ )?(?:`((?:[^`]|``)*)`|([\w$]+))(\.\*)?/u.exec(scope);
  const name = (parts?.[1] ?? parts?.[2] ?? "").replaceAll("``", "`");
  if (parts?.[3] === undefined) return (schema) => schema === name;
  return schemaTest(name);
}

/** Whether a grant is about this table, by itself, its schema or all schemas. */
export function covers(grant: Grant, table: { readonly schema: string; readonly name: string }): boolean {
  const matches = schemaMatcher(grant.scope);
  if (matches === null) return true;
  if (!matches(table.schema)) return false;
  return grant.scope.endsWith(".*") || grant.scope.endsWith(`.\`${table.name.replaceAll("`", "``")}\``);
}

/** What the lines of SHOW GRANTS show of privileges that the restricted account must not have. Texts of lines are never repeated: some hold password hashes. */
export function judgeGrants(lines: readonly string[], account: string): readonly FitProblem[] {
  return lines.flatMap((line): readonly FitProblem[] => {
    if (grantsRole(line)) {
      return [
        problem(
          "warning",
          "It has a role, which may give more than is seen here.",
          `Revoke its roles: REVOKE role FROM ${account};`,
        ),
      ];
    }
    const grant = readGrant(line);
    if (grant !== null) return judgeGrant(grant);
    if (/^GRANT PROXY\b/u.test(line)) {
      return [
        problem("failed", "It may act as another account (PROXY).", `REVOKE PROXY ON that account FROM ${account};`),
      ];
    }
    // Partial revokes and default roles take nothing and give nothing by themselves.
    if (/^(?:REVOKE|SET DEFAULT ROLE) /u.test(line)) return [];
    return [
      problem("warning", "A line of its SHOW GRANTS is not understood.", "Look at SHOW GRANTS for this account."),
    ];
  });
}

function judgeGrant(grant: Grant): readonly FitProblem[] {
  const { scope, grantee } = grant;
  const where = scope === "*.*" ? "everything" : scope;
  const unexpected = grant.privileges.filter((one) => !EXPECTED.has(one) && one !== "GRANT OPTION");
  const found = unexpected.map((privilege) =>
    problem(
      HARMLESS.has(privilege) ? "warning" : "failed",
      `${privilege} on ${where}: ${OPENS[privilege] ?? DANGEROUS[privilege] ?? "it has no use for this"}.`,
      `REVOKE ${privilege} ON ${scope} FROM ${grantee};`,
    ),
  );
  if (grant.grantOption || grant.privileges.includes("GRANT OPTION")) {
    const remedy = `REVOKE GRANT OPTION ON ${scope} FROM ${grantee};`;
    found.push(problem("failed", `GRANT OPTION on ${where}: ${OPENS["GRANT OPTION"]}.`, remedy));
  }
  const plain = grant.privileges.filter((one) => EXPECTED.has(one) && one !== "USAGE");
  if (plain.length === 0) return found;
  const list = plain.join(", ");
  const matches = schemaMatcher(scope);
  if (matches === null) {
    found.push(problem("failed", `${list} on all schemas, the server's own included.`, RERUN));
  } else {
    const system = SYSTEM_SCHEMAS.filter(matches);
    if (system.length > 0) {
      const why = "where accounts and statements of others are kept";
      found.push(
        problem(
          "failed",
          `${list} on ${where}: that is ${system.join(", ")}, ${why}.`,
          `REVOKE ${list} ON ${scope} FROM ${grantee};`,
        ),
      );
    }
  }
  return found;
}

function problem(severity: FitProblem["severity"], message: string, remedy: string): FitProblem {
  return { direction: "too_much", severity, message, remedy };
}
