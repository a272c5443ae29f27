import { asc, desc, eq, gt, lt } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { revisions } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";

export const REVISION_PAGE_SIZE = 50;

/** A revision without its document. */
export interface RevisionView {
  readonly number: number;
  readonly summary: string;
  readonly authorId: string | null;
  readonly authorName: string;
  readonly createdAt: Date;
}

export interface Revision extends RevisionView {
  /** The configuration file as YAML, without secrets. */
  readonly document: string;
}

export interface RevisionPage {
  /** Newest first. */
  readonly rows: readonly RevisionView[];
  /** `before` of the page of older ones, null when there are none. */
  readonly older: number | null;
  /** `after` of the page of newer ones, null when there are none. */
  readonly newer: number | null;
}

const revisionNumber = z.int().min(1).max(2_147_483_647);

export const revisionList = z.strictObject({
  /** Only revisions older than this one. */
  before: revisionNumber.optional(),
  /** Only the oldest of those newer than this one. */
  after: revisionNumber.optional(),
  size: z.int().min(1).max(200).default(REVISION_PAGE_SIZE),
});

const light = {
  number: revisions.number,
  summary: revisions.summary,
  authorId: revisions.authorId,
  authorName: revisions.authorName,
  createdAt: revisions.createdAt,
};

/** A page of the published revisions, newest first. */
export async function listRevisions(ctx: Ctx, input: z.input<typeof revisionList> = {}): Promise<RevisionPage> {
  authorise(ctx, "policies:view");
  const { before, after, size } = parseInput(revisionList, input, "The page");
  const all = ctx.db.select(light).from(revisions);
  if (after !== undefined) {
    const found = await all
      .where(gt(revisions.number, after))
      .orderBy(asc(revisions.number))
      .limit(size + 1);
    const rows = found.slice(0, size).toReversed();
    return { rows, older: rows.at(-1)?.number ?? null, newer: found.length > size ? (rows[0]?.number ?? null) : null };
  }
  const found = await all
    .where(before === undefined ? undefined : lt(revisions.number, before))
    .orderBy(desc(revisions.number))
    .limit(size + 1);
  const rows = found.slice(0, size);
  return {
    rows,
    older: found.length > size ? (rows.at(-1)?.number ?? null) : null,
    newer: before === undefined ? null : (rows[0]?.number ?? before - 1),
  };
}

/** One revision with its document; NOT_FOUND when it was never published. */
export async function getRevision(ctx: Ctx, number: number): Promise<Revision> {
  authorise(ctx, "policies:view");
  return readRevision(ctx.db, parseInput(revisionNumber, number, "The number"));
}

/** For verbs that have authorised themselves. */
export async function readRevision(db: DbOrTx, number: number): Promise<Revision> {
  const [row] = await db.select().from(revisions).where(eq(revisions.number, number));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no revision ${number}`, {
      next: "Choose one from the history",
    });
  }
  return row;
}
