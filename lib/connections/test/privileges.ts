import { readGrantLine } from "../account/grant-line";

/** What an account may do beyond reading and writing tables, from the lines of SHOW GRANTS. Password hashes in them are never kept. */

export interface Grant {
  readonly privileges: readonly string[];
  /** e.g. `*.*` or `` `shop`.* ``. */
  readonly scope: string;
  /** Account or role, quoted as the server writes it, e.g. `` `app`@`%` ``, or PUBLIC. */
  readonly grantee: string;
  readonly grantOption: boolean;
}

/** Privileges an agent's account has no use for, and what each opens. */
export const DANGEROUS: Readonly<Record<string, string>> = {
  SUPER: "may change global settings and kill other sessions",
  FILE: "may read and write files on the server",
  PROCESS: "sees the statements of every other session",
  SHUTDOWN: "may stop the server",
  RELOAD: "may flush logs, privileges and tables",
  "CREATE USER": "may create and change accounts",
  "REPLICATION SLAVE": "may read every change of every table",
  "REPLICATION CLIENT": "sees the state of replication",
  "BINLOG ADMIN": "may change the binary log",
  "BINLOG MONITOR": "sees the state of replication",
  "BINLOG REPLAY": "may write as any account through replayed logs",
  "CONNECTION ADMIN": "may kill sessions of other accounts",
  "SET USER": "may create objects that run as other accounts",
  "READ_ONLY ADMIN": "may write to a read-only server",
  "FEDERATED ADMIN": "may link tables to other servers",
  SYSTEM_VARIABLES_ADMIN: "may change global settings",
  SYSTEM_USER: "may change system accounts",
  ROLE_ADMIN: "may give out roles",
  SET_USER_ID: "may create objects that run as other accounts",
  SET_ANY_DEFINER: "may create objects that run as other accounts",
  BINLOG_ADMIN: "may change the binary log",
  BACKUP_ADMIN: "may lock the server for backups",
  CLONE_ADMIN: "may replace the server's data",
  CONNECTION_ADMIN: "may kill sessions of other accounts",
  PERSIST_RO_VARIABLES_ADMIN: "may change settings that act at the next start",
  "CREATE TABLESPACE": "may create tablespaces",
  EVENT: "may create events that run by themselves",
  "CREATE ROUTINE": "may create stored routines",
  TRIGGER: "may create triggers",
};

/** Reads one line of SHOW GRANTS; null for a line that grants a role or nothing of interest. */
export function readGrant(line: string): Grant | null {
  const found = readGrantLine(line);
  if (found?.kind !== "privileges" || found.verb !== "grant") return null;
  const { privileges, scopeText, grantee, grantOption } = found;
  return { privileges: privileges.map((one) => one.name), scope: scopeText, grantee, grantOption };
}

/** One sentence per finding, each with the statement that takes the privilege away. `account` is quoted, e.g. `'app'@'%'`. */
export function privilegeWarnings(lines: readonly string[], account: string): string[] {
  const warnings: string[] = [];
  const grants = lines.flatMap((line) => readGrant(line) ?? []);
  for (const grant of grants) {
    const on = `ON ${grant.scope} FROM ${account};`;
    if (grant.privileges.some((one) => one === "ALL PRIVILEGES" || one === "ALL")) {
      const everywhere = grant.scope === "*.*";
      warnings.push(
        everywhere
          ? `ALL PRIVILEGES on everything: this account may do anything. Give it only what the agents need, then REVOKE ALL PRIVILEGES ${on}`
          : `ALL PRIVILEGES on ${grant.scope} includes DROP and ALTER. Grant SELECT, INSERT, UPDATE, DELETE as needed, then REVOKE ALL PRIVILEGES ${on}`,
      );
    }
    for (const privilege of grant.privileges) {
      const what = DANGEROUS[privilege];
      if (what !== undefined) warnings.push(`${privilege}: ${what}. REVOKE ${privilege} ${on}`);
    }
    if (grant.grantOption || grant.privileges.includes("GRANT OPTION")) {
      warnings.push(`GRANT OPTION: may pass its privileges on to other accounts. REVOKE GRANT OPTION ${on}`);
    }
    if (/^`?mysql`?\./i.test(grant.scope) && !grant.privileges.every((one) => one === "USAGE")) {
      warnings.push(`Privileges on the system schema mysql, where accounts are kept. Revoke them ${on}`);
    }
  }
  if (grants.every((grant) => grant.privileges.every((one) => one === "USAGE")) && !lines.some(grantsRole)) {
    warnings.push("The account may log in and nothing else. GRANT SELECT on the schemas that the agents may read.");
  }
  if (lines.some(grantsRole)) {
    warnings.push("The account has roles; what they allow is not part of this list.");
  }
  return warnings;
}

/** Whether a line of SHOW GRANTS gives a role: nothing but a name in quotes may hold an ON. */
export const grantsRole = (line: string) =>
  line.startsWith("GRANT ") && !/ ON /.test(line.replace(/`(?:[^`]|``)*`|'(?:[^']|'')*'/g, ""));
