import { HEADER } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { u16 } from "./packet-writer";

/** A command or login failed (MySQL manual, Protocol::ERR_Packet). */
export interface ErrPacket {
  readonly errno: number;
  /** Five characters; before the client has logged in servers may leave it out, then HY000. */
  readonly sqlState: string;
  readonly message: string;
}

const MARKER = 0x23;

export function readErr(payload: Buffer): ErrPacket {
  const reader = new PacketReader(payload, "ERR");
  if (reader.u8("header") !== HEADER.ERR) {
    throw new MalformedPacket("ERR: another header");
  }
  const errno = reader.u16("error number");
  const rest = reader.rest();
  const hasState = rest[0] === MARKER && rest.length >= 6;
  return {
    errno,
    sqlState: hasState ? rest.toString("latin1", 1, 6) : "HY000",
    message: rest.toString("utf8", hasState ? 6 : 0),
  };
}

export function writeErr(error: ErrPacket): Buffer {
  return Buffer.concat([
    Buffer.of(HEADER.ERR),
    u16(error.errno),
    Buffer.from(`#${error.sqlState}`, "latin1"),
    Buffer.from(error.message, "utf8"),
  ]);
}
