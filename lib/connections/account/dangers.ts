import { DANGEROUS } from "../test/privileges";

/** How much a privilege beyond the need opens, worst first. */
export const DANGER_LEVELS = ["critical", "high", "medium", "low"] as const;
export type DangerLevel = (typeof DANGER_LEVELS)[number];

export const DANGER_LABELS: Readonly<Record<DangerLevel, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
};

export interface Danger {
  readonly level: DangerLevel;
  /** What it opens, in words that go on after "the account". */
  readonly words: string;
}

const CRITICAL = new Set([
  "SUPER",
  "FILE",
  "CREATE USER",
  "GRANT OPTION",
  "ROLE_ADMIN",
  "SYSTEM_USER",
  "SET USER",
  "SET_USER_ID",
  "SET_ANY_DEFINER",
  "ALLOW_NONEXISTENT_DEFINER",
  "CLONE_ADMIN",
  "BINLOG REPLAY",
  "BINLOG_ADMIN",
  "REPLICATION SLAVE",
  "REPLICATION_APPLIER",
  "REPLICATION SLAVE ADMIN",
  "REPLICATION_SLAVE_ADMIN",
  "SYSTEM_VARIABLES_ADMIN",
  "PERSIST_RO_VARIABLES_ADMIN",
  "SENSITIVE_VARIABLES_OBSERVER",
  "AUTHENTICATION_POLICY_ADMIN",
  "TABLE_ENCRYPTION_ADMIN",
  "CREATE ROLE",
  "DROP ROLE",
]);

const LOW = new Set([
  "SHOW DATABASES",
  "SHOW VIEW",
  "LOCK TABLES",
  "CREATE TEMPORARY TABLES",
  "REFERENCES",
  "REPLICATION CLIENT",
  "BINLOG MONITOR",
  "SLAVE MONITOR",
  "REPLICA MONITOR",
  "SHOW_ROUTINE",
  "SHOW CREATE ROUTINE",
  "FLUSH_OPTIMIZER_COSTS",
  "FLUSH_STATUS",
]);

/** Beyond what the test of a connection warns of. */
const WORDS: Readonly<Record<string, string>> = {
  ...DANGEROUS,
  "GRANT OPTION": "may pass its privileges on to other accounts",
  SELECT: "may read rows",
  INSERT: "may add rows",
  UPDATE: "may change rows",
  DELETE: "may delete rows",
  CREATE: "may create tables and schemas",
  DROP: "may drop and empty tables",
  ALTER: "may change and rename tables and columns, so that other grants then mean other data",
  INDEX: "may create and drop indexes",
  "CREATE VIEW": "may create views",
  "SHOW VIEW": "may read the definitions of views",
  "SHOW DATABASES": "sees the names of all schemas",
  "LOCK TABLES": "may lock tables and keep everybody else from them",
  "CREATE TEMPORARY TABLES": "may create temporary tables",
  REFERENCES: "sees the names of columns and may point foreign keys at them",
  EXECUTE: "may run routines, which read and write whatever their definer may",
  "ALTER ROUTINE": "may replace and drop stored routines",
  "DELETE HISTORY": "may delete the history of versioned tables",
  "CREATE ROLE": "may create roles",
  "DROP ROLE": "may drop roles",
  "REPLICATION SLAVE ADMIN": "may start, stop and redirect replication",
  REPLICATION_SLAVE_ADMIN: "may start, stop and redirect replication",
  "REPLICATION MASTER ADMIN": "may change how replicas are served",
  REPLICATION_APPLIER: "may apply replicated changes as any account",
  GROUP_REPLICATION_ADMIN: "may start and stop group replication",
  GROUP_REPLICATION_STREAM: "may take part in group replication, where every change passes",
  "SLAVE MONITOR": "sees the state of replication",
  "REPLICA MONITOR": "sees the state of replication",
  BINLOG_ENCRYPTION_ADMIN: "may turn the encryption of logs on and off",
  ENCRYPTION_KEY_ADMIN: "may rotate the server's keys",
  TABLE_ENCRYPTION_ADMIN: "may store tables without encryption",
  AUDIT_ADMIN: "may change what the server's own audit records",
  AUDIT_ABORT_EXEMPT: "may get past the server's own audit filter",
  FIREWALL_ADMIN: "may change the server's firewall rules",
  FIREWALL_USER: "may change its own firewall rules",
  FIREWALL_EXEMPT: "may get past the server's firewall",
  AUTHENTICATION_POLICY_ADMIN: "may weaken how accounts have to log in",
  PASSWORDLESS_USER_ADMIN: "may create accounts without passwords",
  APPLICATION_PASSWORD_ADMIN: "may set a second password for accounts",
  ALLOW_NONEXISTENT_DEFINER: "may create objects that run as accounts to come",
  RESOURCE_GROUP_ADMIN: "may change which processors statements get",
  RESOURCE_GROUP_USER: "may move statements to other processors",
  SERVICE_CONNECTION_ADMIN: "may take the administrators' own connection",
  SESSION_VARIABLES_ADMIN: "may set session variables that are guarded, the binary log's among them",
  SENSITIVE_VARIABLES_OBSERVER: "sees settings that hold secrets",
  SHOW_ROUTINE: "may read the code of all routines",
  "SHOW CREATE ROUTINE": "may read the code of routines",
  XA_RECOVER_ADMIN: "sees other clients' prepared transactions",
  INNODB_REDO_LOG_ENABLE: "may turn crash safety off",
  INNODB_REDO_LOG_ARCHIVE: "may copy the redo log, which holds every change",
  NDB_STORED_USER: "is copied to every server of the cluster",
  TP_CONNECTION_ADMIN: "may connect where others have to wait",
  TELEMETRY_LOG_ADMIN: "may change what the server reports about itself",
  OPTIMIZE_LOCAL_TABLE: "may rebuild tables outside replication",
  TRANSACTION_GTID_TAG: "may choose the tags of transactions",
  CREATE_SPATIAL_REFERENCE_SYSTEM: "may change spatial reference systems",
  FLUSH_OPTIMIZER_COSTS: "may reload the optimizer's costs",
  FLUSH_PRIVILEGES: "may reload accounts",
  FLUSH_STATUS: "may reset counters",
  FLUSH_TABLES: "may close all tables",
  FLUSH_USER_RESOURCES: "may reset the limits of accounts",
};

/** What one privilege opens wherever it is held. A privilege that is not known is no small one. */
export function dangerOf(privilege: string): Danger {
  const words = WORDS[privilege] ?? "may do what this server, or a plugin of it, defines";
  return { level: CRITICAL.has(privilege) ? "critical" : LOW.has(privilege) ? "low" : levelBySort(privilege), words };
}

const READS_AND_WRITES = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "INDEX", "CREATE VIEW"]);
const levelBySort = (privilege: string): DangerLevel => (READS_AND_WRITES.has(privilege) ? "medium" : "high");
