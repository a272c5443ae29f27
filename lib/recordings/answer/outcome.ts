import { BytesReader, UnreadableBytes } from "./bytes";

/** First bytes of payloads that are no rows. */
export const FIRST_BYTE = { OK: 0x00, LOCAL_INFILE: 0xfb, EOF: 0xfe, ERR: 0xff } as const;
export const MORE_RESULTS = 0x8;
export const CURSOR_EXISTS = 0x40;
export const LAST_ROW_SENT = 0x80;

const EOF_LENGTH = 5;
const STATE_MARKER = 0x23;

/** An OK, or the OK or EOF that ends rows. */
export interface Ended {
  readonly affectedRows: number;
  /** In full: it may be beyond what a number holds. */
  readonly lastInsertId: string;
  readonly status: number;
  readonly warnings: number;
  readonly info: string;
}

/** Reads an OK packet, or an EOF, which is told by its length. Throws UnreadableBytes. */
export function readEnded(payload: Buffer): Ended {
  const reader = new BytesReader(payload);
  const header = reader.u8();
  if (header === FIRST_BYTE.EOF && payload.length <= EOF_LENGTH) {
    const warnings = reader.left >= 2 ? reader.u16() : 0;
    const status = reader.left >= 2 ? reader.u16() : 0;
    return { affectedRows: 0, lastInsertId: "0", status, warnings, info: "" };
  }
  const affectedRows = reader.lenenc();
  const lastInsertId = String(reader.lenencBig());
  const status = reader.u16();
  const warnings = reader.u16();
  return { affectedRows, lastInsertId, status, warnings, info: infoOf(reader.rest()) };
}

/** Servers send the text with its length in front, also to clients for which the manual says otherwise. */
function infoOf(rest: Buffer): string {
  const reader = new BytesReader(rest);
  try {
    return reader.lenencBytes().toString("utf8");
  } catch (error) {
    if (error instanceof UnreadableBytes) return rest.toString("utf8");
    throw error;
  }
}

/** An EOF packet, as it stands behind column definitions unless the client negotiated DEPRECATE_EOF; an OK is longer. */
export function isEof(payload: Buffer): boolean {
  return payload[0] === FIRST_BYTE.EOF && payload.length <= EOF_LENGTH;
}

/** What an ERR packet says. Throws UnreadableBytes. */
export function readError(payload: Buffer): {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
} {
  const reader = new BytesReader(payload);
  reader.skip(1);
  const errno = reader.u16();
  const rest = reader.rest();
  const hasState = rest[0] === STATE_MARKER && rest.length >= 6;
  return {
    errno,
    sqlState: hasState ? rest.toString("latin1", 1, 6) : "HY000",
    message: rest.toString("utf8", hasState ? 6 : 0),
  };
}
