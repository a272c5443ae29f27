import { and, count, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/mysql-core";
import type { DbOrTx } from "@/lib/db/client";
import { containsText } from "@/lib/db/like";
import { statements, statementTemplates, templateObjects } from "@/lib/db/schema";
import type { StatementFilter } from "./filter";

/** More templates or error numbers than this are not read one by one: their rows are checked instead. */
export const BRANCH_LIMIT = 150;

/** A template that meets the filter. `where` tells its statements from others of the same text that mean something else. */
export interface TemplateBranch {
  readonly hash: string;
  readonly where: SQL | undefined;
}

/** What a filter's names stand for in this store; null where the filter does not ask. */
export interface Resolved {
  /** Templates that touch the filter's table and column. */
  readonly templates: readonly TemplateBranch[] | null;
  /** Every error number there is. */
  readonly errorNumbers: readonly number[] | null;
}

/** Looks up what `planStatements` needs to know of the store. */
export async function resolveFilter(db: DbOrTx, filter: StatementFilter): Promise<Resolved> {
  const [templates, errorNumbers] = await Promise.all([
    filter.table === undefined && filter.column === undefined ? null : touching(db, filter),
    filter.outcome === "error" && filter.errorNumber === undefined ? allErrorNumbers(db) : null,
  ]);
  return { templates, errorNumbers };
}

async function touching(
  db: DbOrTx,
  { table, column, template, connection }: StatementFilter,
): Promise<TemplateBranch[]> {
  const asTable = alias(templateObjects, "as_table");
  const asColumn = alias(templateObjects, "as_column");
  const { id, templateHash: hash, connectionName, defaultSchema } = statementTemplates;
  let query = db.select({ hash, connectionName, defaultSchema }).from(statementTemplates).$dynamic();
  if (table !== undefined) {
    query = query.innerJoin(
      asTable,
      and(eq(asTable.templateId, id), eq(asTable.kind, "table"), eq(asTable.name, table)),
    );
  }
  if (column !== undefined) {
    query = query.innerJoin(
      asColumn,
      and(eq(asColumn.templateId, id), eq(asColumn.kind, "column"), eq(asColumn.name, column)),
    );
  }
  const found = await query.where(
    and(
      template === undefined ? undefined : eq(hash, template),
      connection === undefined ? undefined : eq(connectionName, connection),
    ),
  );
  if (found.length === 0) return [];
  const places = new Map<string, { connectionName: string; defaultSchema: string }[]>();
  for (const one of found) places.set(one.hash, [...(places.get(one.hash) ?? []), one]);
  const known = await db
    .select({ hash, places: count() })
    .from(statementTemplates)
    .where(inArray(hash, [...places.keys()]))
    .groupBy(hash);
  return known.map((one) => {
    const meant = places.get(one.hash) ?? [];
    return { hash: one.hash, where: meant.length === one.places ? undefined : inPlaces(meant) };
  });
}

/** The same text on another connection, or with another default schema, is about other tables. */
function inPlaces(places: readonly { readonly connectionName: string; readonly defaultSchema: string }[]): SQL {
  const pairs = places.map((one) => sql`(${one.connectionName}, ${one.defaultSchema})`);
  return sql`(${statements.connectionName}, COALESCE(${statements.defaultSchema}, '')) IN (${sql.join(pairs, sql`, `)})`;
}

/** From the index alone, one look per number. */
export async function allErrorNumbers(db: DbOrTx): Promise<number[]> {
  const rows = await db
    .selectDistinct({ number: statements.errorNumber })
    .from(statements, { forceIndex: "statements_error" })
    .where(isNotNull(statements.errorNumber));
  return rows.flatMap(({ number }) => (number === null ? [] : [number]));
}

/** Hashes of templates whose text contains the filter's: where a seldom word is found at once. None when there are too many. */
export async function templatesWithText(db: DbOrTx, { text, connection }: StatementFilter): Promise<string[]> {
  if (text === undefined) return [];
  const rows = await db
    .selectDistinct({ hash: statementTemplates.templateHash })
    .from(statementTemplates)
    .where(
      and(
        containsText(statementTemplates.text, text),
        connection === undefined ? undefined : eq(statementTemplates.connectionName, connection),
      ),
    )
    .limit(BRANCH_LIMIT + 1);
  return rows.length > BRANCH_LIMIT ? [] : rows.map((row) => row.hash);
}
