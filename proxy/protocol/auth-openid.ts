import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { lenencString } from "./packet-writer";

/** The one packet of authentication_openid_connect_client: capability byte 1, string<lenenc> ID token (MySQL 9.1+). */
export function writeOpenidToken(token: string): Buffer {
  return Buffer.concat([Buffer.of(1), lenencString(Buffer.from(token, "latin1"))]);
}

export function readOpenidToken(payload: Buffer): string {
  const reader = new PacketReader(payload, "OpenID Connect token");
  if (reader.u8("capability") !== 1) {
    throw new MalformedPacket("OpenID Connect token: unknown capability");
  }
  return reader.lenencBytes("token").toString("latin1");
}
