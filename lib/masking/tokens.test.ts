import { randomBytes } from "node:crypto";
import { aessiv } from "@noble/ciphers/aes.js";
import { describe, expect, it } from "vitest";
import { isToken, tokenKeys, tokenLength } from "./tokens";

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const master = randomBytes(32);
const keys = tokenKeys(master, "01CONNECTION");

describe("AES-SIV as the library does it", () => {
  it("gives what RFC 5297 says in its example A.1, with associated data", () => {
    const key = hex("fffefdfc fbfaf9f8 f7f6f5f4 f3f2f1f0 f0f1f2f3 f4f5f6f7 f8f9fafb fcfdfeff");
    const data = hex("10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627");
    const plain = hex("11223344 55667788 99aabbcc ddee");
    const sealed = hex("85632d07 c6e8f37f 950acd32 0a2ecc93 40c02b96 90c4dc04 daef7f6a fe5c");
    expect(aessiv(key, data).encrypt(plain)).toEqual(sealed);
    expect(aessiv(key, data).decrypt(sealed)).toEqual(plain);
  });

  it("gives what RFC 5297 says in its example A.2, with several parts of associated data", () => {
    const key = hex("7f7e7d7c 7b7a7978 77767574 73727170 40414243 44454647 48494a4b 4c4d4e4f");
    const first = hex("00112233 44556677 8899aabb ccddeeff deaddada deaddada ffeeddcc bbaa9988 77665544 33221100");
    const second = hex("10203040 50607080 90a0");
    const nonce = hex("09f91102 9d74e35b d84156c5 635688c0");
    const plain = hex(
      "74686973 20697320 736f6d65 20706c61 696e7465 78742074 6f20656e 63727970 74207573 696e6720 5349562d 414553",
    );
    const sealed = hex(
      "7bdb6e3b 432667eb 06f4d14b ff2fbd0f cb900f2f ddbe4043 26601965 c889bf17 dba77ceb 094fa663 b7a3f748 ba8af829 ea64ad54 4a272e9c 485b62a3 fd5c0d",
    );
    expect(aessiv(key, first, second, nonce).encrypt(plain)).toEqual(sealed);
  });
});

describe("tokens", () => {
  const values = ["", "42", "ada@example.com", "Jürgen 🔑", "x".repeat(65_536)].map((text) => Buffer.from(text));
  const bytes = [Buffer.of(0), Buffer.of(0x80), Buffer.of(0, 0x80, 0, 0), Buffer.alloc(16, 0x80)];

  it.each([...values, ...bytes])("open to the value for their own connection (%#)", (value) => {
    const token = keys.seal(value);
    expect(isToken(token)).toBe(true);
    expect(token.length).toBe(tokenLength(value.length));
    expect(keys.open(token)).toEqual(value);
  });

  it("are the same for the same value, also by another process with the same master key", () => {
    for (const value of values) {
      expect(keys.seal(value)).toBe(keys.seal(value));
      expect(tokenKeys(master, "01CONNECTION").seal(value)).toBe(keys.seal(value));
    }
  });

  it("are of no use for another connection or another master key", () => {
    const token = keys.seal(Buffer.from("42"));
    for (const other of [tokenKeys(master, "02CONNECTION"), tokenKeys(randomBytes(32), "01CONNECTION")]) {
      expect(other.seal(Buffer.from("42"))).not.toBe(token);
      expect(other.open(token)).toBeNull();
    }
  });

  it("do not tell short values apart by their length", () => {
    expect(keys.seal(Buffer.from("female")).length).toBe(keys.seal(Buffer.from("male")).length);
  });

  it("open to nothing when anything of them is changed", () => {
    const token = keys.seal(Buffer.from("ada@example.com"));
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === "A" ? "B" : "A";
      expect(keys.open(token.slice(0, at) + other + token.slice(at + 1)), String(at)).toBeNull();
    }
    for (let length = 0; length < token.length; length++) expect(keys.open(token.slice(0, length))).toBeNull();
  });

  it.each([
    "",
    "tok_",
    "tok_h.",
    "42",
    "TOK_AAAA",
    `tok_${"A".repeat(43)}`,
    `tok_${"A".repeat(2_000_000)}`,
    "tok_ä",
    `tok_${"=".repeat(60)}`,
  ])("that nobody issued open to nothing, without an error: %.20s", (text) => {
    expect(keys.open(text)).toBeNull();
  });

  it("of values over 64 KiB are the same for the same value, short, and open to nothing", () => {
    const long = Buffer.alloc(65_537, 1);
    const token = keys.seal(long);
    expect(token).toMatch(/^tok_h\.[A-Za-z0-9_-]{43}$/);
    expect(keys.seal(Buffer.from(long))).toBe(token);
    expect(keys.seal(Buffer.alloc(65_537, 2))).not.toBe(token);
    expect(tokenKeys(master, "02CONNECTION").seal(long)).not.toBe(token);
    expect(keys.open(token)).toBeNull();
    expect(isToken(token)).toBe(true);
  });
});
