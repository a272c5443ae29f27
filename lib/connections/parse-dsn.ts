import type { TlsMode } from "./model";

/** What a pasted address says. Only what stands in it is set. */
export interface DsnFields {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly schema?: string;
  readonly tls?: TlsMode;
  /** Parameters that mean nothing here, by name. */
  readonly ignored: readonly string[];
}

/** TLS settings as drivers write them, lower case: MySQL's ssl-mode, Connector/J's sslMode, Go's tls, MariaDB's and DBHub's sslmode. */
const TLS_WORDS: Readonly<Record<string, TlsMode>> = {
  disabled: "disabled",
  disable: "disabled",
  preferred: "preferred",
  prefer: "preferred",
  required: "required",
  require: "required",
  trust: "required",
  "skip-verify": "required",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
  "verify-identity": "verify-full",
  verify: "verify-full",
};
const TLS_NAMES = new Set(["ssl-mode", "sslmode", "tls", "ssl", "usessl"]);

function tlsOf(text: string): TlsMode | undefined {
  const word = text.toLowerCase().replaceAll("_", "-");
  if (word === "true" || word === "1") return "required";
  if (word === "false" || word === "0") return "disabled";
  return TLS_WORDS[word];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A password with a bare percent sign was never encoded.
    return text;
  }
}

/** Reads `mysql://user:pass@host:port/db?ssl-mode=...` and its relatives (mariadb, mysql2, jdbc:, mysql+pymysql); null for anything else. */
export function parseDsn(text: string): DsnFields | null {
  const match = /^(?:jdbc:)?(?:mysql|mariadb)[a-z0-9]*(?:\+\w+)?:\/\/(.+)$/i.exec(text.trim());
  if (match?.[1] === undefined) {
    return null;
  }
  const [beforeQuery = "", query = ""] = splitOnce(match[1], "?");
  // The last @ before the path divides: passwords may hold an unencoded one.
  const slash = beforeQuery.indexOf("/", beforeQuery.lastIndexOf("@") + 1);
  const authority = slash === -1 ? beforeQuery : beforeQuery.slice(0, slash);
  const schema = slash === -1 ? "" : decoded(beforeQuery.slice(slash + 1));
  const at = authority.lastIndexOf("@");
  const [user, password] = at === -1 ? [] : splitOnce(authority.slice(0, at), ":");
  const place = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(authority.slice(at + 1));
  const host = place?.[1] ?? place?.[2];
  if (host === undefined || host === "") {
    return null;
  }
  const ignored: string[] = [];
  const found: { user?: string; password?: string; tls?: TlsMode } = {
    ...(user ? { user: decoded(user) } : {}),
    ...(password ? { password: decoded(password) } : {}),
  };
  for (const [name, value] of new URLSearchParams(query)) {
    const tls = TLS_NAMES.has(name.toLowerCase()) ? tlsOf(value) : undefined;
    if (tls !== undefined) found.tls = tls;
    else if (name === "user") found.user = value;
    else if (name === "password") found.password = value;
    else ignored.push(name);
  }
  return {
    host,
    ...(place?.[3] === undefined ? {} : { port: Number(place[3]) }),
    ...found,
    ...(schema === "" ? {} : { schema }),
    ignored,
  };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
