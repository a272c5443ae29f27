import { describe, expect, it } from "vitest";
import { CAPABILITY } from "./constants";
import { CLIENTS, GREETING, payloadOf } from "./fixtures";
import { readHandshakeResponse, writeHandshakeResponse } from "./handshake-response";
import { readHandshakeV10, writeHandshakeV10 } from "./handshake-v10";
import { MalformedPacket } from "./malformed";
import { cachingSha2Password, nativePassword } from "./scramble";
import { seededRandom } from "./seeded-random";
import { isSslRequest, readSslRequest, writeSslRequest } from "./ssl-request";

const OFFERED = 0x1ffa207 | CAPABILITY.CONNECT_WITH_DB | CAPABILITY.PLUGIN_AUTH_LENENC | CAPABILITY.CONNECT_ATTRS;

describe("HandshakeV10", () => {
  it("reads MariaDB's greeting", () => {
    const greeting = readHandshakeV10(payloadOf(GREETING));
    expect(greeting).toMatchObject({
      serverVersion: "5.5.5-10.11.19-MariaDB-0+deb12u1",
      threadId: 43,
      collation: 224,
      status: 2,
      authPlugin: "mysql_native_password",
    });
    expect(greeting.scramble.toString("latin1")).toBe('$wOd(7z(P=!+UKWRw"?U');
    expect(greeting.capabilities & CAPABILITY.DEPRECATE_EOF).not.toBe(0);
    expect(greeting.capabilities & CAPABILITY.SSL).toBe(0);
  });

  it("reads back what it writes", () => {
    const greeting = {
      serverVersion: "8.0.40-sallyport",
      threadId: 0x7fff_fffe,
      scramble: Buffer.alloc(20, 7),
      capabilities: 0x81ff_a20f >>> 0,
      collation: 45,
      status: 2,
      authPlugin: "caching_sha2_password",
    };
    expect(readHandshakeV10(writeHandshakeV10(greeting))).toEqual(greeting);
  });

  it("refuses other protocol versions and a greeting that ends too early", () => {
    const whole = payloadOf(GREETING);
    expect(() => readHandshakeV10(Buffer.concat([Buffer.of(9), whole.subarray(1)]))).toThrow(MalformedPacket);
    for (const length of [0, 1, 20, 40, 50, 70]) {
      expect(() => readHandshakeV10(whole.subarray(0, length))).toThrow(MalformedPacket);
    }
  });
});

describe("HandshakeResponse41", () => {
  it.each(Object.entries(CLIENTS))("reads the response of %s", (client, hex) => {
    const response = readHandshakeResponse(payloadOf(hex), OFFERED);
    expect(response.user).toBe("shop");
    expect(response.database).toBe(client === "mariadbConnector" ? null : "lab");
    const scramble = Buffer.alloc(20, 0x41);
    const native = client === "mariadbConnector";
    expect(response.authPlugin).toBe(native ? "mysql_native_password" : "caching_sha2_password");
    expect(response.authResponse).toEqual(
      native ? nativePassword("pw", scramble) : cachingSha2Password("pw", scramble),
    );
    expect(response.attributes.get("_client_name")).toBe(
      {
        mysql2: "Node-MySQL-2",
        mariadbConnector: "MariaDB connector/Node",
        mariadbCli: "libmariadb",
        mysqlnd: "mysqlnd",
      }[client],
    );
  });

  // MariaDB's connector writes the length of its attributes in three bytes where one would do.
  it.each([CLIENTS.mysql2, CLIENTS.mariadbCli, CLIENTS.mysqlnd])("writes a client's response byte by byte", (hex) => {
    const payload = payloadOf(hex);
    const response = readHandshakeResponse(payload, OFFERED);
    // Real clients set bits that choose fields only where the server offered them.
    const written = writeHandshakeResponse({ ...response, capabilities: response.capabilities & OFFERED });
    expect(written.subarray(4)).toEqual(payload.subarray(4));
  });

  it("takes a token of 40 KiB in a length-encoded auth response", () => {
    const response = {
      ...readHandshakeResponse(payloadOf(CLIENTS.mysql2), OFFERED),
      capabilities: OFFERED,
      authResponse: Buffer.alloc(40_000, 0x61),
    };
    expect(readHandshakeResponse(writeHandshakeResponse(response), OFFERED).authResponse).toHaveLength(40_000);
  });

  it("refuses a response that claims more bytes than it has, without allocating them", () => {
    const payload = Buffer.from(payloadOf(CLIENTS.mysql2));
    payload[37] = 0xfe;
    payload.fill(0xff, 38, 46);
    expect(() => readHandshakeResponse(payload, OFFERED)).toThrow(MalformedPacket);
  });

  it("refuses the protocol before 4.1", () => {
    const payload = Buffer.from(payloadOf(CLIENTS.mysql2));
    payload.writeUInt32LE(payload.readUInt32LE(0) & ~CAPABILITY.PROTOCOL_41, 0);
    expect(() => readHandshakeResponse(payload, OFFERED)).toThrow(MalformedPacket);
  });

  it("meets any bytes with a response or MalformedPacket, and nothing else", () => {
    const random = seededRandom(41);
    const originals = Object.values(CLIENTS).map(payloadOf);
    let refused = 0;
    for (let run = 0; run < 20_000; run += 1) {
      const original = originals[run % originals.length] ?? Buffer.alloc(0);
      const bytes = Buffer.from(original.subarray(0, Math.floor(random() * (original.length + 1))));
      for (let change = 0; change < 3 && bytes.length > 0; change += 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      try {
        readHandshakeResponse(bytes, OFFERED);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPacket);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

describe("SSLRequest", () => {
  it("is told from a handshake response by its length and the SSL bit", () => {
    const request = { capabilities: OFFERED | CAPABILITY.SSL, maxPacket: 1 << 24, collation: 45 };
    const payload = writeSslRequest(request);
    expect(isSslRequest(payload)).toBe(true);
    expect(readSslRequest(payload)).toEqual(request);
    expect(isSslRequest(payloadOf(CLIENTS.mysql2))).toBe(false);
    expect(isSslRequest(writeSslRequest({ ...request, capabilities: OFFERED }))).toBe(false);
  });
});
