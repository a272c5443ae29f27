import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";

/** Signs batches. */
export interface Signer {
  readonly keyId: string;
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032) over the hash's 32 bytes, base64. */
  sign(hash: string): string;
}

/** PKCS #8 head of an Ed25519 private key (RFC 8410); the 32-byte seed follows. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The deployment's signing key, made from its master key (HKDF-SHA-256, RFC 5869): every process has the same one without asking the
 * store, and who can write to the store but does not have the master key can not sign.
 */
export function signerFrom(masterKey: Buffer): Signer {
  const seed = Buffer.from(hkdfSync("sha256", masterKey, "", "sallyport record signing 1", 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
  const publicKey = String(createPublicKey(key).export({ format: "pem", type: "spki" }));
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (hash) => sign(null, Buffer.from(hash, "hex"), key).toString("base64"),
  };
}

/** The first 16 hex digits of the SHA-256 of the key's SPKI bytes. Throws on what is no public key. */
export function keyIdOf(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ format: "der", type: "spki" });
  return createHash("sha256").update(der).digest("hex").slice(0, 16);
}

/** Whether the key's owner signed the hash. */
export function isSignedBy(key: KeyObject, hash: string, signature: string): boolean {
  return verify(null, Buffer.from(hash, "hex"), key, Buffer.from(signature, "base64"));
}
