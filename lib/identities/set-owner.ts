import { eq } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";

export const ownerChange = z.strictObject({ id: ulidText, ownerId: ulidText.nullable() });

/**
 * Records which person answers for a machine; null: nobody. The owner does not decide on what it asks for. An owner cannot give the duty
 * away alone: that would free them to decide. Throws FORBIDDEN, NOT_FOUND, CONFLICT, INVALID_INPUT.
 */
export async function setOwner(ctx: Ctx, input: z.input<typeof ownerChange>): Promise<void> {
  authorise(ctx, "identities:edit");
  const { id, ownerId } = parseInput(ownerChange, input, "The owner");
  const { actor } = ctx;
  await inTransaction(ctx.db, async (tx) => {
    const [machine] = await tx.select().from(identities).where(eq(identities.id, id)).for("update");
    if (machine === undefined) throw new SallyportError("NOT_FOUND", "There is no such identity");
    if (machine.kind !== "machine") {
      throw new SallyportError("CONFLICT", `${machine.displayName} is a person: people answer for themselves`);
    }
    if (machine.ownerId === ownerId) return;
    if (actor.kind === "person" && machine.ownerId === actor.id) {
      throw new SallyportError("CONFLICT", "You cannot hand over your own machine", {
        next: "Ask another administrator",
      });
    }
    const [owner] = ownerId === null ? [] : await tx.select().from(identities).where(eq(identities.id, ownerId));
    if (ownerId !== null && owner?.kind !== "person") {
      throw new SallyportError("INVALID_INPUT", "The owner is not a known person", {
        next: "Choose somebody who has signed in to the console",
        problems: [{ path: "ownerId", message: "choose a person who has signed in" }],
      });
    }
    await tx.update(identities).set({ ownerId }).where(eq(identities.id, id));
    await recordAudit(tx, actor, {
      action: "identity.owner_changed",
      object: { kind: "identity", id, name: machine.displayName },
      detail: { before: machine.ownerId, after: ownerId, ownerName: owner?.displayName ?? null },
    });
  });
}
