import { and, eq, inArray } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { columnFindings } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Finding, SuspectColumn } from "@/lib/masking/suggest/finding";

const MAX_REASON = 1000;
/** Tables in one read. */
const CHUNK = 200;

/** What a scan says of one column. */
export interface ColumnVerdict {
  readonly column: SuspectColumn;
  readonly finding: Finding | null;
  /** Whether all was looked at that will be; what the name alone says may change yet. */
  readonly final: boolean;
}

type Row = typeof columnFindings.$inferSelect;

const keyOf = (schema: string, table: string, column: string) => [schema, table, column].join("\0");

/**
 * Brings verdicts to the store. New ones are open; open ones follow what is found now and go when it is nothing; what people decided
 * stays, unless a dismissed column turns out to hold another kind of thing.
 */
export async function saveFindings(
  tx: DbOrTx,
  connectionId: string,
  verdicts: readonly ColumnVerdict[],
): Promise<void> {
  const known = await knownOf(tx, connectionId, [...new Set(verdicts.map(({ column }) => column.table))]);
  const at = new Date();
  const fresh: (typeof columnFindings.$inferInsert)[] = [];
  for (const { column, finding, final } of verdicts) {
    const row = known.get(keyOf(column.schema, column.table, column.name));
    if (row === undefined) {
      if (finding !== null)
        fresh.push({ id: newId(), connectionId, ...placeOf(column), ...found(column, finding, at) });
    } else if (final) {
      await follow(tx, row, column, finding, at);
    }
  }
  for (let from = 0; from < fresh.length; from += CHUNK) {
    await tx.insert(columnFindings).values(fresh.slice(from, from + CHUNK));
  }
}

async function knownOf(tx: DbOrTx, connectionId: string, tables: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const known = new Map<string, Row>();
  for (let from = 0; from < tables.length; from += CHUNK) {
    const rows = await tx
      .select()
      .from(columnFindings)
      .where(
        and(
          eq(columnFindings.connectionId, connectionId),
          inArray(columnFindings.table, tables.slice(from, from + CHUNK)),
        ),
      )
      .for("update");
    for (const row of rows) known.set(keyOf(row.schema, row.table, row.column), row);
  }
  return known;
}

const placeOf = ({ schema, table, name }: SuspectColumn) => ({ schema, table, column: name });

function found({ dataType }: SuspectColumn, finding: Finding, at: Date) {
  const { kind, confidence, reason, method, options } = finding;
  const told = reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON - 1)}…` : reason;
  return { dataType, kind, confidence, reason: told, method, options, foundAt: at } as const;
}

async function follow(tx: DbOrTx, row: Row, column: SuspectColumn, finding: Finding | null, at: Date): Promise<void> {
  const ofRow = eq(columnFindings.id, row.id);
  if (finding === null) {
    if (row.status === "open") await tx.delete(columnFindings).where(ofRow);
    return;
  }
  const otherKind = finding.kind !== row.kind;
  if (row.status === "open") {
    const values = found(column, finding, otherKind ? at : row.foundAt);
    await tx.update(columnFindings).set(values).where(ofRow);
  } else if (row.status === "dismissed" && otherKind) {
    const values = { ...found(column, finding, at), status: "open", decidedAt: null, decidedBy: null } as const;
    await tx.update(columnFindings).set(values).where(ofRow);
  }
}

/** Removes the open findings of columns that are gone; `isThere` knows those that are not. */
export async function dropGone(
  tx: DbOrTx,
  connectionId: string,
  isThere: (schema: string, table: string, column: string) => boolean,
): Promise<void> {
  const open = await tx
    .select()
    .from(columnFindings)
    .where(and(eq(columnFindings.connectionId, connectionId), eq(columnFindings.status, "open")));
  const gone = open.filter((row) => !isThere(row.schema, row.table, row.column)).map((row) => row.id);
  for (let from = 0; from < gone.length; from += CHUNK) {
    await tx.delete(columnFindings).where(inArray(columnFindings.id, gone.slice(from, from + CHUNK)));
  }
}
