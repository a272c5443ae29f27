import type { AnalysisFlag, BaseColumn, BaseTable } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { describeDomain, type ParameterDomain } from "./value";

/** What a rule lacks to cover a statement. One value per kind of reason, so that explanations can be tested and drawn. */
export type Lack =
  | { readonly kind: "statement"; readonly class: StatementClass }
  /** It is an insert that updates rows which are there. */
  | { readonly kind: "also_updates" }
  | { readonly kind: "table"; readonly table: BaseTable }
  | { readonly kind: "column"; readonly column: BaseColumn; readonly excluded: boolean }
  | { readonly kind: "pin"; readonly column: string; readonly table: BaseTable | null }
  | { readonly kind: "pin_type"; readonly column: string }
  | { readonly kind: "limit_missing"; readonly max: number }
  | { readonly kind: "limit_exceeded"; readonly max: number }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "flag"; readonly flag: AnalysisFlag }
  | { readonly kind: "not_analysed" }
  | { readonly kind: "template" }
  | { readonly kind: "template_tables" }
  | { readonly kind: "template_unusable"; readonly why: string }
  | { readonly kind: "value"; readonly position: number; readonly domain: ParameterDomain | null };

const FLAG_WORDS: Partial<Record<AnalysisFlag, string>> = {
  into_file: "writing the result into a file on the server",
  into_variable: "SELECT ... INTO a variable",
  user_variable: "user variables",
  locking_read: "a locking read (FOR UPDATE, FOR SHARE)",
  temporary_table: "a temporary table",
  calc_found_rows: "SQL_CALC_FOUND_ROWS",
};

export const tableName = (one: BaseTable) => (one.table === "" ? one.schema : `${one.schema}.${one.table}`);
export const columnName = (one: BaseColumn) => `${one.schema}.${one.table}.${one.column}`;

/** The reason in words, to follow "the rule ... because". */
export function describeLack(lack: Lack): string {
  switch (lack.kind) {
    case "statement":
      return `${lack.class} is not among its statements`;
    case "also_updates":
      return "ON DUPLICATE KEY UPDATE also updates rows: the rule needs update";
    case "table":
      return `table ${tableName(lack.table)} is not among its tables`;
    case "column":
      return lack.excluded
        ? `column ${columnName(lack.column)} is excluded from its columns`
        : `column ${columnName(lack.column)} is not among its columns`;
    case "pin":
      return lack.table === null
        ? `${lack.column} must be pinned by equality, and its table is not in the statement`
        : `${lack.column} must be pinned by equality (= a value) wherever ${tableName(lack.table)} is used`;
    case "pin_type":
      return `${lack.column} holds text and must be pinned by a text value, not a number`;
    case "limit_missing":
      return `a LIMIT of at most ${lack.max} must be present`;
    case "limit_exceeded":
      return `LIMIT must be at most ${lack.max}`;
    case "function":
      return `function ${lack.name} is not on the list of safe functions and not named by the rule`;
    case "flag":
      return `${FLAG_WORDS[lack.flag] ?? lack.flag} is not covered by scope rules`;
    case "not_analysed":
      return "a statement of this kind can only be covered by a template, or by a rule without tables and columns";
    case "template":
      return "the statement is not its template";
    case "template_tables":
      return "the statement looks like its template but means other tables";
    case "template_unusable":
      return `its template can not be used: ${lack.why}`;
    case "value":
      return lack.domain === null
        ? `value ${lack.position} is not the one its template holds`
        : `value ${lack.position} must be ${describeDomain(lack.domain)}`;
    default:
      return lack satisfies never;
  }
}
