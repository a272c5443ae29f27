import { and, eq, or, type SQL } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { boundedScan } from "@/lib/db/bounded-scan";
import { decodeCursor, type Page, readPage, type Scan } from "@/lib/db/keyset";
import { containsText } from "@/lib/db/like";
import { approvals, identities } from "@/lib/db/schema";
import { timeRangeBounds } from "@/lib/db/time-range";
import { instantOfId } from "@/lib/db/ulid-bounds";
import { parseInput } from "@/lib/parse-input";
import { type ApprovalFilter, approvalFilter } from "./filter";
import { owners, rowColumns } from "./row-columns";

export const APPROVAL_PAGE_SIZE = 50;
/** How many requests one page of a search without an index looks at. */
export const APPROVAL_SEARCH_WINDOW = 10_000;

interface Plan {
  readonly index: string;
  readonly driving: SQL | undefined;
  readonly residual: readonly SQL[];
}

/** The narrowest condition drives through its index; the others are checked row by row. */
function planApprovals(filter: ApprovalFilter): Plan {
  const [first, ...others] = [
    { index: "approvals_decided_by", when: filter.decidedBy && eq(approvals.decidedById, filter.decidedBy) },
    { index: "approvals_template", when: filter.template && eq(approvals.templateHash, filter.template) },
    { index: "approvals_identity", when: filter.identity && eq(approvals.identityId, filter.identity) },
    { index: "approvals_connection_name", when: filter.connection && eq(approvals.connectionName, filter.connection) },
    { index: "approvals_state", when: filter.state && eq(approvals.state, filter.state) },
  ].flatMap(({ index, when }) => (when ? [{ index, when }] : []));
  const { q } = filter;
  const searched = [
    approvals.sql,
    approvals.reason,
    approvals.decisionNote,
    approvals.purpose,
    approvals.ruleName,
    approvals.decidedByName,
    identities.displayName,
  ];
  const text = q === undefined ? undefined : or(...searched.map((column) => containsText(column, q)));
  const residual = [...others.map((one) => one.when), ...(text === undefined ? [] : [text])];
  return { index: first?.index ?? "PRIMARY", driving: first?.when, residual };
}

async function readRows(db: Ctx["db"], index: string, where: SQL | undefined, orderBy: SQL, limit: number) {
  return db
    .select(rowColumns)
    .from(approvals, { forceIndex: index })
    .leftJoin(identities, eq(identities.id, approvals.identityId))
    .leftJoin(owners, eq(owners.id, identities.ownerId))
    .where(where)
    .orderBy(orderBy)
    .limit(limit);
}

/** One request as the history shows it. */
export type ApprovalListRow = Awaited<ReturnType<typeof readRows>>[number];

/** A page of the history. `searchedTo` is set when the search stopped at that time without having filled the page. */
export interface ApprovalPage extends Page<ApprovalListRow> {
  readonly searchedTo: Date | null;
}

async function scanApprovals(db: Ctx["db"], filter: ApprovalFilter, scan: Scan, limit: number, window: number) {
  const plan = planApprovals(filter);
  const range = [plan.driving, scan.from, ...timeRangeBounds(approvals.id, filter, new Date())];
  const read = (until: SQL | undefined) =>
    readRows(db, plan.index, and(...range, until, ...plan.residual), scan.orderBy, limit);
  if (plan.residual.length === 0) return { rows: await read(undefined), stoppedAt: null };
  const edge = async (offset: number) => {
    const [row] = await db
      .select({ id: approvals.id })
      .from(approvals, { forceIndex: plan.index })
      .where(and(...range))
      .orderBy(scan.orderBy)
      .limit(1)
      .offset(offset);
    return row?.id ?? null;
  };
  return boundedScan(scan, approvals.id, window, edge, read, limit);
}

export interface ListApprovals {
  readonly filter: ApprovalFilter;
  readonly cursor?: string | null;
  readonly size?: number;
  readonly window?: number;
}

/** The history: requests of any state that meet the filter, newest first. Throws FORBIDDEN, INVALID_INPUT. */
export async function listApprovals(ctx: Ctx, input: ListApprovals): Promise<ApprovalPage> {
  authorise(ctx, "approvals:view");
  const filter = parseInput(approvalFilter, input.filter, "The filter");
  let stoppedAt: string | null = null;
  const page = await readPage(
    {
      id: approvals.id,
      order: "newest",
      cursor: decodeCursor(input.cursor),
      size: input.size ?? APPROVAL_PAGE_SIZE,
    },
    async (scan, limit) => {
      const read = await scanApprovals(ctx.db, filter, scan, limit, input.window ?? APPROVAL_SEARCH_WINDOW);
      stoppedAt = read.stoppedAt;
      return read;
    },
  );
  return { ...page, searchedTo: stoppedAt === null ? null : instantOfId(stoppedAt) };
}
