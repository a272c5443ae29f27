import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { boundedScan } from "@/lib/db/bounded-scan";
import { decodeCursor, type Page, readPage, type Scan } from "@/lib/db/keyset";
import { containsText, escapeLike } from "@/lib/db/like";
import { auditEvents } from "@/lib/db/schema";
import { AUDIT_ACTIONS } from "@/lib/db/schema/audit-events";
import { timeRangeBounds } from "@/lib/db/time-range";
import { instantOfId } from "@/lib/db/ulid-bounds";
import type { AuditFilter } from "./filter";

export const AUDIT_PAGE_SIZE = 50;
/** How many events one page of a search without an index looks at. */
export const AUDIT_SEARCH_WINDOW = 20_000;

export type AuditEvent = typeof auditEvents.$inferSelect;

/** A page of events. `searchedTo` is set when the search stopped at that time without having filled the page. */
export interface AuditPage extends Page<AuditEvent> {
  readonly searchedTo: Date | null;
}

interface Plan {
  readonly index: string;
  readonly driving: SQL | undefined;
  readonly residual: readonly SQL[];
}

/** The narrowest condition drives through its index; the others are checked row by row. */
function planAudit(filter: AuditFilter): Plan {
  const indexed = [
    { index: "audit_events_object", when: filter.object && eq(auditEvents.objectId, filter.object) },
    { index: "audit_events_actor", when: filter.actor && eq(auditEvents.actorId, filter.actor) },
    { index: "audit_events_connection", when: filter.connection && eq(auditEvents.connectionName, filter.connection) },
    { index: "audit_events_action", when: filter.action && eq(auditEvents.action, filter.action) },
  ].flatMap(({ index, when }) => (when ? [{ index, when }] : []));
  const [first, ...others] = indexed;
  const rest = [
    ...others.map((one) => one.when),
    filter.group && inArray(auditEvents.action, actionsOf(filter.group)),
    filter.objectKind && eq(auditEvents.objectKind, filter.objectKind),
    filter.address && sql`${auditEvents.address} LIKE ${`${escapeLike(filter.address)}%`} ESCAPE '!'`,
    filter.result && eq(auditEvents.result, filter.result),
    filter.q &&
      or(
        ...[
          auditEvents.actorName,
          auditEvents.objectName,
          auditEvents.message,
          auditEvents.code,
          auditEvents.address,
        ].map((column) => containsText(column, filter.q ?? "")),
      ),
  ].flatMap((condition) => (condition ? [condition] : []));
  return { index: first?.index ?? "PRIMARY", driving: first?.when, residual: rest };
}

const actionsOf = (group: string) => AUDIT_ACTIONS.filter((action) => action.startsWith(`${group}.`));

async function scanAudit(db: Ctx["db"], filter: AuditFilter, scan: Scan, limit: number, now: Date, window: number) {
  const plan = planAudit(filter);
  const range = [plan.driving, scan.from, ...timeRangeBounds(auditEvents.id, filter, now)];
  const read = (until: SQL | undefined) =>
    db
      .select()
      .from(auditEvents, { forceIndex: plan.index })
      .where(and(...range, until, ...plan.residual))
      .orderBy(scan.orderBy)
      .limit(limit);
  if (plan.residual.length === 0) {
    return { rows: await read(undefined), stoppedAt: null };
  }
  const edge = async (offset: number) => {
    const [row] = await db
      .select({ id: auditEvents.id })
      .from(auditEvents, { forceIndex: plan.index })
      .where(and(...range))
      .orderBy(scan.orderBy)
      .limit(1)
      .offset(offset);
    return row?.id ?? null;
  };
  return boundedScan(scan, auditEvents.id, window, edge, read, limit);
}

export interface ListAudit {
  readonly filter: AuditFilter;
  readonly cursor?: string | null;
  readonly size?: number;
  readonly now?: Date;
  readonly window?: number;
}

/** Events that meet the filter, newest first. Throws FORBIDDEN, and INVALID_INPUT for a cursor that no list made. */
export async function listAudit(ctx: Ctx, input: ListAudit): Promise<AuditPage> {
  authorise(ctx, "audit:view");
  let stoppedAt: string | null = null;
  const page = await readPage(
    { id: auditEvents.id, order: "newest", cursor: decodeCursor(input.cursor), size: input.size ?? AUDIT_PAGE_SIZE },
    async (scan, limit) => {
      const read = await scanAudit(
        ctx.db,
        input.filter,
        scan,
        limit,
        input.now ?? new Date(),
        input.window ?? AUDIT_SEARCH_WINDOW,
      );
      stoppedAt = read.stoppedAt;
      return read;
    },
  );
  return { ...page, searchedTo: stoppedAt === null ? null : instantOfId(stoppedAt) };
}
