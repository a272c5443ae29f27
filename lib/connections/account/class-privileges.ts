import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Dialect } from "@/lib/sql/token";

/**
 * Privileges of statements that are known by their class only (MySQL 8.4 manual, "Privileges Provided by MySQL", and MariaDB's "GRANT").
 * `server`: on *.*; `schemas`: on each schema of the catalogue; `tables`: on each of its tables.
 */
export interface ClassPrivileges {
  readonly server?: Readonly<Record<Dialect, readonly string[]>>;
  readonly schemas?: readonly string[];
  readonly tables?: readonly string[];
  /** What granting can not do. */
  readonly note?: string;
}

const both = (...privileges: readonly string[]) => ({ mysql: privileges, mariadb: privileges });

const KNOWN: Partial<Record<StatementClass, ClassPrivileges>> = {
  account: {
    server: { mysql: ["CREATE USER", "ROLE_ADMIN"], mariadb: ["CREATE USER"] },
    note: "GRANT and REVOKE also need GRANT OPTION and every privilege that is given out; the script leaves both out",
  },
  set_global: { server: { mysql: ["SYSTEM_VARIABLES_ADMIN"], mariadb: ["SUPER"] } },
  flush: { server: both("RELOAD") },
  reset: { server: both("RELOAD") },
  purge: { server: { mysql: ["BINLOG_ADMIN"], mariadb: ["BINLOG ADMIN"] } },
  replication: { server: { mysql: ["REPLICATION_SLAVE_ADMIN"], mariadb: ["REPLICATION SLAVE ADMIN"] } },
  binlog: { server: { mysql: ["BINLOG_ADMIN"], mariadb: ["BINLOG REPLAY"] } },
  plugin: { note: "INSTALL and UNINSTALL write to the schema mysql; the script gives no privilege there" },
  server: { server: { mysql: ["SUPER"], mariadb: ["FEDERATED ADMIN"] } },
  tablespace: { server: { mysql: ["CREATE TABLESPACE"], mariadb: [] } },
  resource_group: { server: { mysql: ["RESOURCE_GROUP_ADMIN"], mariadb: [] } },
  clone: { server: { mysql: ["BACKUP_ADMIN", "CLONE_ADMIN"], mariadb: [] } },
  backup: { server: { mysql: ["BACKUP_ADMIN"], mariadb: ["RELOAD"] } },
  shutdown: { server: both("SHUTDOWN") },
  xa: { server: { mysql: ["XA_RECOVER_ADMIN"], mariadb: [] } },
  table_maintenance: { tables: ["SELECT", "INSERT"] },
  index_cache: { tables: ["INDEX"] },
  lock: { schemas: ["LOCK TABLES"], tables: ["SELECT"] },
  alter_view: { schemas: ["CREATE VIEW", "DROP"] },
  alter_schema: { schemas: ["ALTER"] },
  create_sequence: { schemas: ["CREATE"] },
  alter_sequence: { schemas: ["ALTER"] },
  drop_sequence: { schemas: ["DROP"] },
  create_routine: { schemas: ["CREATE ROUTINE"] },
  alter_routine: { schemas: ["ALTER ROUTINE"] },
  drop_routine: { schemas: ["ALTER ROUTINE"] },
  create_trigger: { schemas: ["TRIGGER"] },
  drop_trigger: { schemas: ["TRIGGER"] },
  create_event: { schemas: ["EVENT"] },
  alter_event: { schemas: ["EVENT"] },
  drop_event: { schemas: ["EVENT"] },
};

/** Null for classes that need nothing of this kind: decided by the tables they name, or never let through. */
export function classPrivileges(statementClass: StatementClass): ClassPrivileges | null {
  return KNOWN[statementClass] ?? null;
}

/** What data definition needs on a table. `creates`: the table need not exist yet. `rare`: for forms beside the usual one. */
export interface DefinitionPrivileges {
  readonly usual: readonly string[];
  readonly rare: readonly string[];
  readonly creates: boolean;
}

/**
 * By class. MySQL's manual asks for CREATE and INSERT beside ALTER; MariaDB 10.11 asks for them when the table is renamed, with DROP.
 * MariaDB's OR REPLACE drops first.
 */
export function definitionPrivileges(statementClass: StatementClass, flavour: Dialect): DefinitionPrivileges | null {
  const mysql = flavour === "mysql";
  switch (statementClass) {
    case "create_table":
      return { usual: ["CREATE"], rare: mysql ? ["INSERT"] : ["INSERT", "DROP"], creates: true };
    case "create_view":
      return { usual: ["CREATE VIEW"], rare: ["DROP"], creates: true };
    case "rename_table":
      return { usual: ["ALTER", "DROP", "CREATE", "INSERT"], rare: [], creates: true };
    case "alter_table":
      return mysql
        ? { usual: ["ALTER", "CREATE", "INSERT"], rare: ["DROP"], creates: false }
        : { usual: ["ALTER"], rare: ["DROP", "CREATE", "INSERT"], creates: false };
    case "drop_table":
    case "drop_view":
    case "truncate":
      return { usual: ["DROP"], rare: [], creates: false };
    case "create_index":
    case "drop_index":
      return { usual: ["INDEX"], rare: [], creates: false };
    default:
      return null;
  }
}
