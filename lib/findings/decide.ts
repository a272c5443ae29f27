import { asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { auditRow, recordAuditRows } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { columnFindings, connections } from "@/lib/db/schema";
import type { FindingStatus } from "@/lib/db/schema/column-findings";
import { SallyportError } from "@/lib/errors/error";

/** The one place where a finding's status changes. */
const CHANGES = {
  accept: { from: ["open"], to: "accepted", action: "finding.accepted" },
  dismiss: { from: ["open"], to: "dismissed", action: "finding.dismissed" },
  reopen: { from: ["dismissed", "accepted"], to: "open", action: "finding.reopened" },
} as const satisfies Record<string, { from: readonly FindingStatus[]; to: FindingStatus; action: string }>;

export const findingIds = z
  .array(z.ulid())
  .min(1, "choose at least one column")
  .max(500)
  .refine((ids) => new Set(ids).size === ids.length, "a column stands here twice");

export type FindingRow = typeof columnFindings.$inferSelect;

/** `schema.table.column`, for people. */
export const placeOf = (row: Pick<FindingRow, "schema" | "table" | "column">) =>
  `${row.schema}.${row.table}.${row.column}`;

/**
 * Changes the status of all of them or of none, with an audit event each, in the caller's transaction. Throws NOT_FOUND, and CONFLICT
 * when somebody else has decided meanwhile. Returns them as they were.
 */
export async function decide(
  ctx: Ctx,
  ids: readonly string[],
  change: keyof typeof CHANGES,
  message?: string,
): Promise<readonly FindingRow[]> {
  const { from, to, action } = CHANGES[change];
  const { actor, db } = ctx;
  const read = await db
    .select({ finding: columnFindings, connectionName: connections.name })
    .from(columnFindings)
    .innerJoin(connections, eq(connections.id, columnFindings.connectionId))
    .where(inArray(columnFindings.id, [...ids]))
    .orderBy(asc(columnFindings.id))
    .for("update");
  if (read.length < ids.length) {
    throw new SallyportError("NOT_FOUND", "A suggested column is there no longer", {
      next: "Reload the page: the column was dropped, or holds something else now",
    });
  }
  const allowed: readonly FindingStatus[] = from;
  const settled = read.find(({ finding }) => !allowed.includes(finding.status));
  if (settled !== undefined) {
    const { status, decidedBy } = settled.finding;
    const by = decidedBy === null ? "" : ` by ${decidedBy}`;
    throw new SallyportError("CONFLICT", `${placeOf(settled.finding)} is ${status}${by} already`, {
      next: "Reload the page: someone else decided",
    });
  }
  const at = new Date();
  await db
    .update(columnFindings)
    .set({
      status: to,
      decidedAt: to === "open" ? null : at,
      decidedBy: to === "open" ? null : actor.name.slice(0, 255),
    })
    .where(inArray(columnFindings.id, [...ids]));
  await recordAuditRows(
    db,
    read.map(({ finding, connectionName }) =>
      auditRow(actor, {
        action,
        object: { kind: "finding", id: finding.id, name: placeOf(finding) },
        connectionName,
        ...(message === undefined ? {} : { message }),
        detail: { kind: finding.kind, confidence: finding.confidence, before: finding.status, after: to },
      }),
    ),
  );
  return read.map(({ finding }) => finding);
}
