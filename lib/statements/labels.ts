import type { STATEMENT_COMMANDS } from "@/lib/db/schema/statements";

export type StatementCommand = (typeof STATEMENT_COMMANDS)[number];

/** What people call the protocol command that carried a statement, and what it does. */
export const STATEMENT_COMMAND_LABELS: Readonly<Record<StatementCommand, { label: string; explanation: string }>> = {
  query: { label: "Query", explanation: "Text sent in one go (COM_QUERY)" },
  prepare: { label: "Prepare", explanation: "A statement prepared on the server, not run yet (COM_STMT_PREPARE)" },
  execute: { label: "Execute", explanation: "A run of a prepared statement (COM_STMT_EXECUTE)" },
  init_db: { label: "Use schema", explanation: "A change of the default schema (COM_INIT_DB)" },
  field_list: { label: "Field list", explanation: "A client asking for a table's columns (COM_FIELD_LIST)" },
};
