import type {
  AuditRow,
  SessionEnd,
  SessionStart,
  StatementBegan,
  StatementEnded,
  StatementRecord,
  TemplateFacts,
} from "../../session/ports";
import type { RecordKind } from "./format";

/** Bodies of the records that are JSON; times are epoch milliseconds there. */
export interface RecordBodies {
  readonly session_start: SessionStart;
  readonly statement_began: StatementBegan;
  readonly statement_ended: StatementEnded;
  readonly statement: StatementRecord;
  readonly session_end: SessionEnd;
  readonly audit: AuditRow;
  readonly template: TemplateFacts;
}
export type JsonRecordKind = Exclude<RecordKind, "frame"> & keyof RecordBodies;

/** Fields that hold times. */
const TIMES: ReadonlySet<string> = new Set(["at", "tokenExpiresAt", "startedAt", "endedAt"]);

/** A record's body as JSON, with times as numbers. */
export function encodeBody<K extends JsonRecordKind>(_kind: K, body: RecordBodies[K]): string {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    plain[key] = value instanceof Date ? value.getTime() : value;
  }
  return JSON.stringify(plain);
}

/** What `encodeBody` was given. Throws SyntaxError on what is no JSON. */
export function decodeBody<K extends JsonRecordKind>(_kind: K, text: string): RecordBodies[K] {
  const plain = JSON.parse(text) as Record<string, unknown>;
  for (const key of Object.keys(plain)) {
    const value = plain[key];
    if (TIMES.has(key) && typeof value === "number") plain[key] = new Date(value);
  }
  // The spool's chain says that these bytes are what encodeBody made.
  return plain as unknown as RecordBodies[K];
}

/** A frame's record: the session's id (26 bytes), then the frame (lib/recordings/frame). */
export const SESSION_ID_BYTES = 26;
