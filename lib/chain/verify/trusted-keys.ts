import { createPublicKey, type KeyObject } from "node:crypto";
import { SallyportError } from "@/lib/errors/error";
import { keyIdOf } from "../signer";

/** Public keys that are believed, by id. Never those of the store: who can change records can change them too. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

/** Keys given as PEM. Throws INVALID_INPUT for what is no Ed25519 public key. */
export function trustedKeys(pems: readonly string[]): TrustedKeys {
  return new Map(
    pems.map((pem) => {
      try {
        const key = createPublicKey(pem);
        if (key.asymmetricKeyType === "ed25519") return [keyIdOf(pem), key] as const;
      } catch {
        // Said below.
      }
      throw new SallyportError("INVALID_INPUT", "The key is no Ed25519 public key in PEM", {
        next: "Download it from the console: Settings, Keys",
      });
    }),
  );
}
