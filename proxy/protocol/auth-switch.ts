import { HEADER } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { nulString } from "./packet-writer";

/** The server asks for another plugin (MySQL manual, Protocol::AuthSwitchRequest). */
export interface AuthSwitchRequest {
  readonly plugin: string;
  /** Without the trailing NUL that scrambles carry. */
  readonly data: Buffer;
}

export function writeAuthSwitchRequest(request: AuthSwitchRequest): Buffer {
  const tail = request.data.length === 0 ? request.data : Buffer.concat([request.data, Buffer.of(0)]);
  return Buffer.concat([Buffer.of(HEADER.EOF), nulString(request.plugin), tail]);
}

/** A bare 0xfe is the pre-4.1 password request and MalformedPacket. */
export function readAuthSwitchRequest(payload: Buffer): AuthSwitchRequest {
  const reader = new PacketReader(payload, "AuthSwitchRequest");
  if (reader.u8("header") !== HEADER.EOF || reader.left === 0) {
    throw new MalformedPacket("AuthSwitchRequest: the password scheme before 4.1");
  }
  const plugin = reader.nulOrRest().toString("latin1");
  const data = reader.rest();
  return { plugin, data: Buffer.from(data.at(-1) === 0 ? data.subarray(0, -1) : data) };
}
