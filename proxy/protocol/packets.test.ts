import { describe, expect, it } from "vitest";
import { readAuthMoreData, writeAuthMoreData } from "./auth-more-data";
import { readOpenidToken, writeOpenidToken } from "./auth-openid";
import { readAuthSwitchRequest, writeAuthSwitchRequest } from "./auth-switch";
import { isSafeCollation, upstreamCollation } from "./charsets";
import { readColumnDefinition, writeColumnDefinition } from "./column-definition";
import { inCompressedFrame, looksCompressed } from "./compressed-frame";
import { CAPABILITY, HEADER } from "./constants";
import { readEof, writeEof } from "./eof-packet";
import { readErr, writeErr } from "./err-packet";
import { bytesOf, PLAIN, payloadOf, TRACKED } from "./fixtures";
import { readFrame, writeFrame } from "./frame";
import { MalformedPacket } from "./malformed";
import { readOk, simpleOk, withoutSessionTrack, writeOk } from "./ok-packet";
import { PacketReader } from "./packet-reader";
import { lenenc } from "./packet-writer";
import { changedSchema, writeSchemaChange } from "./session-track";
import { readStmtPrepareOk, writeStmtPrepareOk } from "./stmt-prepare-ok";

const TRACK = CAPABILITY.SESSION_TRACK;

describe("frames", () => {
  it("carry payloads of less than 16 MiB in one packet", () => {
    const frame = writeFrame(Buffer.from("abc"), 258);
    expect(frame.toString("hex")).toBe("03000002616263");
    expect(readFrame(frame, 0, 10)).toEqual({ payload: Buffer.from("abc"), sequence: 2, end: 7 });
  });

  it("split longer payloads, with an empty packet behind an exact multiple", () => {
    const exact = writeFrame(Buffer.alloc(0xff_ffff), 255);
    expect(exact.subarray(-4).toString("hex")).toBe("00000000");
    expect(exact).toHaveLength(0xff_ffff + 8);
    const more = writeFrame(Buffer.alloc(0xff_ffff + 5, 1), 0);
    expect(more.subarray(0xff_ffff + 4).toString("hex")).toBe("050000010101010101");
  });

  it("wait for the rest of a packet, and refuse one beyond the limit before its body comes", () => {
    expect(readFrame(bytesOf("030000026162"), 0, 10)).toBeNull();
    expect(readFrame(bytesOf("0300"), 0, 10)).toBeNull();
    expect(() => readFrame(bytesOf("0b000000"), 0, 10)).toThrow(MalformedPacket);
    expect(() => readFrame(bytesOf("ffffff00"), 0, 0xff_ffff)).toThrow(MalformedPacket);
  });
});

describe("length-encoded integers", () => {
  it.each([0, 1, 250, 251, 0xffff, 0x1_0000, 0xff_ffff, 0x100_0000, 2 ** 40, Number.MAX_SAFE_INTEGER])(
    "hold %d",
    (value) => {
      expect(new PacketReader(lenenc(value), "test").lenenc("value")).toBe(value);
    },
  );

  it("are never NULL or 0xff", () => {
    for (const first of [0xfb, 0xff]) {
      expect(() => new PacketReader(Buffer.of(first, 0, 0), "test").lenenc("value")).toThrow(MalformedPacket);
    }
  });
});

describe("OK packets", () => {
  it("tell affected rows, insert id and info", () => {
    const ok = readOk(payloadOf(PLAIN.insert), 0);
    expect(ok).toMatchObject({ affectedRows: 3, lastInsertId: 1, status: 2, warnings: 0 });
    expect(ok.info.toString()).toBe("&Records: 3  Duplicates: 0  Warnings: 0");
    expect(readOk(payloadOf(PLAIN.insert), TRACK).info.toString()).toBe("Records: 3  Duplicates: 0  Warnings: 0");
  });

  it("tell the new default schema where session changes are tracked", () => {
    expect(changedSchema(readOk(payloadOf(TRACKED.login), TRACK).stateChanges)).toBe("lab");
    expect(changedSchema(readOk(payloadOf(TRACKED.use), TRACK).stateChanges)).toBe("lab2");
    expect(changedSchema(readOk(payloadOf(PLAIN.insert), TRACK).stateChanges)).toBeNull();
  });

  it("are written as MariaDB writes them", () => {
    for (const hex of [TRACKED.login, TRACKED.use]) {
      expect(writeOk(readOk(payloadOf(hex), TRACK), TRACK)).toEqual(payloadOf(hex));
    }
    expect(simpleOk(2)).toEqual(bytesOf("00000002000000"));
    expect(writeSchemaChange("lab")).toEqual(bytesOf("0104036c6162"));
  });

  it("lose their session changes, but nothing else, for clients that did not ask for them", () => {
    expect(withoutSessionTrack(payloadOf(TRACKED.use))).toEqual(bytesOf("00000002000000"));
    expect(withoutSessionTrack(payloadOf(PLAIN.insert))?.toString("latin1")).toContain("Records: 3");
    expect(withoutSessionTrack(bytesOf("00000002000000"))).toBeNull();
    const tracked = bytesOf("00fefffffffffffffff7fefffffffffffffffe0240010000070105046c616232");
    expect(withoutSessionTrack(tracked)?.toString("hex")).toBe("00fefffffffffffffff7fefffffffffffffffe02000100");
  });
});

describe("ERR packets", () => {
  it("tell number, state and message", () => {
    const error = readErr(payloadOf(PLAIN.error));
    expect(error).toMatchObject({ errno: 1064, sqlState: "42000" });
    expect(error.message).toMatch(/^You have an error .* 'SELEC 1' at line 1$/);
    expect(writeErr(error)).toEqual(payloadOf(PLAIN.error));
  });

  it("have no state before the login", () => {
    expect(readErr(bytesOf("ff1004546f6f206d616e79"))).toEqual({ errno: 1040, sqlState: "HY000", message: "Too many" });
  });
});

describe("other packets", () => {
  it("EOF", () => {
    expect(readEof(bytesOf("fe00000a00"))).toEqual({ warnings: 0, status: 10 });
    expect(writeEof({ warnings: 0, status: 10 })).toEqual(bytesOf("fe00000a00"));
    expect(() => readEof(bytesOf("fe00"))).toThrow(MalformedPacket);
  });

  it("column definitions", () => {
    const payload = payloadOf(PLAIN.fields).subarray(0, -2);
    const column = readColumnDefinition(payload);
    expect(column).toMatchObject({ schema: "lab2", orgTable: "zz", orgName: "id", type: 3, collation: 63, length: 11 });
    expect(writeColumnDefinition(column).toString("hex")).toBe(payload.toString("hex"));
  });

  it("COM_STMT_PREPARE_OK", () => {
    const ok = readStmtPrepareOk(payloadOf(PLAIN.prepare));
    expect(ok).toEqual({ statementId: 2, columns: 2, parameters: 1, warnings: 0 });
    expect(writeStmtPrepareOk(ok)).toEqual(payloadOf(PLAIN.prepare));
  });

  it("authentication", () => {
    const request = { plugin: "mysql_native_password", data: Buffer.alloc(20, 5) };
    expect(readAuthSwitchRequest(writeAuthSwitchRequest(request))).toEqual(request);
    expect(() => readAuthSwitchRequest(Buffer.of(HEADER.EOF))).toThrow(MalformedPacket);
    expect(readAuthMoreData(writeAuthMoreData(Buffer.of(4)))).toEqual(Buffer.of(4));
    expect(readOpenidToken(writeOpenidToken("a.b.c"))).toBe("a.b.c");
    expect(() => readOpenidToken(bytesOf("01fdffffff61"))).toThrow(MalformedPacket);
    expect(() => readOpenidToken(bytesOf("020161"))).toThrow(MalformedPacket);
  });
});

describe("compressed framing", () => {
  const ping = writeFrame(Buffer.of(0x0e), 0);

  it("is recognised, stored or deflated", () => {
    expect(looksCompressed(inCompressedFrame(ping, 0), 0)).toBe(true);
    expect(looksCompressed(bytesOf("0c000000640000789c0303000000000100"), 0)).toBe(true);
  });

  it("is not seen in commands of ordinary clients", () => {
    expect(looksCompressed(ping, 0)).toBe(false);
    expect(looksCompressed(writeFrame(Buffer.from("\x03SELECT 1 + 1 AS two"), 0), 0)).toBe(false);
  });
});

describe("collations", () => {
  it("of character sets that hide quotes are not safe", () => {
    // big5, sjis, euckr, gb2312, gbk, cp932, eucjpms, gb18030, utf16, utf32, ucs2, swe7
    for (const id of [1, 13, 19, 24, 28, 95, 97, 248, 249, 250, 54, 60, 35, 10]) {
      expect(isSafeCollation(id)).toBe(false);
    }
    for (const id of [0, 8, 11, 33, 45, 46, 63, 83, 192, 224, 246, 255]) {
      expect(isSafeCollation(id)).toBe(true);
    }
  });

  it("that MariaDB would replace by its default go as utf8mb4", () => {
    expect(upstreamCollation(255, "5.5.5-10.11.19-MariaDB")).toBe(45);
    expect(upstreamCollation(255, "8.4.0")).toBe(255);
    expect(upstreamCollation(0, "8.4.0")).toBe(45);
    expect(upstreamCollation(8, "10.11-MariaDB")).toBe(8);
  });
});
