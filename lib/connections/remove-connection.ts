import { and, asc, count, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { cancelApprovals } from "@/lib/approvals/cancel";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, policies, sessions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { lockMasks } from "@/lib/masks/lock-mask";
import { deleteMasks } from "@/lib/masks/write-masks";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { lockConnection } from "./conflicts";

export const connectionRemoval = z.strictObject({ id: z.ulid(), typedName: z.string() });

/**
 * Deletes a connection, its credentials, its masks and the policies that bind to it. Gateways end its open sessions on their next look at the feed;
 * sessions, statements and audit events stay. The name has to be typed.
 */
export async function removeConnection(
  ctx: Ctx,
  input: z.input<typeof connectionRemoval>,
): Promise<{ name: string; openSessions: number; policies: string[] }> {
  authorise(ctx, "connections:edit");
  const { id, typedName } = parseInput(connectionRemoval, input, "The request");
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockConnection(tx, id);
    if (typedName !== row.name) {
      throw new SallyportError("INVALID_INPUT", "The typed name is not the connection's name", {
        next: `Type ${row.name} to delete this connection`,
        problems: [{ path: "typedName", message: `type ${row.name}` }],
      });
    }
    const bound = await tx
      .select({ id: policies.id, name: policies.name, identities: policies.identities })
      .from(policies)
      .where(eq(policies.connectionId, id))
      .orderBy(asc(policies.name))
      .for("update");
    const [live] = await tx
      .select({ open: count() })
      .from(sessions)
      .where(and(eq(sessions.connectionId, id), isNull(sessions.endedAt)));
    const openSessions = live?.open ?? 0;
    const masked = [...(await lockMasks(tx, id)).values()];
    await deleteMasks({ ...ctx, db: tx }, row.name, masked, { why: `deleted with the connection ${row.name}` });
    await cancelApprovals({ ...ctx, db: tx }, { connection: id }, `The connection ${row.name} was deleted`);
    await tx.delete(policies).where(eq(policies.connectionId, id));
    await tx.delete(connections).where(eq(connections.id, id));
    for (const policy of bound) {
      await recordAudit(tx, ctx.actor, {
        action: "policy.deleted",
        object: { kind: "policy", id: policy.id, name: policy.name },
        connectionName: row.name,
        message: `deleted with the connection ${row.name}`,
        detail: { before: { identities: policy.identities } },
      });
    }
    await recordAudit(tx, ctx.actor, {
      action: "connection.deleted",
      object: { kind: "connection", id, name: row.name },
      connectionName: row.name,
      detail: { before: { host: row.host, port: row.port, user: row.user, tls: row.tls }, openSessions },
    });
    await publishRevision({ ...ctx, db: tx }, `Connection ${row.name} deleted`);
    return { name: row.name, openSessions, policies: bound.map((policy) => policy.name) };
  });
}
