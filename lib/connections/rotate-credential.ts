import { eq } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { lockConnection } from "./conflicts";
import { sealCredential, sealRestrictedCredential } from "./credential";
import { password } from "./input";

export const credentialRotation = z.strictObject({
  id: z.ulid(),
  password,
  account: z.enum(["main", "restricted"]).default("main"),
});

/** Replaces the stored password of one of the connection's accounts. New sessions log in with it; open sessions stay. The old one is gone at once. */
export async function rotateCredential(
  ctx: Ctx,
  input: z.input<typeof credentialRotation>,
): Promise<{ version: number }> {
  authorise(ctx, "connections:edit");
  const given = parseInput(credentialRotation, input, "The credential");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockConnection(tx, given.id);
    const version = row.version + 1;
    const main = given.account === "main";
    if (!main && row.restrictedUser === null) {
      throw new SallyportError("INVALID_INPUT", `${row.name} has no restricted account`, {
        next: "Change the connection and give one",
        problems: [{ path: "account", message: "there is no restricted account" }],
      });
    }
    await tx
      .update(connections)
      .set({
        ...(main
          ? { sealedPassword: sealCredential(row.id, given.password) }
          : { sealedRestrictedPassword: sealRestrictedCredential(row.id, given.password) }),
        version,
        updatedAt: new Date(),
        updatedBy: ctx.actor.name,
      })
      .where(eq(connections.id, row.id));
    await recordAudit(tx, ctx.actor, {
      action: main ? "credential.rotated" : "restricted_credential.rotated",
      object: { kind: "connection", id: row.id, name: row.name },
      connectionName: row.name,
    });
    await publishRevision(
      { ...ctx, db: tx },
      `${main ? "Credential" : "Restricted credential"} of ${row.name} replaced`,
    );
    return { version };
  });
}
