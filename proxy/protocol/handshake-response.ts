import { CAPABILITY } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { lenenc, lenencString, nulString } from "./packet-writer";
import { readSslRequest, writeSslRequest } from "./ssl-request";

/** What the client answers to the greeting (MySQL manual, Protocol::HandshakeResponse41). */
export interface HandshakeResponse {
  /** As sent: bits that the server did not offer count for nothing. */
  readonly capabilities: number;
  readonly maxPacket: number;
  readonly collation: number;
  readonly user: string;
  readonly authResponse: Buffer;
  readonly database: string | null;
  readonly authPlugin: string | null;
  readonly attributes: ReadonlyMap<string, string>;
}

const MAX_ATTRIBUTES = 64;

function has(capabilities: number, bit: number): boolean {
  return (capabilities & bit) !== 0;
}

/** `offered`: the server's capabilities; which fields are there follows from client AND offered. Throws MalformedPacket. */
export function readHandshakeResponse(payload: Buffer, offered: number): HandshakeResponse {
  const reader = new PacketReader(payload, "HandshakeResponse41");
  const { capabilities, maxPacket, collation } = readSslRequest(reader.bytes(32, "fixed part"));
  const effective = capabilities & offered;
  if (!has(effective, CAPABILITY.PROTOCOL_41)) {
    throw new MalformedPacket("HandshakeResponse: protocol before 4.1");
  }
  const user = reader.nulBytes("user").toString("utf8");
  let authResponse: Buffer;
  if (has(effective, CAPABILITY.PLUGIN_AUTH_LENENC)) {
    authResponse = reader.lenencBytes("auth response");
  } else if (has(effective, CAPABILITY.SECURE_CONNECTION)) {
    authResponse = reader.bytes(reader.u8("auth response"), "auth response");
  } else {
    authResponse = reader.nulBytes("auth response");
  }
  // Some clients leave out trailing fields that their capabilities announce.
  const database =
    has(effective, CAPABILITY.CONNECT_WITH_DB) && reader.left > 0 ? reader.nulOrRest().toString("utf8") : "";
  const authPlugin =
    has(effective, CAPABILITY.PLUGIN_AUTH) && reader.left > 0 ? reader.nulOrRest().toString("latin1") : "";
  const attributes =
    has(effective, CAPABILITY.CONNECT_ATTRS) && reader.left > 0
      ? readAttributes(reader.lenencBytes("connection attributes"))
      : new Map<string, string>();
  return {
    capabilities,
    maxPacket,
    collation,
    user,
    authResponse: Buffer.from(authResponse),
    database: database === "" ? null : database,
    authPlugin: authPlugin === "" ? null : authPlugin,
    attributes,
  };
}

function readAttributes(bytes: Buffer): Map<string, string> {
  const reader = new PacketReader(bytes, "connection attributes");
  const attributes = new Map<string, string>();
  while (reader.left > 0 && attributes.size < MAX_ATTRIBUTES) {
    const key = reader.lenencBytes("key").toString("utf8");
    attributes.set(key, reader.lenencBytes("value").toString("utf8"));
  }
  return attributes;
}

/** Fields are written as `capabilities` says; MalformedPacket when the auth response does not fit the form they choose. */
export function writeHandshakeResponse(response: HandshakeResponse): Buffer {
  const parts = [writeSslRequest(response), nulString(response.user)];
  if (has(response.capabilities, CAPABILITY.PLUGIN_AUTH_LENENC)) {
    parts.push(lenencString(response.authResponse));
  } else if (response.authResponse.length > 255) {
    throw new MalformedPacket("HandshakeResponse41: an auth response of more than 255 bytes needs PLUGIN_AUTH_LENENC");
  } else {
    parts.push(Buffer.of(response.authResponse.length), response.authResponse);
  }
  if (has(response.capabilities, CAPABILITY.CONNECT_WITH_DB)) {
    parts.push(nulString(response.database ?? ""));
  }
  if (has(response.capabilities, CAPABILITY.PLUGIN_AUTH)) {
    parts.push(nulString(response.authPlugin ?? ""));
  }
  if (has(response.capabilities, CAPABILITY.CONNECT_ATTRS)) {
    const pairs = [...response.attributes].flat().map((text) => lenencString(Buffer.from(text, "utf8")));
    const body = Buffer.concat(pairs);
    parts.push(lenenc(body.length), body);
  }
  return Buffer.concat(parts);
}
