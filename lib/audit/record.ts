import type { Actor } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import type { AUDIT_RESULTS, AuditAction } from "@/lib/db/schema/audit-events";
import type { ErrorCode } from "@/lib/errors/registry";
import { newId } from "@/lib/ids";

export interface AuditInput {
  readonly action: AuditAction;
  readonly result?: (typeof AUDIT_RESULTS)[number];
  readonly object?: { readonly kind: string; readonly id: string; readonly name: string };
  readonly connectionName?: string;
  readonly code?: ErrorCode;
  readonly message?: string;
  readonly detail?: Record<string, unknown>;
}

/** The row of one audit event; pure, for writers that batch. Returns its id as `id`. */
export function auditRow(
  actor: Actor,
  input: AuditInput,
  at: Date = new Date(),
): typeof auditEvents.$inferInsert & { id: string } {
  return {
    id: newId(),
    at,
    action: input.action,
    result: input.result ?? "ok",
    actorKind: actor.kind,
    actorId: actor.kind === "system" ? null : actor.id,
    actorName: actor.name.slice(0, 255),
    objectKind: input.object?.kind ?? null,
    objectId: input.object?.id ?? null,
    objectName: input.object?.name.slice(0, 255) ?? null,
    connectionName: input.connectionName ?? null,
    address: actor.kind === "system" ? null : actor.address,
    code: input.code ?? null,
    message: input.message?.slice(0, 1000) ?? null,
    detail: input.detail ?? {},
  };
}

/** Writes one audit event in the caller's transaction and returns its id. */
export async function recordAudit(db: DbOrTx, actor: Actor, input: AuditInput): Promise<string> {
  const row = auditRow(actor, input);
  await db.insert(auditEvents).values(row);
  return row.id;
}
