import type { DdlAction, IndexHints, ValueRef } from "./model";

/** A column of the catalogue: names as the catalogue spells them. */
export interface BaseColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** A table or view of the catalogue. */
export interface BaseTable {
  readonly schema: string;
  readonly table: string;
}

/** What kind of statement was parsed. Utility statements never reach `analyse`, see lib/sql/utility. */
export type ParsedClass = "select" | "table" | "insert" | "replace" | "update" | "delete" | "call" | DdlAction;

/**
 * One occurrence of a table. A table named twice (self join, union branches, subquery) is there twice.
 * `view` is the view of the statement that reached it, null for what the statement itself names: scope rules
 * look at the latter, masks at both.
 */
export interface TableOccurrence extends BaseTable {
  readonly kind: "table" | "view";
  readonly access: "read" | "write" | "ddl";
  readonly view: BaseTable | null;
  /**
   * Columns of this occurrence that equal one known value in every row the statement can see or change:
   * AND adds, OR intersects, NOT drops, an outer join's ON counts for its inner side only.
   */
  readonly pins: readonly Pin[];
  /** Where the statement may say which indexes to use; null where it can not, and inside views. */
  readonly hints: IndexHints | null;
}

/** Several pins of one column are alternatives (OR, IN): the column equals one of the values. */
export interface Pin {
  readonly column: string;
  readonly value: ValueRef;
  /**
   * The column holds text: a parameter bound as a number would be compared as a number and equal many values, so it must be
   * bound as a string. Number literals never pin such a column.
   */
  readonly textual: boolean;
}

/** A column that is read or written by the statement, stars and USING expanded; generated columns add what they are made of. */
export interface ColumnAccess extends BaseColumn {
  readonly access: "read" | "write";
  readonly view: BaseTable | null;
}

/** A column of the result. */
export interface OutputColumn {
  readonly name: string | null;
  /** direct: the unchanged value of a column in every branch. derived: computed from columns. constant: no column flows in. */
  readonly flow: "direct" | "derived" | "constant";
  /** The unchanged value of a generated column: derived, but by the table's definition and not by the statement. */
  readonly generated: boolean;
  /** Base columns (never views) that flow in; sorted, no duplicates. */
  readonly columns: readonly BaseColumn[];
  /**
   * What the server's result metadata must say (schema, org_table, org_name): set when the column comes straight from a
   * base table in the FROM of a top-level single SELECT. Any disagreement is to be treated as an attack.
   */
  readonly origin: BaseColumn | null;
  /** Name of the place in `views` when it is a column of a view: the view's own column, for scope rules. */
  readonly viewColumn: BaseColumn | null;
  /** Columns of views, under the views' own names, that flow in: `columns` are what those are made of. */
  readonly viewColumns: readonly BaseColumn[];
}

/** Where a column is used other than by flowing into a result column. */
export type UsePlace =
  /** column = literal or parameter. */
  | "equality"
  /** IS [NOT] NULL. */
  | "null_test"
  /** COUNT(column), without DISTINCT. */
  | "count"
  /** Any other part of a condition: ranges, LIKE, IN, functions, CASE conditions, HAVING. */
  | "predicate"
  /** column = column of another table or occurrence; `other` says which. USING and NATURAL too. */
  | "join_equality"
  /** Any other part of a join condition. */
  | "join"
  | "grouping"
  /** DISTINCT, UNION, INTERSECT, EXCEPT and COUNT(DISTINCT) compare values. */
  | "distinct"
  | "ordering"
  /** PARTITION BY, ORDER BY and frame of a window. */
  | "window"
  | "limit"
  /** Selected by the subquery of EXISTS, IN, ANY, ALL or a comparison with a scalar subquery. */
  | "subquery"
  /** Flows into a column that is written; `other` is the written column. */
  | "assigned_from"
  /** Argument of CALL. */
  | "argument"
  /** Decides which part of a CASE or IF is computed. */
  | "condition"
  /** Operand of something that fails, or takes long, for some values and not for others. */
  | "fallible"
  /** Read into a file or a variable. */
  | "into";

export interface ColumnUse {
  /** A base column, or one of a view that it was reached through. */
  readonly column: BaseColumn;
  readonly place: UsePlace;
  /** The other side of join_equality, the target of assigned_from, else null. */
  readonly other: BaseColumn | null;
  readonly view: BaseTable | null;
}

/** A column that gets a value. */
export interface ColumnWrite {
  readonly column: BaseColumn;
  /** value: literals, parameters, constants and DEFAULT only. derived: reads columns. */
  readonly source: "value" | "derived";
  /** The literals and parameters assigned, when every row assigns one. */
  readonly values: readonly ValueRef[];
}

export interface FunctionUse {
  /** Lower case for built-ins; as written for stored functions. */
  readonly name: string;
  readonly schema: string | null;
  /** pure: on the list of known-safe built-ins. Everything else must be named by a rule. */
  readonly effect: "pure" | "unknown";
}

/** The result has at most the sum of the terms as rows; no terms: unbounded. */
export type LimitTerm = ValueRef | { readonly kind: "rows"; readonly rows: number };

export interface AnalysedLimit {
  readonly present: boolean;
  readonly terms: readonly LimitTerm[];
}

/** What a literal or parameter is for: the residual checks of a cached decision look here. */
export type ValueRole =
  | { readonly role: "limit" }
  | { readonly role: "offset" }
  /** Pins or is compared for equality with a column. */
  | { readonly role: "equality"; readonly column: BaseColumn; readonly base: BaseColumn }
  /** Assigned to a column. */
  | { readonly role: "assigned"; readonly column: BaseColumn }
  | { readonly role: "other" };

export interface ValueUse {
  readonly value: ValueRef;
  readonly role: ValueRole;
}

export const ANALYSIS_FLAGS = [
  "locking_read",
  "into_file",
  "into_variable",
  "user_variable",
  "set_operation",
  "subquery",
  "recursive",
  "calc_found_rows",
  "select_star",
  "multi_table_write",
  "subquery_in_write",
  "write_without_where",
  "write_with_limit",
  "insert_from_query",
  "on_duplicate_key",
  "returning",
  "ignore",
  "temporary_table",
  /** Only rows of some partitions of a table: chosen by the columns it is partitioned by, which are not known. */
  "partition_selection",
  /** A written table has triggers for the event: what they do is not part of the analysis. */
  "triggers_fire",
] as const;
export type AnalysisFlag = (typeof ANALYSIS_FLAGS)[number];

/** Everything the policy engine may ask about a statement that was understood. */
export interface Analysis {
  readonly ok: true;
  readonly class: ParsedClass;
  readonly tables: readonly TableOccurrence[];
  readonly columns: readonly ColumnAccess[];
  /** Null when the statement has no result set. */
  readonly outputs: readonly OutputColumn[] | null;
  readonly uses: readonly ColumnUse[];
  readonly writes: readonly ColumnWrite[];
  readonly functions: readonly FunctionUse[];
  /** Lower-case names of system variables that are read. */
  readonly systemVariables: readonly string[];
  readonly limit: AnalysedLimit;
  readonly values: readonly ValueUse[];
  readonly flags: ReadonlySet<AnalysisFlag>;
}

export type NotUnderstoodCode =
  /** Too long, too many tokens, nested too deep, or not parsed in time. */
  | "TOO_COMPLEX"
  /** The grammar does not know it. */
  | "SYNTAX"
  /** It was parsed, but a construct has no case of its own; `message` names it. */
  | "UNSUPPORTED"
  /** What was parsed is not what was written. */
  | "MISREAD"
  /** A table or column the catalogue does not know: the gateway may refresh the catalogue once and try again. */
  | "UNKNOWN_NAME"
  | "AMBIGUOUS_NAME"
  | "NO_SCHEMA_SELECTED"
  /** A view of the catalogue could not be understood. */
  | "OPAQUE_VIEW";

/** A refusal: never evaluated further, never forwarded. */
export interface NotUnderstood {
  readonly ok: false;
  readonly code: NotUnderstoodCode;
  /** For the client: what was not understood, and what to write instead where that is known. */
  readonly message: string;
  /** Index of the token it is about, null when it is about the whole. */
  readonly token: number | null;
}

export type AnalysisResult = Analysis | NotUnderstood;
