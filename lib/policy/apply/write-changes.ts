import { eq } from "drizzle-orm";
import { cancelApprovals, cancelMoved } from "@/lib/approvals/cancel";
import { recordAudit } from "@/lib/audit/record";
import { sealCredential } from "@/lib/connections/credential";
import { differences } from "@/lib/connections/differences";
import { restrictedColumns } from "@/lib/connections/restricted-account";
import type { Ctx } from "@/lib/ctx";
import { connections, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { deleteMasks, insertMask, replaceMask } from "@/lib/masks/write-masks";
import { columnsOf, contentOf } from "../policy-columns";
import type { Change } from "./plan";
import { changedFields } from "./plan-connections";

type ChangeOf<K extends Change["kind"]> = Extract<Change, { kind: K }>;

/** Writes the changes and their audit events, in order. `ctx.db` is the transaction; publishing is the caller's. */
export async function writeChanges(ctx: Ctx, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    switch (change.kind) {
      case "create connection":
        await createConnectionRow(ctx, change);
        break;
      case "update connection":
        await updateConnectionRow(ctx, change);
        break;
      case "delete connection":
        await deleteConnectionRow(ctx, change);
        break;
      case "create mask": {
        const { connection: name, content } = change;
        await insertMask(ctx, { id: await connectionIdOf(ctx, name), name }, content);
        break;
      }
      case "update mask":
        await replaceMask(ctx, change.connection, change.row, change.content);
        break;
      case "delete mask":
        await deleteMasks(ctx, change.connection, [change.row]);
        break;
      case "create policy":
        await createPolicyRow(ctx, change);
        break;
      case "update policy":
        await updatePolicyRow(ctx, change);
        break;
      case "delete policy":
        await deletePolicyRow(ctx, change);
        break;
      default:
        return change satisfies never;
    }
  }
}

const stamp = (ctx: Ctx) => ({ updatedAt: new Date(), updatedBy: ctx.actor.name.slice(0, 255) });

async function createConnectionRow(ctx: Ctx, change: ChangeOf<"create connection">): Promise<void> {
  const { values, password, restrictedPassword } = change;
  const id = newId();
  const credentials = {
    sealedPassword: sealCredential(id, password),
    ...restrictedColumns(id, accountOf(values.restrictedUser, restrictedPassword)),
  };
  await ctx.db.insert(connections).values({ ...values, ...credentials, id, createdAt: new Date(), ...stamp(ctx) });
  await recordAudit(ctx.db, ctx.actor, {
    action: "connection.created",
    object: { kind: "connection", id, name: values.name },
    connectionName: values.name,
    detail: { after: values },
  });
}

async function updateConnectionRow(ctx: Ctx, change: ChangeOf<"update connection">): Promise<void> {
  const { row, values, password, restrictedPassword } = change;
  const account = accountOf(values.restrictedUser, restrictedPassword);
  const credential = {
    ...(password === null ? {} : { sealedPassword: sealCredential(row.id, password) }),
    ...(account === null && values.restrictedUser !== null ? {} : restrictedColumns(row.id, account)),
  };
  await ctx.db
    .update(connections)
    .set({ ...values, ...credential, version: row.version + 1, ...stamp(ctx) })
    .where(eq(connections.id, row.id));
  await cancelMoved(ctx, row.id, row, values);
  const object = { kind: "connection", id: row.id, name: values.name };
  const changes = changedFields(row, values);
  if (changes.length > 0) {
    const event = { action: "connection.updated", object, connectionName: values.name, detail: { changes } } as const;
    await recordAudit(ctx.db, ctx.actor, event);
  }
  if (password !== null) {
    await recordAudit(ctx.db, ctx.actor, { action: "credential.rotated", object, connectionName: values.name });
  }
  if (restrictedPassword !== null) {
    const event = { action: "restricted_credential.rotated", object, connectionName: values.name } as const;
    await recordAudit(ctx.db, ctx.actor, event);
  }
}

const accountOf = (user: string | null, password: string | null) =>
  user === null || password === null ? null : { user, password };

async function deleteConnectionRow(ctx: Ctx, { row }: ChangeOf<"delete connection">): Promise<void> {
  await cancelApprovals(ctx, { connection: row.id }, `The connection ${row.name} was deleted`);
  await ctx.db.delete(connections).where(eq(connections.id, row.id));
  const { host, port, user, tls } = row;
  await recordAudit(ctx.db, ctx.actor, {
    action: "connection.deleted",
    object: { kind: "connection", id: row.id, name: row.name },
    connectionName: row.name,
    detail: { before: { host, port, user, tls } },
  });
}

async function createPolicyRow(ctx: Ctx, { name, connection, content }: ChangeOf<"create policy">): Promise<void> {
  const id = newId();
  const connectionId = await connectionIdOf(ctx, connection);
  const columns = { id, name, connectionId, ...columnsOf(content), createdAt: new Date(), ...stamp(ctx) };
  await ctx.db.insert(policies).values(columns);
  await recordAudit(ctx.db, ctx.actor, {
    action: "policy.created",
    object: { kind: "policy", id, name },
    connectionName: connection,
    detail: { after: content },
  });
}

async function updatePolicyRow(ctx: Ctx, change: ChangeOf<"update policy">): Promise<void> {
  const { row, connection, connectionBefore, before, content } = change;
  const connectionId = await connectionIdOf(ctx, connection);
  await ctx.db
    .update(policies)
    .set({ connectionId, ...columnsOf(content), version: row.version + 1, ...stamp(ctx) })
    .where(eq(policies.id, row.id));
  await recordAudit(ctx.db, ctx.actor, {
    action: "policy.updated",
    object: { kind: "policy", id: row.id, name: row.name },
    connectionName: connection,
    detail: {
      changes: differences({ connection: connectionBefore, ...before }, { connection, ...content }),
    },
  });
}

async function deletePolicyRow(ctx: Ctx, { row, connection }: ChangeOf<"delete policy">): Promise<void> {
  await ctx.db.delete(policies).where(eq(policies.id, row.id));
  await recordAudit(ctx.db, ctx.actor, {
    action: "policy.deleted",
    object: { kind: "policy", id: row.id, name: row.name },
    connectionName: connection,
    detail: { before: contentOf(row) },
  });
}

async function connectionIdOf(ctx: Ctx, name: string): Promise<string> {
  const [row] = await ctx.db.select({ id: connections.id }).from(connections).where(eq(connections.name, name));
  if (row === undefined) {
    throw new SallyportError("INTERNAL", `The connection ${name} vanished while the file was applied`);
  }
  return row.id;
}
