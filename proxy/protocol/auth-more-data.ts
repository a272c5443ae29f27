import { HEADER } from "./constants";
import { MalformedPacket } from "./malformed";

/** Data of a plugin in the middle of a login (MySQL manual, Protocol::AuthMoreData). */
export function writeAuthMoreData(data: Buffer): Buffer {
  return Buffer.concat([Buffer.of(HEADER.MORE_DATA), data]);
}

export function readAuthMoreData(payload: Buffer): Buffer {
  if (payload[0] !== HEADER.MORE_DATA) {
    throw new MalformedPacket("AuthMoreData: another header");
  }
  return Buffer.from(payload.subarray(1));
}
