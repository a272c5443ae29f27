import { eq, inArray } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { decodeCursor, readPage } from "@/lib/db/keyset";
import { identities, statements } from "@/lib/db/schema";
import { timeRangeBounds } from "@/lib/db/time-range";
import type { ExportFormat } from "@/lib/exports/format";
import { EXPORT_PAGE, exportStream } from "@/lib/exports/stream";
import { planStatements } from "./driving-index";
import type { StatementFilter } from "./filter";
import { KNOWN_STATE } from "./known-state";
import { resolveFilter } from "./resolve";
import { SEARCH_WINDOW, scanIds } from "./scan";

const COLUMNS = [
  "id",
  "at",
  "identity",
  "identityId",
  "connectionName",
  "sessionId",
  "sequence",
  "command",
  "state",
  "statementClass",
  "defaultSchema",
  "sql",
  "sqlCut",
  "effect",
  "policyName",
  "ruleName",
  "decisionReason",
  "approvalId",
  "waitedUs",
  "durationUs",
  "rowCount",
  "affectedRows",
  "maskedRows",
  "resultBytes",
  "errorNumber",
  "errorMessage",
  "templateHash",
  "parameters",
] as const;

/** The statements that meet the filter as a file, newest first. Ranges that end now end when the export began. Throws FORBIDDEN. */
export function exportStatements(
  ctx: Ctx,
  input: { readonly filter: StatementFilter; readonly format: ExportFormat; readonly maxRows?: number },
): ReadableStream<Uint8Array> {
  authorise(ctx, "records:export");
  const { filter, ...rest } = input;
  const now = new Date();
  return exportStream(ctx, {
    what: "statements",
    filter,
    columns: COLUMNS,
    ...rest,
    read: (cursor) => readStatements(ctx.db, filter, cursor, now),
  });
}

async function readStatements(db: Ctx["db"], filter: StatementFilter, cursor: string | null, now: Date) {
  const plans = planStatements(filter, await resolveFilter(db, filter));
  const range = timeRangeBounds(statements.id, filter, now);
  const page = await readPage(
    { id: statements.id, order: "newest", cursor: decodeCursor(cursor), size: EXPORT_PAGE },
    async (scan, limit) => {
      const { rows, stoppedAt } = await scanIds(db, plans, [scan.from, ...range], scan, limit, SEARCH_WINDOW);
      return { rows: rows.map((id) => ({ id })), stoppedAt };
    },
  );
  const ids = page.rows.map((row) => row.id);
  const rows = ids.length === 0 ? [] : await wholeRows(db, ids);
  const byId = new Map(rows.map((row) => [row.statement.id, row]));
  const records = ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : { ...row.statement, state: row.state, identity: row.identity };
  });
  return { records, next: page.next };
}

function wholeRows(db: Ctx["db"], ids: string[]) {
  return db
    .select({ statement: statements, state: KNOWN_STATE, identity: identities.displayName })
    .from(statements)
    .leftJoin(identities, eq(identities.id, statements.identityId))
    .where(inArray(statements.id, ids));
}
