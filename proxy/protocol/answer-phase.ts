import { HEADER, MAX_PAYLOAD } from "./constants";
import { EOF_BELOW } from "./eof-packet";
import { MalformedPacket } from "./malformed";

/** Which answer a command has: one OK, ERR or results; a prepared statement; rows of a cursor; column definitions only. */
export type Answer = "results" | "prepared" | "rows" | "fields";

/**
 * Why a walk came back. More: it needs more bytes. Replace: send `replacement` in place of what lies before `resumeAt`. When it inspects:
 * a block of definitions, one field of a list. When rows are rewritten: a row, or a part of one that is longer than a packet.
 */
export const STOP = { MORE: 0, DONE: 1, LIMIT: 2, REPLACE: 3, BLOCK: 4, FIELD: 5, ROW: 6, PART: 7 } as const;
export type Stop = (typeof STOP)[keyof typeof STOP];

/** Where in an answer the next packet stands. */
export const PHASE = { FIRST: 0, COLUMNS: 1, COLUMNS_EOF: 2, ROWS: 3, DEFINITIONS: 4, FIELDS: 5, DONE: 6 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

/** The phase that an answer begins in. */
export function firstPhase(answer: Answer): Phase {
  return answer === "rows" ? PHASE.ROWS : answer === "fields" ? PHASE.FIELDS : PHASE.FIRST;
}

/** Packets of a result that begin with less are rows, whatever their length. */
export const ROWS_BELOW: number = HEADER.EOF;

/**
 * Whether a packet that begins with `first` must be looked into: outcomes and headers of results, but no row and no definition. Throws
 * MalformedPacket behind the end of an answer.
 */
export function isControl(phase: Phase, first: number, length: number, deprecateEof: boolean): boolean {
  switch (phase) {
    case PHASE.FIRST:
    case PHASE.COLUMNS_EOF:
      return true;
    case PHASE.ROWS:
    case PHASE.FIELDS:
      return first === HEADER.ERR || (first === HEADER.EOF && length < (deprecateEof ? MAX_PAYLOAD : EOF_BELOW));
    case PHASE.COLUMNS:
      return first === HEADER.ERR;
    case PHASE.DEFINITIONS:
      return false;
    case PHASE.DONE:
      throw new MalformedPacket("a packet behind the end of the answer");
  }
}
