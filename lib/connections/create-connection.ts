import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";
import { publishRevision } from "@/lib/policy/publish-revision";
import { checkCaText } from "./certificate";
import { uniqueName } from "./conflicts";
import { sealCredential } from "./credential";
import { type NewConnection, newConnection } from "./input";
import { connectionFields } from "./model";
import { refuseSameAccount, restrictedColumns } from "./restricted-account";

/** Creates a connection with its sealed credential and publishes it. Nobody may use it until a policy binds someone. */
export async function createConnection(ctx: Ctx, input: NewConnection): Promise<{ id: string; name: string }> {
  authorise(ctx, "connections:edit");
  const { password, restricted, ...given } = parseInput(newConnection, input, "The connection");
  refuseSameAccount(given.user, restricted);
  if (given.ca !== undefined) {
    checkCaText(given.ca, "ca");
  }
  const fields = connectionFields.parse(given);
  const id = newId();
  const sealedPassword = sealCredential(id, password);
  return inTransaction(ctx.db, async (tx) => {
    const now = new Date();
    await uniqueName(fields.name, "name", () =>
      tx.insert(connections).values({
        ...fields,
        ca: fields.ca ?? null,
        schema: fields.schema ?? null,
        id,
        sealedPassword,
        ...restrictedColumns(id, restricted ?? null),
        createdAt: now,
        updatedAt: now,
        updatedBy: ctx.actor.name,
      }),
    );
    await recordAudit(tx, ctx.actor, {
      action: "connection.created",
      object: { kind: "connection", id, name: fields.name },
      connectionName: fields.name,
      detail: { after: { ...given, ...(restricted === undefined ? {} : { restricted: { user: restricted.user } }) } },
    });
    await publishRevision({ ...ctx, db: tx }, `Connection ${fields.name} created`);
    return { id, name: fields.name };
  });
}
