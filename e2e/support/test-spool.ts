import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditRow } from "@/lib/audit/record";
import type { Db } from "@/lib/db/client";
import { gateways } from "@/lib/db/schema";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { FRAME_HEAD_BYTES, type FrameKind, writeFrameHead } from "@/lib/recordings/frame";
import {
  BATCH_HEAD_BYTES,
  RECORD_HEAD_BYTES,
  RECORD_KINDS,
  type RecordKind,
  sealBatch,
  spoolGenesis,
} from "@/proxy/recorder/spool/format";
import { writeOwner } from "@/proxy/recorder/spool/owner";
import { SharedPosition } from "@/proxy/recorder/spool/position";
import { encodeBody, type JsonRecordKind, type RecordBodies } from "@/proxy/recorder/spool/records";
import { segmentPath } from "@/proxy/recorder/spool/segment-files";
import { writeStart } from "@/proxy/recorder/spool/trim";
import type { SessionStart, StatementBegan, StatementEnded, StatementRecord } from "@/proxy/session/ports";

export interface TestRecord {
  readonly kind: RecordKind;
  readonly body: Buffer;
}

export function record<K extends JsonRecordKind>(kind: K, body: RecordBodies[K]): TestRecord {
  return { kind, body: Buffer.from(encodeBody(kind, body)) };
}

export function frameBytes(kind: FrameKind, statementId: string | null, atUs: number, bytes: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_HEAD_BYTES + bytes.length);
  bytes.copy(frame, writeFrameHead(frame, 0, kind, statementId, atUs));
  return frame;
}

export function frameRecord(sessionId: string, frame: Buffer): TestRecord {
  return { kind: "frame", body: Buffer.concat([Buffer.from(sessionId, "latin1"), frame]) };
}

/** A spool's files, written as a gateway writes them, batch by batch. */
export class TestSpool {
  readonly root: string;
  readonly gatewayId: string;
  readonly directory: string;
  readonly position = new SharedPosition();
  #previous: Buffer;

  constructor(gatewayId: string, root: string = mkdtempSync(join(tmpdir(), "sallyport-spool-"))) {
    this.root = root;
    this.gatewayId = gatewayId;
    this.directory = join(root, gatewayId);
    this.#previous = spoolGenesis(gatewayId);
    mkdirSync(this.directory);
    writeOwner(this.directory);
    writeStart(this.directory, gatewayId);
  }

  /** Its writer is a process that is gone; with `adopted`, so is one that adopted it. */
  die(adopted = false): void {
    const path = join(this.directory, "owner-1.json");
    const gone = JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), pid: 2 ** 22 + 1, startTicks: "1" });
    writeFileSync(path, gone);
    if (adopted) writeFileSync(join(this.directory, "owner-2.json"), gone);
  }

  write(records: readonly TestRecord[]): void {
    const parts = records.map(({ kind, body }) => {
      const head = Buffer.alloc(RECORD_HEAD_BYTES);
      head[0] = RECORD_KINDS[kind];
      head.writeUInt32LE(body.length, 1);
      return Buffer.concat([head, body]);
    });
    const bytes = Buffer.concat([Buffer.alloc(BATCH_HEAD_BYTES), ...parts]);
    const { written, nextRecord } = this.position;
    this.#previous = Buffer.from(sealBatch(bytes, bytes.length, nextRecord, this.#previous));
    appendFileSync(segmentPath(this.directory, written.segment), bytes);
    this.position.advance(written.segment, written.offset + bytes.length, nextRecord + records.length);
  }

  rotate(): void {
    const { written, nextRecord } = this.position;
    appendFileSync(segmentPath(this.directory, written.segment), Buffer.alloc(1000));
    this.position.advance(written.segment + 1, 0, nextRecord);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A gateway's row and an identity, which records refer to. */
export async function prepareStore(db: Db): Promise<{ gatewayId: string; identityId: string }> {
  const now = new Date();
  const gatewayId = newId();
  await db
    .insert(gateways)
    .values({ id: gatewayId, hostname: "h", pid: 1, address: "a", version: "v", startedAt: now, heartbeatAt: now });
  const identity = await upsertIdentity(db, {
    issuer: "i",
    subject: "s",
    kind: "machine",
    clientId: "c",
    email: null,
    name: "c",
    groups: [],
  });
  return { gatewayId, identityId: identity.id };
}

export function sessionStart(identityId: string, changes: Partial<SessionStart> = {}): SessionStart {
  return {
    id: newId(),
    identityId,
    connectionId: null,
    connectionName: "shop",
    wireId: 1,
    clientAddress: "127.0.0.1",
    clientProgram: "test",
    authMethod: "caching_sha2_password",
    tlsVersion: "TLSv1.3",
    tokenExpiresAt: new Date(),
    startedAt: new Date(),
    ...changes,
  };
}

export function statementRow(
  session: SessionStart,
  sequence: number,
  changes: Partial<StatementRecord> = {},
): StatementRecord {
  return {
    id: newId(),
    sessionId: session.id,
    identityId: session.identityId,
    connectionId: newId(),
    connectionName: "shop",
    sequence,
    at: new Date(),
    command: "query",
    defaultSchema: "shop",
    sql: `SELECT '\\'; DROP TABLE statements; -- ' /* ${sequence} \u{1F980} */`,
    sqlBytes: 20,
    durationUs: 1500,
    rowCount: 1,
    affectedRows: 0,
    resultBytes: 64,
    ...changes,
  };
}

/** The same statement in two records: what is known before it goes upstream, and its outcome. */
export function inTwo(row: StatementRecord): readonly [TestRecord, TestRecord] {
  const { durationUs, rowCount, affectedRows, resultBytes, errorNumber, errorMessage, maskedRows, ...began } = row;
  const first: StatementBegan = { ...began, waitedUs: row.waitedUs ?? 5 };
  const outcome: StatementEnded = {
    id: row.id,
    sessionId: row.sessionId,
    durationUs,
    rowCount,
    affectedRows,
    resultBytes,
    errorNumber,
    errorMessage,
    maskedRows,
  };
  return [record("statement_began", first), record("statement_ended", outcome)];
}

export function sessionEnd(session: SessionStart, statementCount: number): RecordBodies["session_end"] {
  return {
    id: session.id,
    endedAt: new Date(),
    reason: "client_quit",
    statementCount,
    errorCount: 0,
    bytesIn: 10,
    bytesOut: 20,
  };
}

export function someAudit(message: string, detail: Record<string, unknown> = {}): RecordBodies["audit"] {
  return auditRow(
    { kind: "system", name: "t" },
    { action: "login.accepted", object: { kind: "session", id: newId(), name: "s" }, message, detail },
  );
}
