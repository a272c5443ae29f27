import { connect as connectTcp } from "node:net";
import mysql, { type Connection, type SslOptions } from "mysql2/promise";
import { isIpAddress } from "../address";
import type { TlsMode } from "../model";
import { StepFailure } from "./steps";

const LOGIN_MS = 8_000;
const QUERY_MS = 5_000;

/** Where and how the test logs in. `password` is in clear in memory only. */
export interface TestTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls: TlsMode;
  readonly ca: string | null;
  readonly schema: string | null;
}

/**
 * The TLS options of a mode. mysql2 compares a certificate with host names only: for an IP address the name was checked
 * by the TLS step before, and the authority is checked here again.
 */
function sslOptions(target: TestTarget, offersTls: boolean): SslOptions | undefined {
  if (target.tls === "disabled" || (target.tls === "preferred" && !offersTls)) {
    return undefined;
  }
  const verifies = target.tls === "verify-ca" || target.tls === "verify-full";
  return {
    rejectUnauthorized: verifies,
    verifyIdentity: target.tls === "verify-full" && !isIpAddress(target.host),
    ...(verifies && target.ca !== null ? { ca: target.ca } : {}),
  };
}

/** Logs in at the address that was resolved before. Throws StepFailure with the remedy. */
export async function login(target: TestTarget, address: string, offersTls: boolean): Promise<Connection> {
  const ssl = sslOptions(target, offersTls);
  try {
    return await mysql.createConnection({
      host: target.host,
      port: target.port,
      stream: () => connectTcp({ host: address, port: target.port }),
      user: target.user,
      password: target.password,
      ...(target.schema === null ? {} : { database: target.schema }),
      ...(ssl === undefined ? {} : { ssl }),
      connectTimeout: LOGIN_MS,
      // The server may ask for a local file at any time; this client has none to give.
      flags: ["-LOCAL_FILES"],
      multipleStatements: false,
      connectAttributes: { program_name: "sallyport connection test" },
    });
  } catch (error) {
    throw loginFailure(error, target, ssl !== undefined);
  }
}

/** Runs one statement and gives its rows as arrays. Rejects after five seconds. */
export async function rowsOf(connection: Connection, sql: string): Promise<unknown[][]> {
  const [rows] = await connection.query({ sql, rowsAsArray: true, timeout: QUERY_MS });
  return Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row : [row])) : [];
}

/** What a refused login means. The server's own text is not passed on: it is written by whatever listens there. */
function loginFailure(error: unknown, target: TestTarget, encrypted: boolean): StepFailure {
  const errno = error instanceof Error && "errno" in error && typeof error.errno === "number" ? error.errno : 0;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (errno) {
    case 1045:
    case 1698:
      return new StepFailure(
        `The server refused user ${target.user} (error ${errno}): wrong password, or no such account for this client address.`,
        "Check user and password. An account is user@host: the host part must allow the address of the gateway and of the console.",
      );
    case 1044:
      return new StepFailure(
        `User ${target.user} may not use the schema ${target.schema} (error 1044).`,
        `Grant it a privilege on that schema, e.g. GRANT SELECT ON \`${target.schema}\`.* TO the account, or choose another default schema.`,
      );
    case 1049:
      return new StepFailure(
        `There is no schema ${target.schema} on this server (error 1049).`,
        "Correct the default schema or leave it empty. Letter case matters on most Linux servers.",
      );
    case 1040:
    case 1203:
    case 1226:
      return new StepFailure(
        `The server has no connection left for this account (error ${errno}).`,
        "Raise max_connections or the account's limit, or end idle sessions.",
      );
    case 1129:
    case 1130:
      return new StepFailure(REFUSED_HOST(errno), REFUSED_HOST_REMEDY);
    case 1820:
    case 1862:
      return new StepFailure(
        `The password of ${target.user} has expired (error ${errno}).`,
        "Set a new password at the server with ALTER USER, then store it here.",
      );
    case 3118:
    case 4151:
      return new StepFailure(
        `The account ${target.user} is locked (error ${errno}).`,
        "Unlock it with ALTER USER ... ACCOUNT UNLOCK.",
      );
    case 3159:
      return new StepFailure(
        "The server takes logins in TLS only (error 3159).",
        "Choose the TLS mode required, or better verify-full.",
      );
    default:
  }
  if (
    code === "AUTH_SWITCH_PLUGIN_ERROR" ||
    code === "AUTH_SWITCH_PLUGIN_UNKNOWN" ||
    errno === 1251 ||
    errno === 2059
  ) {
    return new StepFailure(
      `The account ${target.user} uses a login method that Sallyport does not speak.`,
      encrypted
        ? "Use mysql_native_password, caching_sha2_password or sha256_password for this account."
        : "Turn TLS on: some methods send the password in TLS only. Or use caching_sha2_password for this account.",
    );
  }
  if (code === "ETIMEDOUT") {
    return new StepFailure(
      `The server did not answer the login within ${LOGIN_MS / 1000} s.`,
      "It may be overloaded or in recovery: look at its error log.",
    );
  }
  const numbered = errno > 0 ? `error ${errno}` : code || "connection lost";
  return new StepFailure(
    `The server ended the login (${numbered}).`,
    "Look the number up in the server's manual, and look at its error log at this moment.",
  );
}

export const REFUSED_HOST = (errno: number) => `The server takes no connection from this machine (error ${errno}).`;
export const REFUSED_HOST_REMEDY =
  "Create the account for this machine's address (user@host). Error 1129 means too many failures: run FLUSH HOSTS at the server.";
