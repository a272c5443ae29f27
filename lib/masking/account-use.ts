import type { Subject } from "@/lib/policy/subject";
import type { Analysis, BaseColumn } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import { groupOf } from "@/lib/sql/taxonomy";
import type { MaskSet } from "./mask-set";

/** What a statement means to a connection with a restricted account, which may read everything but masked columns. */
export interface AccountUse {
  /** `main` for a read that shows or looks at masked columns: the server must refuse it to the restricted account. */
  readonly account: "restricted" | "main";
  /**
   * What it means when the server refuses the statement to the restricted account. disagreement: lineage found nothing masked in it,
   * in a table that has some. masked: it looks at masked columns and is no read. privilege: no mask can be concerned, the account
   * just lacks something.
   */
  readonly refused: "disagreement" | "masked" | "privilege";
  /** It may change rows, itself or by a routine. */
  readonly changes: boolean;
  /** FOR UPDATE and the like. */
  readonly locksRows: boolean;
  /** LOCK TABLES and XA: what they hold keeps other connections waiting, or is not seen there. */
  readonly holds: boolean;
  readonly readsVariables: boolean;
  /** It sets user variables to what it reads or computes. */
  readonly setsVariables: boolean;
}

/** Of statements that touch no table. */
export const NO_TABLE: AccountUse = {
  account: "restricted",
  refused: "privilege",
  changes: false,
  locksRows: false,
  holds: false,
  readsVariables: false,
  setsVariables: false,
};

/** Who has to run a statement. Exemptions make no difference: the restricted account has none. */
export function accountUse(
  subject: Subject,
  analysis: Analysis | null,
  masks: MaskSet,
  catalogue: Catalogue,
): AccountUse {
  const group = groupOf(subject.class);
  if (analysis === null) {
    const changes = group === "write" || group === "ddl" || group === "admin";
    return { ...NO_TABLE, changes, holds: subject.class === "lock" || subject.class === "xa" };
  }
  const variables = analysis.flags.has("user_variable");
  const looksAtMasked = !masks.isEmpty && touches(analysis, masks);
  const reads = subject.kind === "analysed" && group === "read";
  return {
    account: looksAtMasked && reads ? "main" : "restricted",
    refused: looksAtMasked ? "masked" : hasMasked(analysis, masks, catalogue) ? "disagreement" : "privilege",
    changes:
      subject.kind === "analysed" && (group !== "read" || analysis.functions.some((one) => one.effect !== "pure")),
    locksRows: analysis.flags.has("locking_read"),
    holds: false,
    readsVariables: variables,
    setsVariables: analysis.flags.has("into_variable") || (variables && subject.class === "call"),
  };
}

function touches(analysis: Analysis, masks: MaskSet): boolean {
  const masked = (column: BaseColumn) => isAbout(masks, column);
  return (
    analysis.columns.some((column) => column.access === "read" && masked(column)) ||
    analysis.uses.some((use) => masked(use.column)) ||
    (analysis.outputs ?? []).some((output) => output.columns.some(masked) || output.viewColumns.some(masked))
  );
}

/** A view is granted whole or not at all, so that only what the statement itself names can show a gap in lineage. */
function hasMasked(analysis: Analysis, masks: MaskSet, catalogue: Catalogue): boolean {
  if (masks.isEmpty) return false;
  return analysis.tables.some(
    ({ schema, table, kind, view }) =>
      view === null &&
      kind === "table" &&
      catalogue.table(schema, table)?.columns.some((column) => isAbout(masks, column.base)) === true,
  );
}

function isAbout(masks: MaskSet, column: BaseColumn): boolean {
  return column.schema.toLowerCase() !== "information_schema" && masks.configured(column) !== null;
}

const OF_THE_SESSION: ReadonlySet<string> = new Set([
  "last_insert_id",
  "found_rows",
  "row_count",
  "connection_id",
  "get_lock",
  "release_lock",
  "release_all_locks",
  "is_used_lock",
  "nextval",
  "lastval",
  "setval",
]);
const VARIABLES_OF_THE_SESSION: ReadonlySet<string> = new Set([
  "autocommit",
  "in_transaction",
  "last_insert_id",
  "identity",
  "warning_count",
  "error_count",
  "pseudo_thread_id",
]);

/** What belongs to the client's own session, so that a statement which asks another one for it would get something else; null: nothing. */
export function partOfSession(analysis: Analysis): string | null {
  const called = analysis.functions.find(
    ({ schema, name }) => schema === null && OF_THE_SESSION.has(name.toLowerCase()),
  );
  if (called !== undefined) return `${called.name.toUpperCase()}()`;
  const read = analysis.systemVariables.find((name) => VARIABLES_OF_THE_SESSION.has(name));
  if (read !== undefined) return `@@${read}`;
  if (analysis.flags.has("calc_found_rows")) return "SQL_CALC_FOUND_ROWS";
  return analysis.flags.has("into_variable") ? "a user variable that it sets" : null;
}
