import { and, eq, gte, inArray, lt, max, ne, sum } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { connectionName } from "@/lib/connections/model";
import { namesOfNamed } from "@/lib/connections/names-of";
import type { Ctx } from "@/lib/ctx";
import { identities, statementMinutes, statementPeriods } from "@/lib/db/schema";
import { parseInput } from "@/lib/parse-input";
import { SELF_TEST_ISSUER } from "@/lib/self-test/marked-identity";
import { type CountSource, HOUR_MS, MINUTE_MS, piecesOf } from "@/lib/statements/count-pieces";

const seenInput = z
  .strictObject({ connection: connectionName, since: z.date(), until: z.date() })
  .refine(({ since, until }) => since < until, { path: ["until"], message: "must be after the beginning" });
export type SeenInput = z.output<typeof seenInput>;

/** Somebody who sent statements in a period. */
export interface SeenIdentity {
  readonly id: string;
  readonly name: string;
  readonly kind: "machine" | "person";
  readonly statements: number;
  /** To the minute, hour or day that the counting is of. */
  readonly lastAt: Date;
}

/**
 * Who sent statements on a connection in a period, newest first, self-tests apart, counted by whole minutes from sums that are written with
 * the record. The sums know names only: they are those of each name that the connection has had, whoever else had it. Throws FORBIDDEN,
 * INVALID_INPUT.
 */
export async function listSeen(ctx: Ctx, input: SeenInput): Promise<readonly SeenIdentity[]> {
  authorise(ctx, "analyses:view");
  const { connection, since, until } = parseInput(seenInput, input, "The period");
  const from = Math.floor(since.getTime() / MINUTE_MS) * MINUTE_MS;
  const to = Math.ceil(until.getTime() / MINUTE_MS) * MINUTE_MS;
  const coarsest: CountSource = to - from > 48 * HOUR_MS ? "day" : to - from > 6 * HOUR_MS ? "hour" : "minute";
  const names = await namesOfNamed(ctx.db, connection);
  const totals = new Map<string, { statements: number; lastAt: Date }>();
  for (const piece of piecesOf(from, to, coarsest)) {
    for (const { id, statements, lastAt } of await countPiece(ctx, names, piece)) {
      const total = totals.get(id) ?? { statements: 0, lastAt };
      total.statements += statements;
      if (lastAt > total.lastAt) total.lastAt = lastAt;
      totals.set(id, total);
    }
  }
  if (totals.size === 0) return [];
  const rows = await ctx.db
    .select({ id: identities.id, name: identities.displayName, kind: identities.kind })
    .from(identities)
    .where(and(inArray(identities.id, [...totals.keys()]), ne(identities.issuer, SELF_TEST_ISSUER)));
  return rows
    .flatMap((row) => {
      const total = totals.get(row.id);
      return total === undefined ? [] : [{ ...row, ...total }];
    })
    .sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime() || b.statements - a.statements);
}

async function countPiece(
  { db }: Ctx,
  names: readonly string[],
  piece: ReturnType<typeof piecesOf>[number],
): Promise<readonly { readonly id: string; readonly statements: number; readonly lastAt: Date }[]> {
  const table = piece.source === "minute" ? statementMinutes : statementPeriods;
  const start = piece.source === "minute" ? statementMinutes.minute : statementPeriods.start;
  const rows = await db
    .select({ id: table.identityId, statements: sum(table.statements), lastAt: max(start) })
    .from(table)
    .where(
      and(
        piece.source === "minute" ? undefined : eq(statementPeriods.grain, piece.source),
        gte(start, new Date(piece.from)),
        lt(start, new Date(piece.to)),
        inArray(table.connectionName, [...names]),
      ),
    )
    .groupBy(table.identityId);
  return rows.map(({ id, statements, lastAt }) => ({
    id,
    statements: Number(statements),
    lastAt: lastAt ?? new Date(piece.from),
  }));
}
