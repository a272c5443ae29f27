import { describe, expect, it } from "vitest";
import { readGreeting, tlsRequest } from "./greeting";

/** Greeting of MariaDB 10.11 (taken from a server, scramble zeroed); capabilities low word 0xfffe with TLS, 0xf7fe without. */
function greeting(lowCapabilities: number): Buffer {
  const version = Buffer.from("5.5.5-10.11.6-MariaDB\0");
  const body = Buffer.concat([
    Buffer.from([10]),
    version,
    Buffer.from([7, 0, 0, 0]),
    Buffer.alloc(8),
    Buffer.from([0, lowCapabilities & 0xff, lowCapabilities >> 8, 45, 2, 0, 0xff, 0x81, 21]),
    Buffer.alloc(10),
    Buffer.alloc(13),
    Buffer.from("mysql_native_password\0"),
  ]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([header, body]);
}

describe("the greeting of a server under test", () => {
  it("gives version and whether TLS is offered", () => {
    expect(readGreeting(greeting(0xfffe))).toEqual({
      kind: "server",
      version: "5.5.5-10.11.6-MariaDB",
      offersTls: true,
    });
    expect(readGreeting(greeting(0xf7fe))).toMatchObject({ offersTls: false });
  });

  it("waits for a greeting that is cut anywhere", () => {
    const whole = greeting(0xfffe);
    for (let at = 0; at < whole.length; at++) {
      expect(readGreeting(whole.subarray(0, at)).kind).toBe("incomplete");
    }
  });

  it("reads the number of a refusal before login", () => {
    const body = Buffer.concat([Buffer.from([0xff, 0x6a, 0x04]), Buffer.from("Host 'x' is not allowed")]);
    expect(readGreeting(Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]))).toEqual({
      kind: "refused",
      errno: 1130,
    });
  });

  it.each(["SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 400 Bad Request\r\n", "220 mail ESMTP\r\n", "\0\0\0\0\0\0"])(
    "takes %j for something else and keeps nothing of it",
    (text) => {
      expect(readGreeting(Buffer.from(text))).toEqual({ kind: "foreign" });
    },
  );

  it("asks for TLS with a packet of 32 bytes in sequence 1", () => {
    expect(tlsRequest().subarray(0, 4)).toEqual(Buffer.from([32, 0, 0, 1]));
    expect(tlsRequest().readUInt32LE(4) & 0x800).toBe(0x800);
  });
});
