/** Tables of information_schema that describe schemas and the server's vocabulary; the rest shows accounts, statements, data or memory. */
const SAFE_TABLES: ReadonlySet<string> = new Set(
  `applicable_roles character_sets check_constraints collation_character_set_applicability collations columns enabled_roles engines
   key_column_usage keywords parameters partitions referential_constraints routines schemata sql_functions st_geometry_columns
   statistics table_constraints tables triggers view_routine_usage view_table_usage views`.split(/\s+/),
);

/** Whether metadata scope is enough to read `information_schema.<table>`; names compare without case there. */
export function isSafeInformationSchemaTable(table: string): boolean {
  return SAFE_TABLES.has(table.toLowerCase());
}
