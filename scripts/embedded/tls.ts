import { webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { writePrivate } from "../launch/data-dir.mjs";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** Some clients refuse server certificates that live longer than 398 days. */
const LEAF_DAYS = 397;
const RENEW_BEFORE_DAYS = 30;

export interface TlsFiles {
  /** The certificate authority that clients are told to trust. */
  readonly ca: string;
  /** The gateway's certificate followed by the CA's: MariaDB's clients accept a private chain on loopback only when it is whole. */
  readonly chain: string;
  readonly key: string;
}

export function tlsFiles(dataDir: string): TlsFiles {
  const path = (name: string) => join(dataDir, "tls", name);
  return { ca: path("ca.pem"), chain: path("gateway.pem"), key: path("gateway-key.pem") };
}

/**
 * Makes the embedded default's CA and the gateway's certificate, or renews the certificate when it ends within 30 days. The CA stays
 * the same as long as it can sign a full term, so that clients that trust it go on. Returns whether anything was written.
 */
export async function ensureTls(dataDir: string, now: Date = new Date()): Promise<boolean> {
  const files = tlsFiles(dataDir);
  if (await isGood(files, now)) {
    return false;
  }
  mkdirSync(join(dataDir, "tls"), { recursive: true, mode: 0o700 });
  const authority = (await readAuthority(files.ca, dataDir, now)) ?? (await makeAuthority(files.ca, dataDir, now));
  const keys = await newKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: "CN=localhost",
    issuer: authority.certificate.subject,
    ...term(now, LEAF_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      // Python from 3.13 on refuses certificates that do not name their issuer's key.
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  });
  writePrivate(files.key, await privatePem(keys.privateKey));
  writePrivate(files.chain, `${leaf.toString("pem")}\n${authority.certificate.toString("pem")}\n`);
  return true;
}

async function isGood(files: TlsFiles, now: Date): Promise<boolean> {
  if (!existsSync(files.ca) || !existsSync(files.chain) || !existsSync(files.key)) {
    return false;
  }
  const leaf = new x509.X509Certificate(readFileSync(files.chain, "utf8"));
  return leaf.notAfter.getTime() - now.getTime() > RENEW_BEFORE_DAYS * DAY_MS;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: CryptoKey;
}

const authorityKeyPath = (dataDir: string) => join(dataDir, "tls", "ca-key.pem");

async function readAuthority(caPath: string, dataDir: string, now: Date): Promise<Authority | null> {
  if (!existsSync(caPath) || !existsSync(authorityKeyPath(dataDir))) {
    return null;
  }
  const certificate = new x509.X509Certificate(readFileSync(caPath, "utf8"));
  if (certificate.notAfter.getTime() - now.getTime() < LEAF_DAYS * DAY_MS) {
    return null;
  }
  const der = x509.PemConverter.decodeFirst(readFileSync(authorityKeyPath(dataDir), "utf8"));
  return { certificate, key: await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]) };
}

async function makeAuthority(caPath: string, dataDir: string, now: Date): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=Sallyport development CA",
    ...term(now, CA_DAYS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writePrivate(authorityKeyPath(dataDir), await privatePem(keys.privateKey));
  writePrivate(caPath, `${certificate.toString("pem")}\n`);
  return { certificate, key: keys.privateKey };
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function privatePem(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

/** Clocks differ: valid from an hour ago. */
function term(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - DAY_MS / 24), notAfter: new Date(now.getTime() + days * DAY_MS) };
}

/** A positive random serial number of 15 bytes (RFC 5280, 4.1.2.2). */
function serial(): string {
  return `4${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
    .toString("hex")
    .slice(1)}`;
}
