import { and, eq, gte, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { decodeCursor, type Page, readPage } from "@/lib/db/keyset";
import { containsText } from "@/lib/db/like";
import { columnFindings, connections } from "@/lib/db/schema";
import { FINDING_STATUSES } from "@/lib/db/schema/column-findings";
import { FINDING_KINDS } from "@/lib/masking/suggest/finding";
import type { FindingRow } from "./decide";

export const FINDING_PAGE_SIZE = 50;

/** What the findings can be narrowed to. Every field is optional; together they all must hold. */
export const findingFilter = z.strictObject({
  connectionId: z.ulid().optional(),
  status: z.enum(FINDING_STATUSES).optional(),
  kind: z.enum(FINDING_KINDS).optional(),
  /** 0 to 100. */
  confidence: z.int().min(0).max(100).optional(),
  /** A part of the schema's, the table's or the column's name. */
  q: z.string().min(1).max(200).optional(),
});
export type FindingFilter = z.output<typeof findingFilter>;

export interface FindingView extends FindingRow {
  readonly connectionName: string;
}

/** Findings that meet the filter, newest first. Throws FORBIDDEN, and INVALID_INPUT for a cursor that no list made. */
export async function listFindings(
  ctx: Ctx,
  input: { readonly filter: FindingFilter; readonly cursor?: string | null; readonly size?: number },
): Promise<Page<FindingView>> {
  authorise(ctx, "findings:view");
  const where = conditions(input.filter);
  return readPage(
    {
      id: columnFindings.id,
      order: "newest",
      cursor: decodeCursor(input.cursor),
      size: input.size ?? FINDING_PAGE_SIZE,
    },
    async (scan, limit) => {
      const rows = await ctx.db
        .select({ finding: columnFindings, connectionName: connections.name })
        .from(columnFindings)
        .innerJoin(connections, eq(connections.id, columnFindings.connectionId))
        .where(and(scan.from, ...where))
        .orderBy(scan.orderBy)
        .limit(limit);
      return { rows: rows.map(({ finding, connectionName }) => ({ ...finding, connectionName })), stoppedAt: null };
    },
  );
}

function conditions({ connectionId, status, kind, confidence, q }: FindingFilter): (SQL | undefined)[] {
  const { schema, table, column } = columnFindings;
  return [
    connectionId === undefined ? undefined : eq(columnFindings.connectionId, connectionId),
    status === undefined ? undefined : eq(columnFindings.status, status),
    kind === undefined ? undefined : eq(columnFindings.kind, kind),
    confidence === undefined ? undefined : gte(columnFindings.confidence, confidence),
    q === undefined ? undefined : or(...[schema, table, column].map((one) => containsText(one, q))),
  ];
}

/** How many columns nobody has reviewed yet, of one connection or of all. Throws FORBIDDEN. */
export async function countOpen(ctx: Ctx, connectionId?: string): Promise<number> {
  authorise(ctx, "findings:view");
  return ctx.db.$count(columnFindings, and(...conditions({ status: "open", connectionId })));
}
