import { env } from "@/lib/config/env";
import { type MasterKey, masterKeyFromBase64, open, seal } from "@/lib/crypto/seal";

/** The key of this deployment, from SALLYPORT_MASTER_KEY. */
export function masterKey(): MasterKey {
  return masterKeyFromBase64(env("secrets").SALLYPORT_MASTER_KEY);
}

const contextOf = (connectionId: string) => `connection:${connectionId}`;
const restrictedContextOf = (connectionId: string) => `restricted:${connectionId}`;

/** Seals an upstream password for its connection; it opens for no other. */
export function sealCredential(connectionId: string, password: string): string {
  return seal(masterKey(), password, contextOf(connectionId));
}

/** The upstream password in clear. Memory only: never log, return to a page or put it in an error. */
export function openCredential(connectionId: string, sealed: string): string {
  return open(masterKey(), sealed, contextOf(connectionId));
}

/** Seals the password of a connection's restricted account; it opens for no other, nor as the main one. */
export function sealRestrictedCredential(connectionId: string, password: string): string {
  return seal(masterKey(), password, restrictedContextOf(connectionId));
}

/** The restricted account's password in clear, with the same care as the main one. */
export function openRestrictedCredential(connectionId: string, sealed: string): string {
  return open(masterKey(), sealed, restrictedContextOf(connectionId));
}
