import { constants, createHash, publicEncrypt } from "node:crypto";

function xor(a: Buffer, b: Buffer): Buffer {
  const out = Buffer.allocUnsafe(a.length);
  for (let i = 0; i < a.length; i += 1) {
    out[i] = (a[i] ?? 0) ^ (b[i % b.length] ?? 0);
  }
  return out;
}

function digest(algorithm: "sha1" | "sha256", ...parts: readonly Buffer[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}

/** mysql_native_password: SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password))). Empty for an empty password. */
export function nativePassword(password: string, scramble: Buffer): Buffer {
  if (password === "") {
    return Buffer.alloc(0);
  }
  const once = digest("sha1", Buffer.from(password, "utf8"));
  return xor(once, digest("sha1", scramble, digest("sha1", once)));
}

/** caching_sha2_password, fast: SHA256(password) XOR SHA256(SHA256(SHA256(password)), scramble). Empty for an empty password. */
export function cachingSha2Password(password: string, scramble: Buffer): Buffer {
  if (password === "") {
    return Buffer.alloc(0);
  }
  const once = digest("sha256", Buffer.from(password, "utf8"));
  return xor(once, digest("sha256", digest("sha256", once), scramble));
}

/** The password for full authentication without TLS: NUL-terminated, XOR scramble, RSA-OAEP with the server's key. */
export function rsaPassword(password: string, scramble: Buffer, publicKey: string): Buffer {
  const mixed = xor(Buffer.from(`${password}\0`, "utf8"), scramble);
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, mixed);
}
