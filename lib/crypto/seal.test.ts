import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { masterKeyFromBase64, open, seal } from "./seal";

const key = masterKeyFromBase64(randomBytes(32).toString("base64"));

describe("sealed secrets", () => {
  it("open to what was sealed, for the same context", () => {
    for (const plain of ["", "shop-pw", "pässwörd 🔑", "x".repeat(5000)]) {
      expect(open(key, seal(key, plain, "connection:1"), "connection:1")).toBe(plain);
    }
  });

  it("never look the same twice", () => {
    expect(seal(key, "same", "c")).not.toBe(seal(key, "same", "c"));
  });

  it("do not open for another context, another key, or after one byte changed", () => {
    const sealed = seal(key, "shop-pw", "connection:1");
    const other = masterKeyFromBase64(randomBytes(32).toString("base64"));
    expect(() => open(key, sealed, "connection:2")).toThrow(/altered or belongs to another row/);
    expect(() => open(other, sealed, "connection:1")).toThrow(/sealed with master key/);
    const [format, id, body = ""] = sealed.split(".");
    const bytes = Buffer.from(body, "base64url");
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => open(key, `${format}.${id}.${changed.toString("base64url")}`, "connection:1")).toThrow();
    }
  });

  it("refuses a master key that is not 32 bytes", () => {
    expect(() => masterKeyFromBase64("c2hvcnQ=")).toThrow(/32 bytes/);
  });
});
