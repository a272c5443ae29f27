import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/client";
import { gateways, identities, recordingChunks, sessions, statements } from "@/lib/db/schema";
import { TYPE } from "@/lib/masking/column-types";
import { CHUNK_RAW_BYTES } from "@/lib/recordings/chunk";
import type { Frame } from "@/lib/recordings/frame";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import { err, ok, packets, resultSet, textRow } from "./answer-bytes";
import { chunkRow } from "./recorded-session";
import { insertGateway, insertIdentity, insertSession, insertStatements, statementRow } from "./rows";

export interface LongRecording {
  readonly sessionId: string;
  /** In the order of the session. */
  readonly statementIds: readonly string[];
  readonly rawBytes: number;
}

/** Whose sessions they are. */
const AGENT = "long-agent";
const WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "inlet", "juniper"];
const INSERT_ROWS = 500;

/**
 * Writes an ended session of `statements` statements, whose frames come to about `bytes` bytes: mostly results of text, every tenth
 * statement an UPDATE, every hundredth an error. The same seed gives the same contents. The value `needle-<sequence>` is in the result of every
 * thousandth statement.
 */
export async function insertLongRecording(
  db: Db,
  {
    statements: count,
    bytes,
    seed = 1,
  }: { readonly statements: number; readonly bytes: number; readonly seed?: number },
): Promise<LongRecording> {
  const random = seededRandom(seed);
  const identityId = await insertIdentity(db, AGENT);
  const gatewayId = await insertGateway(db);
  const startedAt = new Date(Date.now() - 3 * 60 * 60 * 1000);
  const sessionId = await insertSession(db, {
    gatewayId,
    identityId,
    startedAt,
    endedAt: new Date(startedAt.getTime() + count * 500),
    endReason: "client_quit",
    statementCount: count,
    recordedResults: "full",
  });
  const perStatement = bytes / count / 0.89;
  const statementIds: string[] = [];
  let rows: ReturnType<typeof statementRow>[] = [];
  let frames: Frame[] = [];
  let held = 0;
  let number = 0;
  let rawBytes = 0;
  const writeChunk = async () => {
    if (frames.length === 0) return;
    number += 1;
    const row = await chunkRow(sessionId, number, frames);
    rawBytes += row.rawBytes;
    await db.insert(recordingChunks).values(row);
    frames = [];
    held = 0;
  };
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const offsetMs = sequence * 400;
    const kind = sequence % 100 === 0 ? "error" : sequence % 10 === 0 ? "update" : "select";
    const made = madeAnswer(kind, sequence, perStatement, random);
    const row = statementRow({
      ...{ sessionId, identityId, sequence, at: new Date(startedAt.getTime() + offsetMs), waitedUs: 900 },
      sql: made.sql,
      durationUs: 20_000,
      rowCount: made.rows,
      affectedRows: kind === "update" ? 1 : 0,
      resultBytes: made.bytes.length,
      statementClass: kind === "update" ? "update" : "select",
      effect: "allow",
      ...{ policyName: "agents", ruleName: "read orders", decisionReason: "Reads orders only" },
      ...(kind === "error" ? { errorNumber: 1064, errorMessage: "You have an error in your SQL syntax" } : {}),
    });
    statementIds.push(row.id);
    rows.push(row);
    if (rows.length === INSERT_ROWS) {
      await insertStatements(db, rows);
      rows = [];
    }
    for (let at = 0; at < made.bytes.length; at += 64 * 1024) {
      const part = made.bytes.subarray(at, at + 64 * 1024);
      frames.push({ kind: "response", statementId: row.id, atUs: offsetMs * 1000 + 1000 + at / 16, bytes: part });
      held += part.length;
      if (held >= CHUNK_RAW_BYTES) await writeChunk();
    }
  }
  await writeChunk();
  if (rows.length > 0) await insertStatements(db, rows);
  return { sessionId, statementIds, rawBytes };
}

/** Takes all of them out of a store that others use too. */
export async function removeLongRecordings(db: Db): Promise<void> {
  const agents = await db.select({ id: identities.id }).from(identities).where(eq(identities.clientId, AGENT));
  for (const { id } of agents) {
    const own = await db.select().from(sessions).where(eq(sessions.identityId, id));
    for (const session of own) {
      await db.delete(recordingChunks).where(eq(recordingChunks.sessionId, session.id));
      await db.delete(sessions).where(eq(sessions.id, session.id));
      await db.delete(gateways).where(eq(gateways.id, session.gatewayId));
    }
    await db.delete(statements).where(eq(statements.identityId, id));
    await db.delete(identities).where(eq(identities.id, id));
  }
}

function madeAnswer(kind: "error" | "update" | "select", sequence: number, bytes: number, random: () => number) {
  if (kind === "error") {
    return { sql: "SELEC 1", rows: 0, bytes: packets(err(1064, "You have an error in your SQL syntax")) };
  }
  if (kind === "update") {
    const sql = `UPDATE orders SET status = 'paid' WHERE id = ${sequence}`;
    return { sql, rows: 0, bytes: packets(ok({ affected: 1 })) };
  }
  const columns = [
    { name: "id", type: TYPE.LONGLONG, collation: 63 },
    { name: "customer" },
    { name: "note" },
    { name: "placed_at", type: TYPE.DATETIME, collation: 63 },
  ];
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "";
  const rows: Buffer[] = [];
  for (let size = 300; size < bytes || rows.length === 0; size += rows.at(-1)?.length ?? 0) {
    const note = sequence % 1000 === 1 && rows.length === 0 ? `needle-${sequence}` : `${word()} ${word()} ${random()}`;
    rows.push(textRow([String(sequence * 1000 + rows.length), `${word()} ${word()}`, note, "2026-01-02 03:04:05"]));
  }
  const sql = `SELECT id, customer, note, placed_at FROM orders WHERE customer_id = ${sequence} ORDER BY id LIMIT ${rows.length}`;
  return { sql, rows: rows.length, bytes: packets(...resultSet(columns, rows, true)) };
}
