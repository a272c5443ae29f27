import type { Analysis } from "@/lib/sql/analysis";
import { groupOf, type StatementClass } from "@/lib/sql/taxonomy";
import type { Shape } from "./shape";

/** Something metadata is about: a schema (table null) or a table; both null: the server's list of schemas, variables and the like. */
export interface MetadataObject {
  readonly schema: string | null;
  readonly table: string | null;
}

/** What the policy engine decides on. */
export type Subject =
  /** Parsed and resolved: rules see everything. */
  | { readonly kind: "analysed"; readonly class: StatementClass; readonly analysis: Analysis; readonly shape: Shape }
  /** EXPLAIN of a statement: allowed where the statement itself would be and metadata is. */
  | { readonly kind: "explain"; readonly class: StatementClass; readonly analysis: Analysis; readonly shape: Shape }
  /** Known by its class and its tokens only (account management, flush ...): only a rule without tables and columns, or a template, covers it. */
  | { readonly kind: "opaque"; readonly class: StatementClass; readonly shape: Shape }
  /** Session housekeeping and transaction control from the closed list: needs no rule. */
  | { readonly kind: "housekeeping"; readonly class: StatementClass }
  /** SHOW, DESCRIBE and the safe part of information_schema. */
  | {
      readonly kind: "metadata";
      readonly class: StatementClass;
      readonly objects: readonly MetadataObject[];
      /** SHOW STATUS of what tells how much the server has read and sent. */
      readonly counters?: true;
    }
  /** USE and its protocol command. */
  | { readonly kind: "use"; readonly class: StatementClass; readonly schema: string };

/** Reads or writes rows: the server then begins a new list of warnings. */
export function usesTables(subject: Subject): boolean {
  return subject.kind === "analysed" && groupOf(subject.class) !== "ddl" && subject.analysis.tables.length > 0;
}
