import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { SallyportError } from "@/lib/errors/error";

/** A 32-byte AES key with the id that sealed values carry, so that keys can be told apart when they rotate. */
export interface MasterKey {
  readonly id: string;
  readonly bytes: Buffer;
}

const FORMAT = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Makes a key from base64 text of exactly 32 bytes; its id is the first 8 hex digits of its SHA-256. */
export function masterKeyFromBase64(text: string): MasterKey {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 32) {
    throw new SallyportError("INVALID_CONFIG", "The master key must be 32 bytes in base64", {
      next: "Make one with: openssl rand -base64 32",
    });
  }
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), bytes };
}

/**
 * Seals text with AES-256-GCM (NIST SP 800-38D, random 96-bit IV, 128-bit tag).
 * `context` is authenticated but not stored: a sealed value moved to another row does not open.
 * Returns `v1.<key id>.<base64url of iv, ciphertext, tag>`.
 */
export function seal(key: MasterKey, plain: string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, iv);
  cipher.setAAD(Buffer.from(`${FORMAT}.${key.id}.${context}`));
  const body = Buffer.concat([iv, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${FORMAT}.${key.id}.${body.toString("base64url")}`;
}

/** Opens what `seal` made. Throws INVALID_CONFIG when the key is another one or the value was altered. */
export function open(key: MasterKey, sealed: string, context: string): string {
  const [format, keyId, text] = sealed.split(".");
  if (format !== FORMAT || keyId === undefined || text === undefined) {
    throw new SallyportError("INVALID_CONFIG", "A stored secret has an unknown format");
  }
  if (keyId !== key.id) {
    throw new SallyportError("INVALID_CONFIG", `A stored secret was sealed with master key ${keyId}, not ${key.id}`, {
      next: "Start with the SALLYPORT_MASTER_KEY that sealed it, or store the credential again",
    });
  }
  const body = Buffer.from(text, "base64url");
  if (body.length < IV_BYTES + TAG_BYTES) {
    throw new SallyportError("INVALID_CONFIG", "A stored secret is cut short");
  }
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, body.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(`${FORMAT}.${keyId}.${context}`));
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES));
  try {
    const plain = decipher.update(body.subarray(IV_BYTES, body.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new SallyportError("INVALID_CONFIG", "A stored secret was altered or belongs to another row", { cause });
  }
}
