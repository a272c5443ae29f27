import { createHash } from "node:crypto";
import type { auditEvents, recordingChunks, statements } from "@/lib/db/schema";

/** Where a row stands in a chain is no part of what it says. */
type Hint = "chainBatch";
type AuditRow = Omit<typeof auditEvents.$inferSelect, Hint | "chainId">;
type StatementRow = Omit<typeof statements.$inferSelect, Hint>;
type ChunkRow = Omit<typeof recordingChunks.$inferSelect, "data" | "expiredAt" | Hint>;

/** Fields in the order in which they are digested. A new field goes into a new version, so that old rows keep their digests. */
const AUDIT_1 = [
  "id",
  "at",
  "action",
  "result",
  "actorKind",
  "actorId",
  "actorName",
  "objectKind",
  "objectId",
  "objectName",
  "connectionName",
  "address",
  "code",
  "message",
  "detail",
] as const satisfies readonly (keyof AuditRow)[];
const STATEMENT_1 = [
  "id",
  "sessionId",
  "identityId",
  "connectionId",
  "connectionName",
  "sequence",
  "at",
  "command",
  "state",
  "waitedUs",
  "defaultSchema",
  "sql",
  "sqlBytes",
  "sqlCut",
  "durationUs",
  "rowCount",
  "affectedRows",
  "resultBytes",
  "errorNumber",
  "errorMessage",
  "statementClass",
  "templateHash",
  "effect",
  "policyName",
  "ruleName",
  "decisionReason",
  "approvalId",
  "masking",
  "maskedRows",
] as const satisfies readonly (keyof StatementRow)[];
const STATEMENT_2 = [...STATEMENT_1, "parameters"] as const satisfies readonly (keyof StatementRow)[];
const CHUNK_1 = [
  "id",
  "sessionId",
  "connectionName",
  "number",
  "codec",
  "frames",
  "firstStatementId",
  "lastStatementId",
  "firstUs",
  "lastUs",
  "lastSequence",
  "rawBytes",
  "storedBytes",
  "sha256",
  "at",
] as const satisfies readonly (keyof ChunkRow)[];

/** Same keys in the same order, whatever the store did to a JSON document. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return typeof value === "string" ? value.toWellFormed() : value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function canonical(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return value.toWellFormed();
    case "number":
    case "boolean":
      return value;
    default:
      if (value == null) return null;
      return value instanceof Date ? value.getTime() : sorted(value);
  }
}

function digest<K extends string>(version: string, fields: readonly K[], row: Readonly<Record<K, unknown>>): Buffer {
  const values: unknown[] = [version];
  for (const field of fields) values.push(canonical(row[field]));
  return createHash("sha256").update(JSON.stringify(values)).digest();
}

/** SHA-256 of a row as the store gives it back; every field that a reader could rely on is in it. */
export function auditDigest(row: AuditRow): Buffer {
  return digest("audit-1", AUDIT_1, row);
}

/** Of a finished statement; one that runs is in no chain yet. */
export function statementDigest(row: StatementRow): Buffer {
  return row.parameters === null ? digest("statement-1", STATEMENT_1, row) : digest("statement-2", STATEMENT_2, row);
}

/** Of a chunk's head, which has the hash of its bytes: it stays true when retention removes them. */
export function chunkDigest(row: ChunkRow): Buffer {
  return digest("chunk-1", CHUNK_1, row);
}
