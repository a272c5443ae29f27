import type { STATEMENT_COMMANDS, STATEMENT_STATES } from "@/lib/db/schema/statements";

export type StatementCommand = (typeof STATEMENT_COMMANDS)[number];

/** What people call the protocol command that carried a statement, and what it does. */
export const STATEMENT_COMMAND_LABELS: Readonly<Record<StatementCommand, { label: string; explanation: string }>> = {
  query: { label: "Query", explanation: "Text sent in one go (COM_QUERY)" },
  prepare: { label: "Prepare", explanation: "A statement prepared on the server, not run yet (COM_STMT_PREPARE)" },
  execute: { label: "Execute", explanation: "A run of a prepared statement (COM_STMT_EXECUTE)" },
  init_db: { label: "Use schema", explanation: "A change of the default schema (COM_INIT_DB)" },
  field_list: { label: "Field list", explanation: "A client asking for a table's columns (COM_FIELD_LIST)" },
};

/** Whether a statement's outcome is known. */
export const STATEMENT_STATE_LABELS: Readonly<
  Record<(typeof STATEMENT_STATES)[number], { label: string; explanation: string }>
> = {
  running: { label: "Running", explanation: "It went to the database; its outcome is not recorded yet" },
  done: { label: "Done", explanation: "It ended, and its outcome is recorded" },
  unknown: { label: "Unknown", explanation: "Its gateway died before it knew the outcome: it may have taken effect" },
};
