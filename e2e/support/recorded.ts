import { createHash } from "node:crypto";
import { auditRow } from "@/lib/audit/record";
import { appendBatch, type ChainHead, openChain } from "@/lib/chain/append";
import { auditDigest, chunkDigest, statementDigest } from "@/lib/chain/digest";
import type { ChainItem, SpoolProgress } from "@/lib/chain/items";
import type { ChainKind, Witness } from "@/lib/chain/model";
import type { Db } from "@/lib/db/client";
import { auditEvents, gateways, recordingChunks, sessions, statements } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { insertSomebody } from "./approvals";
import { testSigner } from "./store";

export type StatementRow = typeof statements.$inferSelect;
export type ChunkRow = typeof recordingChunks.$inferSelect;
type AuditRow = typeof auditEvents.$inferSelect;

/** A finished statement as a gateway records it. */
export function statementRow(sessionId: string, sequence: number, changes: Partial<StatementRow> = {}): StatementRow {
  return {
    id: newId(),
    sessionId,
    identityId: "AGENT000000000000000000000",
    connectionId: "CONNECTION0000000000000000",
    connectionName: "shop",
    sequence,
    at: new Date(),
    command: "query",
    state: "done",
    waitedUs: 120,
    defaultSchema: "shop",
    sql: `SELECT id, total FROM orders WHERE id = ${sequence}`,
    sqlBytes: 44,
    sqlCut: false,
    durationUs: 900,
    rowCount: 1,
    affectedRows: 0,
    resultBytes: 96,
    errorNumber: null,
    errorMessage: null,
    statementClass: "select",
    templateHash: createHash("sha256").update("orders").digest("hex"),
    effect: "allow",
    policyName: "orders-agent",
    ruleName: "read orders",
    decisionReason: "the rule allows select on shop.orders",
    approvalId: null,
    masking: null,
    maskedRows: 0,
    parameters: null,
    chainBatch: null,
    ...changes,
  };
}

export function chunkRow(sessionId: string, number: number, changes: Partial<ChunkRow> = {}): ChunkRow {
  const data = Buffer.from(`frames ${number} of ${sessionId}`);
  return {
    id: newId(),
    sessionId,
    connectionName: "shop",
    number,
    codec: "brotli",
    frames: 4,
    firstStatementId: null,
    lastStatementId: null,
    firstUs: 0,
    lastUs: 1000,
    lastSequence: number,
    rawBytes: 100,
    storedBytes: data.length,
    sha256: createHash("sha256").update(data).digest("hex"),
    at: new Date(),
    data,
    expiredAt: null,
    chainBatch: null,
    ...changes,
  };
}

/** What goes to the store with one batch. */
export interface Written {
  readonly statements?: readonly StatementRow[];
  readonly chunks?: readonly ChunkRow[];
  readonly events?: readonly AuditRow[];
}

/** Writes a chain as the shipper does: rows and their batch in one transaction. */
export class ChainWriter {
  head: ChainHead;
  readonly #db: Db;

  private constructor(db: Db, head: ChainHead) {
    this.#db = db;
    this.head = head;
  }

  static async open(db: Db, kind: ChainKind = "gateway", id: string = newId()): Promise<ChainWriter> {
    return new ChainWriter(db, await openChain(db, testSigner, id, kind, `${kind} of a test`));
  }

  get witness(): Witness {
    return { chain: this.head.chainId, number: this.head.number, hash: this.head.hash };
  }

  async write(
    rows: Written,
    options: {
      readonly witnesses?: readonly Witness[];
      readonly final?: boolean;
      readonly note?: string;
      readonly at?: Date;
      readonly spool?: SpoolProgress;
    } = {},
  ): Promise<void> {
    const batch = { chainBatch: this.head.number + 1 };
    const { statements: ran = [], chunks = [], events = [] } = rows;
    const items: ChainItem[] = [
      ...ran.map((row) => ({ kind: "statement" as const, id: row.id, digest: statementDigest(row) })),
      ...chunks.map((row) => ({ kind: "recording_chunk" as const, id: row.id, digest: chunkDigest(row) })),
      ...events.map((row) => ({ kind: "audit_event" as const, id: row.id, digest: auditDigest(row) })),
    ];
    this.head = await inTransaction(this.#db, async (tx) => {
      if (ran.length > 0) await tx.insert(statements).values(ran.map((row) => ({ ...row, ...batch })));
      if (chunks.length > 0) await tx.insert(recordingChunks).values(chunks.map((row) => ({ ...row, ...batch })));
      if (events.length > 0) {
        const chainId = this.head.chainId;
        await tx.insert(auditEvents).values(events.map((row) => ({ ...row, ...batch, chainId })));
      }
      return appendBatch(tx, testSigner, this.head, items, { at: new Date(), ...options });
    });
  }
}

/** A gateway's row, an identity's and a session's, for what needs them. */
export async function insertSession(db: Db, gatewayId: string, sessionId: string): Promise<void> {
  const now = new Date();
  const identityId = await insertSomebody(db, "orders-agent", "machine", []);
  await db.insert(gateways).ignore().values({
    id: gatewayId,
    hostname: "test",
    pid: 1,
    address: "127.0.0.1:3307",
    version: "test",
    startedAt: now,
    heartbeatAt: now,
  });
  await db.insert(sessions).values({
    id: sessionId,
    gatewayId,
    identityId,
    connectionName: "shop",
    wireId: 1,
    clientAddress: "192.0.2.9",
    authMethod: "caching_sha2_password",
    tlsVersion: "TLSv1.3",
    tokenExpiresAt: now,
    startedAt: now,
  });
}

/** The event with which a session ends. */
export function endedEvent(session: string, statementCount: number): AuditRow {
  return auditRow(
    { kind: "machine", id: newId(), name: "orders-agent", address: "192.0.2.9" },
    {
      action: "session.ended",
      object: { kind: "session", id: session, name: "session 1" },
      connectionName: "shop",
      detail: { session, reason: "client_quit", statementCount },
    },
  );
}

export function retentionEvent(connection: string, before: Date): AuditRow {
  return auditRow(
    { kind: "system", name: "retention" },
    { action: "retention.applied", connectionName: connection, detail: { connection, before: before.toISOString() } },
  );
}
