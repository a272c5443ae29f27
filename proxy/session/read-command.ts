import { COMMAND } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";
import type { CurrentStatement } from "./current-statement";
import { isBlank, type KillRequest, readKill } from "./kill-statement";
import type { PreparedStatements } from "./prepared-statements";
import { recordedSql } from "./statement-log";

/** Runs upstream; is a KILL of the gateway's own; cannot be told apart from one; or names a statement that nobody prepared. */
export type CommandReading = "relay" | "unknown_statement" | "not_understood" | KillRequest;

const CURSOR_FLAGS_AT = 4;

/** The statement id that follows the command byte, or -1 when the packet is too short. */
export function statementId(bytes: Buffer, at: number, end: number): number {
  const body = at + FRAME_HEADER + 1;
  return end - body >= 4 ? bytes.readUInt32LE(body) : -1;
}

/**
 * Reads what the gateway must know of a command that goes upstream, into `current`. `bytes[at, end)` is its first packet as far
 * as it is here, `length` the payload's length.
 */
export function readCommand(
  current: CurrentStatement,
  prepared: PreparedStatements,
  bytes: Buffer,
  at: number,
  end: number,
  length: number,
): CommandReading {
  const body = at + FRAME_HEADER + 1;
  switch (current.code) {
    case COMMAND.QUERY:
    case COMMAND.STMT_PREPARE: {
      current.sql = recordedSql(bytes, body, end, length - 1);
      const text = bytes.subarray(body, end);
      const kill = readKill(text);
      if (kill === null) {
        // A text that begins with more blanks than are looked at may go on with anything.
        const cut = end - at - FRAME_HEADER < length;
        return cut && isBlank(text) ? "not_understood" : "relay";
      }
      return kill === "refused" || current.code === COMMAND.STMT_PREPARE ? "not_understood" : kill;
    }
    case COMMAND.INIT_DB:
    case COMMAND.FIELD_LIST: {
      const nul = bytes.subarray(body, end).indexOf(0);
      current.sql = recordedSql(bytes, body, nul < 0 ? end : body + nul, nul < 0 ? length - 1 : nul);
      return "relay";
    }
    case COMMAND.STMT_EXECUTE:
    case COMMAND.STMT_FETCH:
    case COMMAND.STMT_RESET: {
      const known = prepared.get(statementId(bytes, at, end));
      if (known === null) {
        return "unknown_statement";
      }
      current.prepared = known;
      current.sql = known.sql;
      current.cursor = current.code === COMMAND.STMT_EXECUTE && (bytes[body + CURSOR_FLAGS_AT] ?? 0) !== 0;
      if (current.code !== COMMAND.STMT_FETCH) {
        known.cursorRows = 0;
        known.cursorBytes = 0;
      }
      return "relay";
    }
    default:
      return "relay";
  }
}
