/** The first bytes of a MySQL conversation, as far as a test needs them (MySQL manual, Protocol::HandshakeV10 and Protocol::SSLRequest). */

const CLIENT_PROTOCOL_41 = 0x200;
const CLIENT_SSL = 0x800;
const CLIENT_SECURE_CONNECTION = 0x8000;
const CLIENT_PLUGIN_AUTH = 0x80000;
const UTF8MB4_GENERAL_CI = 45;
/** A greeting is some 100 bytes; a peer that announces more is not a database. */
const LONGEST_GREETING = 4096;

export type Greeting =
  | { readonly kind: "server"; readonly version: string; readonly offersTls: boolean }
  | { readonly kind: "refused"; readonly errno: number }
  | { readonly kind: "incomplete" }
  | { readonly kind: "foreign" };

/** Reads a server's greeting from the bytes received so far. Nothing of a peer that is no MySQL server is kept. */
export function readGreeting(bytes: Buffer): Greeting {
  if (bytes.length < 4) {
    return { kind: "incomplete" };
  }
  const length = bytes.readUIntLE(0, 3);
  if (length < 3 || length > LONGEST_GREETING || bytes[3] !== 0) {
    return { kind: "foreign" };
  }
  if (bytes.length < 4 + length) {
    return { kind: "incomplete" };
  }
  const body = bytes.subarray(4, 4 + length);
  if (body[0] === 0xff) {
    return { kind: "refused", errno: body.readUInt16LE(1) };
  }
  const end = body.indexOf(0, 1);
  // After the version: connection id (4), scramble (8), filler (1), capabilities (2).
  const capabilitiesAt = end + 1 + 4 + 8 + 1;
  if (body[0] !== 10 || end < 2 || body.length < capabilitiesAt + 2) {
    return { kind: "foreign" };
  }
  const version = body
    .toString("latin1", 1, end)
    .replace(/[^\w.+~:-]/g, "")
    .slice(0, 64);
  return { kind: "server", version, offersTls: (body.readUInt16LE(capabilitiesAt) & CLIENT_SSL) !== 0 };
}

/** The packet that asks the server to go on in TLS (sequence id 1). */
export function tlsRequest(): Buffer {
  const packet = Buffer.alloc(4 + 32);
  packet.writeUIntLE(32, 0, 3);
  packet[3] = 1;
  packet.writeUInt32LE(CLIENT_PROTOCOL_41 | CLIENT_SSL | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH, 4);
  packet.writeUInt32LE(0x1000000, 8);
  packet[12] = UTF8MB4_GENERAL_CI;
  return packet;
}
