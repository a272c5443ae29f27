import type { ReadBatch } from "../spool/reader";
import { decodeBody, type JsonRecordKind, type RecordBodies, SESSION_ID_BYTES } from "../spool/records";

interface Where {
  readonly sequence: number;
  readonly segment: number;
}
export interface FrameRecord extends Where {
  readonly kind: "frame";
  readonly sessionId: string;
  /** Head and all; a view. */
  readonly frame: Buffer;
}
type JsonRecord = {
  readonly [K in JsonRecordKind]: Where & { readonly kind: K; readonly body: RecordBodies[K] };
}[JsonRecordKind];
export type DecodedRecord = FrameRecord | JsonRecord;

/** The records of a batch, from the one numbered `from` on; of what is before, the frames only. `unreadable` counts those that are none. */
export function decodeBatch(
  batch: ReadBatch,
  from: number,
): { readonly records: DecodedRecord[]; readonly unreadable: number } {
  const records: DecodedRecord[] = [];
  let unreadable = 0;
  batch.records.forEach(({ kind, body }, index) => {
    const where = { sequence: batch.firstSequence + index, segment: batch.segment };
    if (kind === "frame") {
      const sessionId = body.toString("latin1", 0, SESSION_ID_BYTES);
      records.push({ ...where, kind, sessionId, frame: body.subarray(SESSION_ID_BYTES) });
      return;
    }
    if (where.sequence < from) return;
    const record = decodeJson(where, kind, body);
    if (record === null) unreadable += 1;
    else records.push(record);
  });
  return { records, unreadable };
}

function decodeJson(where: Where, kind: JsonRecordKind, body: Buffer): DecodedRecord | null {
  try {
    // The kind and the body belong together, which TypeScript does not follow through a variable kind.
    const record = { ...where, kind, body: decodeBody(kind, body.toString("utf8")) } as JsonRecord;
    return hasItsTime(record) ? record : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function hasItsTime(record: JsonRecord): boolean {
  switch (record.kind) {
    case "session_start":
      return isTime(record.body.startedAt);
    case "session_end":
      return isTime(record.body.endedAt);
    case "statement_ended":
      return true;
    default:
      return isTime(record.body.at);
  }
}

function isTime(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
