import { auditDigest } from "@/lib/chain/digest";
import { writeInProcessChain } from "@/lib/chain/process-chain";
import type { Actor } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import type { AUDIT_RESULTS, AuditAction } from "@/lib/db/schema/audit-events";
import { beforeCommit, inTransaction } from "@/lib/db/transaction";
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

/** An event whole, as the store gives it back; `chainId` and `chainBatch` are null until a chain has it. */
export type AuditRow = typeof auditEvents.$inferSelect;

/** The row of one audit event; pure, for writers that batch. */
export function auditRow(actor: Actor, input: AuditInput, at: Date = new Date()): AuditRow {
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
    // As the store will give it back: its digest has to be the same then.
    detail: JSON.parse(JSON.stringify(input.detail ?? {})),
    chainId: null,
    chainBatch: null,
  };
}

/** Writes one audit event in the caller's transaction and returns its id. See recordAuditRows. */
export async function recordAudit(db: DbOrTx, actor: Actor, input: AuditInput): Promise<string> {
  const row = auditRow(actor, input);
  await recordAuditRows(db, [row]);
  return row.id;
}

const waiting = new WeakMap<DbOrTx, AuditRow[]>();

/**
 * Writes audit events together with a signed batch of this process's chain: at the end of the caller's transaction, all of its events in
 * one batch; without a transaction, in one of their own. Fails, and with it the transaction, when this process has no key to sign with.
 */
export async function recordAuditRows(db: DbOrTx, rows: readonly AuditRow[]): Promise<void> {
  await inTransaction(db, async (tx) => {
    const others = waiting.get(tx);
    if (others !== undefined) {
      others.push(...rows);
      return;
    }
    const all = [...rows];
    const writeAll = async () => {
      waiting.delete(tx);
      await writeChained(tx, all);
    };
    if (beforeCommit(tx, writeAll)) waiting.set(tx, all);
    else await writeAll();
  });
}

async function writeChained(tx: DbOrTx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  const items = rows.map((row) => ({ kind: "audit_event", id: row.id, digest: auditDigest(row) }) as const);
  await writeInProcessChain(tx, items, async (chainId, chainBatch) => {
    await tx.insert(auditEvents).values(rows.map((row) => ({ ...row, chainId, chainBatch })));
  });
}
