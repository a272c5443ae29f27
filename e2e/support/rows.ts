import type { Actor, Ctx, Role } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { connections, gateways, identities, sessions, statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { newId } from "@/lib/ids";

/** Rows of history for tests of the read side, as the gateway would have written them. */

/** A context that acts as a person with these roles. */
export function ctxOf(db: Db, ...roles: Role[]): Ctx {
  const actor: Actor = { kind: "person", id: newId(), name: "Test Person", roles, address: null };
  return { actor, requestId: newId(), db };
}

let serial = 0;
/** An id made at this instant; later calls for the same instant sort later. */
export function idAt(instant: Date): string {
  serial += 1;
  return firstIdAt(instant).slice(0, 10) + serial.toString().padStart(16, "0");
}

export async function insertGateway(db: Db, values: Partial<typeof gateways.$inferInsert> = {}): Promise<string> {
  const id = newId();
  const now = new Date();
  await db.insert(gateways).values({
    id,
    hostname: "gateway-1",
    pid: 1,
    address: "127.0.0.1:3307",
    version: "0.1.0",
    startedAt: now,
    heartbeatAt: now,
    ...values,
  });
  return id;
}

export async function insertIdentity(db: Db, displayName: string): Promise<string> {
  const id = newId();
  const now = new Date();
  await db.insert(identities).values({
    id,
    issuer: "https://idp.example",
    subject: id,
    kind: "machine",
    clientId: displayName,
    displayName,
    groups: [],
    firstSeenAt: now,
    lastSeenAt: now,
  });
  return id;
}

/** A connection whose upstream nobody reaches. */
export async function insertConnection(
  db: Db,
  values: Partial<typeof connections.$inferInsert> & { readonly name: string },
): Promise<string> {
  const id = newId();
  const now = new Date();
  await db.insert(connections).values({
    id,
    host: "127.0.0.1",
    port: 3306,
    user: "app",
    sealedPassword: "v1.x.y",
    tls: "preferred",
    mode: "enforce",
    limits: {},
    approvals: { hold_seconds: 45, expires_minutes: 60, required: 1, reviewers: [] },
    recording: { results: "full", max_result_bytes: 0, retention_days: 1 },
    catalogue: { refresh_seconds: 30 },
    createdAt: now,
    updatedAt: now,
    updatedBy: "test",
    ...values,
  });
  return id;
}

type SessionInput = Partial<typeof sessions.$inferInsert> & { gatewayId: string; identityId: string };
export async function insertSession(db: Db, values: SessionInput): Promise<string> {
  const startedAt = values.startedAt ?? new Date();
  const id = values.id ?? idAt(startedAt);
  await db.insert(sessions).values({
    connectionName: "shop",
    wireId: 7,
    clientAddress: "127.0.0.1",
    clientProgram: "mysql2 3.24.6",
    authMethod: "caching_sha2_password",
    tlsVersion: "TLSv1.3",
    tokenExpiresAt: new Date(startedAt.getTime() + 600_000),
    startedAt,
    ...values,
    id,
  });
  return id;
}

/** A statement's row; the id carries `at`. */
export function statementRow(
  values: Partial<typeof statements.$inferInsert> & { sessionId: string; identityId: string },
): typeof statements.$inferInsert & { id: string } {
  const at = values.at ?? new Date();
  const text = values.sql ?? "SELECT 1";
  return {
    connectionId: "0".repeat(26),
    connectionName: "shop",
    sequence: 1,
    command: "query",
    sqlBytes: Buffer.byteLength(text),
    durationUs: 1_000,
    rowCount: 1,
    affectedRows: 0,
    resultBytes: 64,
    ...values,
    id: values.id ?? idAt(at),
    at,
    sql: text,
  };
}

export async function insertStatements(db: Db, rows: readonly (typeof statements.$inferInsert)[]): Promise<void> {
  await db.insert(statements).values([...rows]);
}
