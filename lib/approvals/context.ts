/** What a reviewer is shown beside the statement, as the gateway saw it when it asked. Never part of a decision. */

/** One table and the columns of it that the statement reads or writes; `columns` null: all, or not known. */
export interface TableAccess {
  readonly table: string;
  readonly columns: readonly string[] | null;
}

export interface StatementAccess {
  readonly reads: readonly TableAccess[];
  readonly writes: readonly TableAccess[];
}

/** The transaction in which the statement waits, if any. */
export interface TransactionFacts {
  readonly open: boolean;
  readonly autocommit: boolean;
  /** ISO 8601. */
  readonly since: string | null;
  /** Statements that ran in it before; `earlier` names the last of them. */
  readonly statements: number;
}

/** At most this many earlier statements are kept, the last ones. */
export const MAX_EARLIER_STATEMENTS = 20;

export interface EarlierStatement {
  readonly id: string;
  /** Cut for reading. */
  readonly sql: string;
}

/** The server's plan, values of masked columns taken out by the gateway; or why there is none. */
export type ExplainFacts =
  | { readonly ok: true; readonly text: string; readonly estimatedRows: number | null }
  | { readonly ok: false; readonly why: string };
