import { eq } from "drizzle-orm";
import { cancelMoved } from "@/lib/approvals/cancel";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { confirmChange } from "@/lib/impact/confirm-change";
import { widensUnseen } from "@/lib/impact/widens-unseen";
import { parseInput } from "@/lib/parse-input";
import { modeImpact } from "@/lib/policy/impact/draft";
import { publishRevision } from "@/lib/policy/publish-revision";
import { checkCaText } from "./certificate";
import { changesUnseen } from "./changes-unseen";
import { changedMeanwhile, lockConnection, uniqueName } from "./conflicts";
import { sealCredential } from "./credential";
import { differences } from "./differences";
import { type ConnectionChange, connectionChange, type EditableFields } from "./input";
import { changeRestricted, refuseSameAccount } from "./restricted-account";
import type { ConnectionView } from "./view";

/** The editable part of a stored connection, in the shape of the form and the file. */
export function editableOf(row: ConnectionView): EditableFields {
  return {
    name: row.name,
    host: row.host,
    port: row.port,
    user: row.user,
    tls: row.tls,
    ...(row.ca === null ? {} : { ca: row.ca }),
    ...(row.schema === null ? {} : { schema: row.schema }),
    limits: row.limits,
    approvals: row.approvals,
    recording: row.recording,
    mode: row.mode,
  };
}

/** Whether the stored password would go to another server or account: then it has to be given again. */
export function needsPassword(before: Pick<EditableFields, "host" | "port" | "user">, after: typeof before): boolean {
  return before.host !== after.host || before.port !== after.port || before.user !== after.user;
}

/**
 * Changes a connection and publishes it. Open sessions end within a second when address, user or TLS changed, else they stay; new ones use the new values.
 * CONFLICT when someone changed it since `version`, INVALID_INPUT at `confirmation` when it is to observe only, or what it may let through
 * is in no impact, and that has to be confirmed in words. Returns the new version, or the old one when nothing differs.
 */
export async function updateConnection(ctx: Ctx, input: ConnectionChange): Promise<{ version: number }> {
  authorise(ctx, "connections:edit");
  const parsed = parseInput(connectionChange, input, "The connection");
  const { id, version, fields: given, password, restricted, confirmation } = parsed;
  if (given.ca !== undefined) {
    checkCaText(given.ca, "fields.ca");
  }
  return inTransaction(ctx.db, async (tx) => {
    const row = await lockConnection(tx, id);
    if (row.version !== version) {
      throw changedMeanwhile(`the connection ${row.name}`, row);
    }
    const fields = {
      ...given,
      approvals: given.approvals ?? row.approvals,
      recording: given.recording ?? row.recording,
      mode: given.mode ?? row.mode,
    };
    const before = editableOf(row);
    if (password === undefined && needsPassword(before, fields)) {
      const message = "give the password again: the stored one goes only to the server and account it was stored for";
      throw new SallyportError("INVALID_INPUT", "Host, port or user changed without a password", {
        next: "Type the password of the account at the new address",
        problems: [{ path: "password", message }],
      });
    }
    const { restrictedUser, columns } = changeRestricted(id, row, fields, restricted);
    refuseSameAccount(fields.user, restrictedUser === null ? null : { user: restrictedUser });
    const detail = differences(
      { ...before, restricted: { user: row.restrictedUser } },
      { ...fields, restricted: { user: restrictedUser } },
    );
    if (detail.length === 0 && password === undefined && columns === null) {
      return { version };
    }
    const changesMode = fields.mode !== row.mode;
    const after = { schema: fields.schema, restrictedUser };
    const unseen = changesUnseen(row, after) && (await widensUnseen(tx, row));
    const confirmed = await confirmChange(
      { ...ctx, db: tx },
      {
        draft: modeImpact(row.name, changesMode ? fields.mode : undefined),
        onlyNarrows: !unseen && (!changesMode || fields.mode === "enforce"),
        unseen,
        typed: confirmation,
      },
    );
    const change = {
      ...fields,
      ca: fields.ca ?? null,
      schema: fields.schema ?? null,
      version: version + 1,
      updatedAt: new Date(),
      updatedBy: ctx.actor.name,
      ...(password === undefined ? {} : { sealedPassword: sealCredential(id, password) }),
      ...columns,
    };
    await uniqueName(fields.name, "fields.name", () =>
      tx.update(connections).set(change).where(eq(connections.id, id)),
    );
    await cancelMoved({ ...ctx, db: tx }, id, row, fields);
    const object = { kind: "connection", id, name: fields.name };
    await recordAudit(tx, ctx.actor, {
      action: "connection.updated",
      object,
      connectionName: fields.name,
      detail: { changes: detail, ...confirmed },
    });
    if (password !== undefined) {
      await recordAudit(tx, ctx.actor, { action: "credential.rotated", object, connectionName: fields.name });
    }
    if (columns !== null && restrictedUser !== null) {
      const event = { action: "restricted_credential.rotated", object, connectionName: fields.name } as const;
      await recordAudit(tx, ctx.actor, event);
    }
    await publishRevision({ ...ctx, db: tx }, `Connection ${fields.name} changed`);
    return { version: version + 1 };
  });
}
