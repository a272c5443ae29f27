import { COMMAND } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";
import type { CurrentStatement } from "./current-statement";
import type { PreparedStatements } from "./prepared-statements";
import { recordedSql } from "./statement-log";

const CURSOR_FLAGS_AT = 4;

/** The statement id that follows the command byte, or -1 when the packet is too short. */
export function statementId(bytes: Buffer, at: number, end: number): number {
  const body = at + FRAME_HEADER + 1;
  return end - body >= 4 ? bytes.readUInt32LE(body) : -1;
}

/** The parameter that COM_STMT_SEND_LONG_DATA is for, or -1. */
export function longDataParameter(bytes: Buffer, at: number, end: number): number {
  const body = at + FRAME_HEADER + 5;
  return end - body >= 2 ? bytes.readUInt16LE(body) : -1;
}

/**
 * Reads what is recorded of a command into `current`. `bytes[at, end)` is the command as far as it is here, `length` the payload's
 * length. False when it names a statement that nobody prepared.
 */
export function readCommand(
  current: CurrentStatement,
  prepared: PreparedStatements,
  bytes: Buffer,
  at: number,
  end: number,
  length: number,
): boolean {
  const body = at + FRAME_HEADER + 1;
  switch (current.code) {
    case COMMAND.QUERY:
    case COMMAND.STMT_PREPARE:
    case COMMAND.INIT_DB:
      current.sql = recordedSql(bytes, body, end, length - 1);
      return true;
    case COMMAND.FIELD_LIST: {
      const nul = bytes.subarray(body, end).indexOf(0);
      current.sql = recordedSql(bytes, body, nul < 0 ? end : body + nul, nul < 0 ? length - 1 : nul);
      return true;
    }
    case COMMAND.STMT_EXECUTE:
    case COMMAND.STMT_FETCH:
    case COMMAND.STMT_RESET: {
      const known = prepared.get(statementId(bytes, at, end));
      if (known === null) {
        return false;
      }
      current.prepared = known;
      current.sql = known.sql;
      current.schema = known.schema;
      current.cursor = current.code === COMMAND.STMT_EXECUTE && (bytes[body + CURSOR_FLAGS_AT] ?? 0) !== 0;
      if (current.code !== COMMAND.STMT_FETCH) {
        known.cursorRows = 0;
        known.cursorBytes = 0;
      }
      return true;
    }
    default:
      return true;
  }
}
