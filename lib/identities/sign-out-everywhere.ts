import { eq, sql } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";

/** Ends every console session of an identity: cookies of the old session version are refused. One's own needs no role. Throws NOT_FOUND. */
export async function signOutEverywhere(ctx: Ctx, input: { readonly id: string }): Promise<void> {
  if (ctx.actor.kind !== "person" || ctx.actor.id !== input.id) {
    authorise(ctx, "identities:edit");
  }
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .update(identities)
      .set({ sessionVersion: sql`${identities.sessionVersion} + 1` })
      .where(eq(identities.id, input.id));
    const [row] = await tx.select().from(identities).where(eq(identities.id, input.id));
    if (row === undefined) {
      throw new SallyportError("NOT_FOUND", "There is no such identity");
    }
    await recordAudit(tx, ctx.actor, {
      action: "identity.signed_out_everywhere",
      object: { kind: "identity", id: row.id, name: row.displayName },
    });
  });
}
