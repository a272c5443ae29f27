import { X509Certificate } from "node:crypto";
import { SallyportError } from "@/lib/errors/error";

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in order; empty when there is none. Throws what OpenSSL throws for a damaged one. */
export function certificatesOf(pem: string): X509Certificate[] {
  return [...pem.matchAll(BLOCK)].map(([block]) => new X509Certificate(block));
}

/** Throws INVALID_INPUT at `path` unless the text holds at least one readable certificate and no private key. */
export function checkCaText(pem: string, path: string): void {
  const refuse = (message: string) => {
    throw new SallyportError("INVALID_INPUT", `The certificate authority is not valid: ${message}`, {
      next: "Paste the PEM text that starts with -----BEGIN CERTIFICATE-----",
      problems: [{ path, message }],
    });
  };
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    refuse("this text holds a private key; paste the certificate only");
  }
  try {
    if (certificatesOf(pem).length === 0) {
      refuse("no PEM certificate in this text");
    }
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    refuse("this certificate cannot be read");
  }
}
