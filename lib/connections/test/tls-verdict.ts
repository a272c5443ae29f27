import type { TlsMode } from "../model";
import type { TlsFacts } from "./dial";
import { type Finding, StepFailure } from "./steps";

/** What is wrong with a certificate chain, in plain words, and what to do (OpenSSL manual, X509_STORE_CTX_get_error). */
function chainProblem(code: string, hasCa: boolean): { what: string; remedy: string } {
  const own = hasCa
    ? "Paste the certificate authority that signed the server's certificate; the one given did not."
    : "Paste the certificate authority that signed the server's certificate (PEM) under TLS.";
  switch (code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return {
        what: "the server's certificate is signed by itself",
        remedy: `${own} For a self-signed certificate that is the certificate itself (ask the server's operator for it).`,
      };
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return { what: "the certificate comes from an authority that is not trusted here", remedy: own };
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
      return { what: "the authority that signed the certificate is not known here", remedy: own };
    case "CERT_HAS_EXPIRED":
      return { what: "the server's certificate has expired", remedy: "Renew the certificate on the database server." };
    case "CERT_NOT_YET_VALID":
      return {
        what: "the server's certificate is not valid yet",
        remedy: "Check the clocks of both machines, or wait until the certificate is valid.",
      };
    default:
      return { what: `the certificate chain was refused (${code})`, remedy: own };
  }
}

/** What the mode makes of the certificate that the server showed. Throws StepFailure where the gateway would refuse it. */
export function judgeTls(mode: Exclude<TlsMode, "disabled">, facts: TlsFacts, hasCa: boolean): Finding {
  const { certificate } = facts;
  const chain = facts.chainError === null ? null : chainProblem(facts.chainError, hasCa);
  const verifies = mode === "verify-ca" || mode === "verify-full";
  if (verifies && chain !== null) {
    throw new StepFailure(`TLS works, but ${chain.what}.`, chain.remedy, certificate);
  }
  if (mode === "verify-full" && facts.nameError !== null) {
    throw new StepFailure(
      `The certificate is genuine but for another host: ${certificate.names || certificate.subject}.`,
      "Use one of these names as the host, have the certificate re-issued with this name, or choose verify-ca.",
      certificate,
    );
  }
  if (verifies) {
    const against = hasCa ? "the given authority" : "this machine's authorities";
    return { status: "ok", summary: `${facts.version}, certificate verified against ${against}.`, certificate };
  }
  const could =
    chain === null && facts.nameError === null
      ? "It would pass verify-full: choose that."
      : `It would not verify yet: ${chain?.what ?? "it is for another host"}.`;
  return {
    status: "warning",
    summary: `${facts.version}, certificate not verified: mode ${mode} accepts any server.`,
    remedy: `Someone between Sallyport and the database could pose as it. ${could}`,
    certificate,
  };
}

/** What the mode makes of a server that offers no TLS. */
export function judgeNoTls(mode: TlsMode): Finding {
  if (mode === "disabled" || mode === "preferred") {
    return {
      status: mode === "disabled" ? "skipped" : "warning",
      summary: "The server offers no TLS: statements and results travel in clear.",
      remedy: "Turn TLS on at the server unless the network between is trusted.",
    };
  }
  throw new StepFailure(
    `The server offers no TLS, and the mode ${mode} demands it.`,
    "Turn TLS on at the server (MySQL and MariaDB: ssl_cert and ssl_key), or choose preferred on a trusted network.",
  );
}
