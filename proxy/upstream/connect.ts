import { connect as connectTcp } from "node:net";
import { SallyportError } from "@/lib/errors/error";
import { upstreamCollation } from "../protocol/charsets";
import { AUTH_PLUGIN, CAPABILITY, HEADER, SERVER_ERROR } from "../protocol/constants";
import { readErr } from "../protocol/err-packet";
import { writeHandshakeResponse } from "../protocol/handshake-response";
import { type HandshakeV10, readHandshakeV10 } from "../protocol/handshake-v10";
import { MalformedPacket } from "../protocol/malformed";
import { changedSchema } from "../protocol/session-track";
import { writeSslRequest } from "../protocol/ssl-request";
import type { UpstreamTarget } from "../session/ports";
import { LoginChannel } from "../socket/login-channel";
import { sharedReadBuffer } from "../socket/read-buffer";
import { Wire, type WireHandler } from "../socket/wire";
import { authenticate, firstResponse, UpstreamRefusal } from "./auth";
import { startUpstreamTls, tlsDemand } from "./tls-mode";

/** What the session brings to its upstream login. */
export interface UpstreamLogin {
  readonly target: UpstreamTarget;
  readonly schema: string | null;
  /** As the client asked; 0 takes utf8mb4. */
  readonly collation: number;
  /** The client's effective capabilities: those that shape results and rules are asked for upstream too. */
  readonly capabilities: number;
}

/** A logged-in upstream connection; its wire still reports to the login until the session takes it. */
export interface Upstream {
  readonly wire: Wire;
  readonly threadId: number;
  readonly serverVersion: string;
  readonly capabilities: number;
  readonly status: number;
  readonly schema: string | null;
}

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_LOGIN_PACKET = 64 * 1024;
const MAX_PACKET = 0x4000_0000;

const ALWAYS =
  CAPABILITY.LONG_PASSWORD |
  CAPABILITY.LONG_FLAG |
  CAPABILITY.PROTOCOL_41 |
  CAPABILITY.TRANSACTIONS |
  CAPABILITY.SECURE_CONNECTION;
const WHERE_OFFERED =
  CAPABILITY.PLUGIN_AUTH | CAPABILITY.PLUGIN_AUTH_LENENC | CAPABILITY.CONNECT_ATTRS | CAPABILITY.SESSION_TRACK;
const AS_CLIENT =
  CAPABILITY.FOUND_ROWS |
  CAPABILITY.NO_SCHEMA |
  CAPABILITY.ODBC |
  CAPABILITY.INTERACTIVE |
  CAPABILITY.MULTI_RESULTS |
  CAPABILITY.PS_MULTI_RESULTS |
  CAPABILITY.DEPRECATE_EOF;

const ASK_ADMIN = "Ask an admin to test the connection in the console";

function unavailable(what: string, cause?: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", what, { next: ASK_ADMIN, cause });
}

/** Opens the TCP connection; its bytes go through the shared read buffer. */
function openWire(target: UpstreamTarget): (handler: WireHandler) => Wire {
  return (handler) => {
    // The callback runs only after the wire exists: the socket connects asynchronously.
    let wire: Wire | null = null;
    const socket = connectTcp({
      host: target.host,
      port: target.port,
      noDelay: true,
      keepAlive: true,
      onread: { buffer: sharedReadBuffer, callback: (length, bytes) => wire?.take(length, bytes) ?? false },
    });
    wire = new Wire(socket, handler, false);
    return wire;
  };
}

/** Capabilities towards the upstream. Throws UNAVAILABLE for servers that cannot answer in the form that the client expects. */
function negotiate(offered: number, login: UpstreamLogin, secure: boolean): number {
  if ((offered & CAPABILITY.PROTOCOL_41) === 0 || (offered & CAPABILITY.SECURE_CONNECTION) === 0) {
    throw unavailable("The upstream is older than MySQL 4.1");
  }
  if ((login.capabilities & ~offered & CAPABILITY.DEPRECATE_EOF) !== 0) {
    throw unavailable("The upstream is older than MySQL 5.7 and MariaDB 10.2, and cannot answer this client");
  }
  const optional =
    WHERE_OFFERED | (login.capabilities & AS_CLIENT) | (login.schema === null ? 0 : CAPABILITY.CONNECT_WITH_DB);
  return (ALWAYS | (optional & offered) | (secure ? CAPABILITY.SSL : 0)) >>> 0;
}

/** Connects and logs in. Rejects with SallyportError UNAVAILABLE; what it says names neither account nor address. */
export async function connectUpstream(login: UpstreamLogin): Promise<Upstream> {
  const channel = new LoginChannel(openWire(login.target), MAX_LOGIN_PACKET);
  const timer = setTimeout(() => channel.wire.destroy(), CONNECT_TIMEOUT_MS);
  try {
    return await logIn(channel, login);
  } catch (error) {
    channel.wire.destroy();
    throw explain(error, login);
  } finally {
    clearTimeout(timer);
  }
}

async function readGreeting(channel: LoginChannel): Promise<HandshakeV10> {
  const payload = await channel.read();
  if (payload[0] === HEADER.ERR) {
    throw new UpstreamRefusal(readErr(payload));
  }
  return readHandshakeV10(payload);
}

async function logIn(channel: LoginChannel, login: UpstreamLogin): Promise<Upstream> {
  const greeting = await readGreeting(channel);
  const demand = tlsDemand(login.target);
  const offersTls = (greeting.capabilities & CAPABILITY.SSL) !== 0;
  if (demand.required && !offersTls) {
    throw unavailable("The connection demands TLS and the upstream does not offer it");
  }
  const secure = offersTls && !demand.disabled;
  const capabilities = negotiate(greeting.capabilities, login, secure);
  const collation = upstreamCollation(login.collation, greeting.serverVersion);
  if (channel.takeLeft().length > 0) {
    throw new MalformedPacket("bytes behind the greeting");
  }
  if (secure) {
    channel.send(writeSslRequest({ capabilities, maxPacket: MAX_PACKET, collation }));
    const socket = channel.wire.detach();
    channel.wire.secureWith(await startUpstreamTls(login.target, socket));
  }
  const context = { password: login.target.password, secure, verified: secure && demand.verified, capabilities };
  const plugin = greeting.authPlugin ?? AUTH_PLUGIN.NATIVE;
  const known = Object.values<string>(AUTH_PLUGIN).includes(plugin) && plugin !== AUTH_PLUGIN.OPENID_CONNECT;
  // The greeting names the server's default; the account's own plugin comes by a switch, so an unknown name is no error yet.
  const first = known && plugin !== AUTH_PLUGIN.CLEAR ? plugin : AUTH_PLUGIN.NATIVE;
  channel.send(
    writeHandshakeResponse({
      capabilities,
      maxPacket: MAX_PACKET,
      collation,
      user: login.target.user,
      authResponse: firstResponse(first, greeting.scramble, context),
      database: login.schema,
      authPlugin: first,
      attributes: new Map([["_client_name", "sallyport"]]),
    }),
  );
  const ok = await authenticate(channel, { plugin: first, scramble: greeting.scramble }, context);
  if (channel.takeLeft().length > 0) {
    throw new MalformedPacket("bytes behind the login");
  }
  return {
    wire: channel.wire,
    threadId: greeting.threadId,
    serverVersion: greeting.serverVersion,
    capabilities,
    status: ok.status,
    schema: changedSchema(ok.stateChanges) ?? login.schema,
  };
}

/** The client's own mistake (a schema that is not there) is told; everything else about the upstream's account is not. */
function explain(error: unknown, login: UpstreamLogin): SallyportError {
  if (error instanceof SallyportError) {
    return error;
  }
  if (error instanceof UpstreamRefusal) {
    const schema =
      error.error.errno === SERVER_ERROR.UNKNOWN_DATABASE || error.error.errno === SERVER_ERROR.DB_ACCESS_DENIED;
    if (schema && login.schema !== null) {
      return new SallyportError(
        "UNAVAILABLE",
        `The upstream does not let the connection use the schema ${login.schema}`,
        {
          next: "Log in with another default schema, or with none",
          cause: error,
        },
      );
    }
    return unavailable(`The upstream refused the gateway's login with error ${error.error.errno}`, error);
  }
  if (error instanceof MalformedPacket) {
    return unavailable("The upstream does not speak the MySQL protocol as it should", error);
  }
  return unavailable("The upstream does not answer", error);
}
