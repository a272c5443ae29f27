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
const TIMES_OF = {
  session_start: ["tokenExpiresAt", "startedAt"],
  statement_began: ["at"],
  statement_ended: [],
  statement: ["at"],
  session_end: ["endedAt"],
  audit: ["at"],
  template: ["at"],
} as const satisfies { readonly [K in JsonRecordKind]: readonly (keyof RecordBodies[K])[] };

/** A record's body as JSON, with times as numbers. */
export function encodeBody<K extends JsonRecordKind>(kind: K, body: RecordBodies[K]): string {
  const plain: Record<string, unknown> = { ...body };
  for (const key of TIMES_OF[kind]) {
    const time = plain[key];
    if (time instanceof Date) plain[key] = time.getTime();
  }
  return JSON.stringify(plain);
}

/** What `encodeBody` was given. Throws SyntaxError on what is no JSON. */
export function decodeBody<K extends JsonRecordKind>(kind: K, text: string): RecordBodies[K] {
  const plain = JSON.parse(text) as Record<string, unknown>;
  for (const key of TIMES_OF[kind]) {
    const time = plain[key];
    if (typeof time === "number") plain[key] = new Date(time);
  }
  // The spool's chain says that these bytes are what encodeBody made.
  return plain as unknown as RecordBodies[K];
}

/** A frame's record: the session's id (26 bytes), then the frame (lib/recordings/frame). */
export const SESSION_ID_BYTES = 26;
