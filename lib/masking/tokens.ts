import { createHmac, hkdfSync } from "node:crypto";
import { aessiv } from "@noble/ciphers/aes.js";
import { LRUCache } from "lru-cache";
import type { TokenKeys } from "./cell";

const PREFIX = "tok_";

/** Followed by a keyed hash instead of the sealed value; the dot is no letter of base64url, so that one can not be taken for the other. */
const HASH_PREFIX = "tok_h.";

const SIV_BYTES = 16;
const SIV_KEY_BYTES = 64;
const HASH_KEY_BYTES = 32;
const BLOCK = 16;
const PAD = 0x80;

/** Longer values give tokens that nobody can open. */
const LONGEST_SEALED = 65_536;

/** Sealing takes 10 to 25 us: what comes again, in joins and in paging, is remembered. */
const REMEMBERED = 10_000;
const LONGEST_REMEMBERED = 256;

const SEALED = /^tok_[A-Za-z0-9_-]{43,}$/;
const HASHED = /^tok_h\.[A-Za-z0-9_-]{43}$/;

/** Whether a text has the form of a token, of whatever connection. */
export function isToken(text: string): boolean {
  return SEALED.test(text) || HASHED.test(text);
}

const paddedLength = (length: number) => (Math.floor(length / BLOCK) + 1) * BLOCK;

/** Characters of the token of a value of so many bytes. */
export function tokenLength(length: number): number {
  const sealed = SIV_BYTES + paddedLength(Math.min(length, LONGEST_SEALED));
  return PREFIX.length + Math.ceil((sealed * 4) / 3);
}

/** To whole blocks (ISO/IEC 7816-4), so that a token does not tell `male` from `female` by its length. */
function pad(value: Buffer): Buffer {
  const padded = Buffer.alloc(paddedLength(value.length));
  value.copy(padded);
  padded[value.length] = PAD;
  return padded;
}

function unpad(padded: Uint8Array): Buffer | null {
  const end = padded.lastIndexOf(PAD);
  return end < 0 ? null : Buffer.from(padded.subarray(0, end));
}

function derive(masterKey: Buffer, purpose: string, connectionId: string, length: number): Buffer {
  const info = `sallyport/masking/${purpose}/v1/connection:${connectionId}`;
  return Buffer.from(hkdfSync("sha256", masterKey, Buffer.alloc(0), info, length));
}

/**
 * The keys of a connection's tokens. A token is `tok_` and the base64url of AES-SIV (RFC 5297) over the padded value: the same for the same
 * value, and it opens for its own connection only. Values over 64 KiB give `tok_h.` and an HMAC-SHA256, which does not open.
 */
export function tokenKeys(masterKey: Buffer, connectionId: string): TokenKeys {
  const sivKey = derive(masterKey, "token", connectionId, SIV_KEY_BYTES);
  const hashKey = derive(masterKey, "token-of-long-value", connectionId, HASH_KEY_BYTES);
  const remembered = new LRUCache<string, string>({ max: REMEMBERED });

  const sealNew = (value: Buffer) =>
    `${PREFIX}${Buffer.from(aessiv(sivKey).encrypt(pad(value))).toString("base64url")}`;
  return {
    seal(value) {
      if (value.length > LONGEST_SEALED) {
        return `${HASH_PREFIX}${createHmac("sha256", hashKey).update(value).digest("base64url")}`;
      }
      if (value.length > LONGEST_REMEMBERED) return sealNew(value);
      const name = value.toString("latin1");
      const known = remembered.get(name);
      if (known !== undefined) return known;
      const sealed = sealNew(value);
      remembered.set(name, sealed);
      return sealed;
    },
    open(token) {
      if (!SEALED.test(token) || token.length > tokenLength(LONGEST_SEALED)) return null;
      const text = token.slice(PREFIX.length);
      const body = Buffer.from(text, "base64url");
      // One token, one spelling: base64 has spare bits at its end.
      if (body.toString("base64url") !== text || body.length < SIV_BYTES + BLOCK) return null;
      try {
        return unpad(aessiv(sivKey).decrypt(body));
      } catch {
        return null;
      }
    },
  };
}

/** The keys of every connection, each made once: they remember what they have sealed. */
export function tokensByConnection(masterKey: Buffer): (connectionId: string) => TokenKeys {
  const known = new Map<string, TokenKeys>();
  return (connectionId) => {
    const kept = known.get(connectionId);
    if (kept !== undefined) return kept;
    const made = tokenKeys(masterKey, connectionId);
    known.set(connectionId, made);
    return made;
  };
}
