import { HEADER } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { u16 } from "./packet-writer";

/** Ends column definitions and rows where DEPRECATE_EOF is not in effect (MySQL manual, Protocol::EOF_Packet). */
export interface EofPacket {
  readonly warnings: number;
  readonly status: number;
}

/** An EOF packet is shorter than this; longer ones with the same first byte are rows. */
export const EOF_BELOW = 9;

export function readEof(payload: Buffer): EofPacket {
  const reader = new PacketReader(payload, "EOF");
  if (reader.u8("header") !== HEADER.EOF) {
    throw new MalformedPacket("EOF: another header");
  }
  return { warnings: reader.u16("warnings"), status: reader.u16("status") };
}

export function writeEof(eof: EofPacket): Buffer {
  return Buffer.concat([Buffer.of(HEADER.EOF), u16(eof.warnings), u16(eof.status)]);
}
