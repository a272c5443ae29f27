import { SallyportError } from "@/lib/errors/error";
import { mysqlError } from "@/lib/errors/mysql";
import { HEADER } from "../protocol/constants";
import { EOF_BELOW } from "../protocol/eof-packet";
import type { ErrPacket } from "../protocol/err-packet";
import { FRAME_HEADER, payloadLength } from "../protocol/frame";

/** What common numbers mean, in words that hold for every statement. */
const MEANINGS: ReadonlyMap<number, string> = new Map([
  [1048, "a column cannot be NULL"],
  [1062, "duplicate key"],
  [1064, "syntax error"],
  [1146, "no such table"],
  [1205, "lock wait timeout"],
  [1213, "deadlock"],
  [1264, "a number is out of range"],
  [1292, "a value does not fit its type"],
  [1317, "interrupted"],
  [1366, "a value does not fit its column"],
  [1406, "data too long"],
  [1451, "a foreign key still refers to the row"],
  [1452, "a foreign key refers to no row"],
  [1690, "a number is out of range"],
  [1969, "time limit exceeded"],
  [3024, "time limit exceeded"],
]);

/** The server's error with a text that quotes nothing. `event`: of the statement's record, empty when it has none. */
export function scrubbedError({ errno, sqlState }: ErrPacket, event: string): ErrPacket {
  const meaning = MEANINGS.get(errno);
  const what = new SallyportError(
    "MASK_UNSAFE",
    `The statement failed at the server with error ${errno}${meaning === undefined ? "" : `, ${meaning}`}`,
    { next: "Its text could show masked values, so it is not shown" },
  );
  return { errno, sqlState, message: mysqlError(what, event === "" ? {} : { event }).message };
}

const WARNINGS_IN_PREPARE_OK = FRAME_HEADER + 10;
const WARNINGS_IN_EOF = FRAME_HEADER + 1;

/** Sets the counts of warnings in an answer to COM_STMT_PREPARE, which is all of `bytes[from, to)`, to 0. */
export function scrubPrepared(bytes: Buffer, from: number, to: number): void {
  bytes.writeUInt16LE(0, from + WARNINGS_IN_PREPARE_OK);
  for (let at = from; at < to; at += FRAME_HEADER + payloadLength(bytes, at)) {
    if (bytes[at + FRAME_HEADER] === HEADER.EOF && payloadLength(bytes, at) < EOF_BELOW) {
      bytes.writeUInt16LE(0, at + WARNINGS_IN_EOF);
    }
  }
}
