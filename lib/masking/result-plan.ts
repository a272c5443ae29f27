import type { BaseColumn } from "@/lib/sql/analysis";
import type { ColumnMask } from "./cell";

/** What the gateway knows of one result column before the server tells anything. */
export interface OutputPlan {
  /** Null: shown as it is. */
  readonly mask: ColumnMask | null;
  /** What the server's definition must name as its origin (schema, org_table, org_name); null when that is not certain. */
  readonly origin: BaseColumn | null;
}

/**
 * How the answer to a statement is checked and rewritten. One object per cached decision: whoever rewrites results may keep what it made
 * of the definitions under this object.
 */
export interface ResultPlan {
  /** Columns the result must have, in order; null when lineage says nothing of them (metadata, session questions). */
  readonly outputs: readonly OutputPlan[] | null;
  /** The statement touches masked columns: errors and warnings of the server could quote values. */
  readonly scrub: boolean;
  /**
   * The second opinion: a column that is to be shown as it is and whose definition names a masked one is refused before its first row.
   * Names as the server sends them.
   */
  readonly hides: (schema: string, table: string, column: string) => boolean;
  /**
   * Where `outputs` is null: result columns of these names are hidden whole (SHOW COLUMNS prints the defaults of masked columns);
   * null: none.
   */
  readonly hidesNamed: ((name: string) => boolean) | null;
}
