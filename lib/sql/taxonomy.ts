/**
 * Every kind of statement there is for us, each in exactly one group. The enum is closed: a statement that fits none is refused.
 * A class with effects outside the tables it names (files, accounts, locks, other sessions, run-time text) is in `admin`, so that
 * neither `read` nor `write` in a rule ever covers it.
 */
export const STATEMENT_GROUPS = {
  read: ["select", "table", "values"],
  write: ["insert", "replace", "update", "delete", "call"],
  ddl: [
    "create_table",
    "alter_table",
    "drop_table",
    "rename_table",
    "truncate",
    "create_view",
    "alter_view",
    "drop_view",
    "create_index",
    "drop_index",
    "create_schema",
    "alter_schema",
    "drop_schema",
    "create_sequence",
    "alter_sequence",
    "drop_sequence",
    "create_routine",
    "alter_routine",
    "drop_routine",
    "create_trigger",
    "drop_trigger",
    "create_event",
    "alter_event",
    "drop_event",
  ],
  admin: [
    "account",
    "set_global",
    "set_statement",
    "kill",
    "flush",
    "reset",
    "purge",
    "replication",
    "binlog",
    "plugin",
    "server",
    "tablespace",
    "resource_group",
    "clone",
    "backup",
    "shutdown",
    "table_maintenance",
    "index_cache",
    "lock",
    "load_data",
    "import_table",
    "handler",
    "do",
    "xa",
    "prepared_text",
    "compound",
    "diagnostics",
    "explain_analyze",
  ],
  session: ["set", "use"],
  metadata: ["show", "describe", "explain", "help"],
  transaction: ["begin", "commit", "rollback", "savepoint", "set_transaction"],
} as const;

export type StatementGroup = keyof typeof STATEMENT_GROUPS;
export type StatementClass = (typeof STATEMENT_GROUPS)[StatementGroup][number];

/** All classes, in the order of their groups. */
export const STATEMENT_CLASSES: readonly [StatementClass, ...StatementClass[]] = [
  ...STATEMENT_GROUPS.read,
  ...STATEMENT_GROUPS.write,
  ...STATEMENT_GROUPS.ddl,
  ...STATEMENT_GROUPS.admin,
  ...STATEMENT_GROUPS.session,
  ...STATEMENT_GROUPS.metadata,
  ...STATEMENT_GROUPS.transaction,
];

const GROUP_OF: ReadonlyMap<StatementClass, StatementGroup> = new Map(
  Object.entries(STATEMENT_GROUPS).flatMap(([group, classes]) =>
    classes.map((one): [StatementClass, StatementGroup] => [one, group as StatementGroup]),
  ),
);

/** The group a class belongs to. */
export function groupOf(statementClass: StatementClass): StatementGroup {
  return GROUP_OF.get(statementClass) ?? "admin";
}
