import { and, asc, eq, gt, inArray, lt, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { approvals, approvalViewers } from "@/lib/db/schema";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { LOOKING_SECONDS } from "./looking";
import { STORE_CLOCK } from "./transition";

const KEPT_SECONDS = 3600;

export const lookInput = z.strictObject({ id: ulidText });

/** Notes that the person has this request open. Call it again every LOOKING_SECONDS / 2. Throws FORBIDDEN, NOT_FOUND. */
export async function lookAt(ctx: Ctx, input: z.input<typeof lookInput>): Promise<void> {
  authorise(ctx, "approvals:view");
  const { id } = parseInput(lookInput, input, "The request");
  const { actor } = ctx;
  if (actor.kind !== "person") return;
  const known = await ctx.db.$count(approvals, eq(approvals.id, id));
  if (known === 0) throw new SallyportError("NOT_FOUND", "There is no such approval", { next: "Go back to the list" });
  const name = actor.name.slice(0, 255);
  await ctx.db
    .insert(approvalViewers)
    .values({ approvalId: id, identityId: actor.id, name, seenAt: STORE_CLOCK })
    .onDuplicateKeyUpdate({ set: { name, seenAt: STORE_CLOCK } });
  await ctx.db.delete(approvalViewers).where(lt(approvalViewers.seenAt, ago(KEPT_SECONDS)));
}

/** The names of others who look at these requests now, by request. */
export async function lookersAt(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  if (ids.length === 0) return new Map();
  const self = ctx.actor.kind === "person" ? ctx.actor.id : "";
  const rows = await ctx.db
    .select({ id: approvalViewers.approvalId, name: approvalViewers.name })
    .from(approvalViewers)
    .where(
      and(
        inArray(approvalViewers.approvalId, [...ids]),
        gt(approvalViewers.seenAt, ago(LOOKING_SECONDS)),
        ne(approvalViewers.identityId, self),
      ),
    )
    .orderBy(asc(approvalViewers.name));
  const lookers = new Map<string, string[]>();
  for (const { id, name } of rows) lookers.set(id, [...(lookers.get(id) ?? []), name]);
  return lookers;
}

const ago = (seconds: number) => sql`${STORE_CLOCK} - INTERVAL ${sql.raw(String(seconds))} SECOND`;
