import { randomBytes } from "node:crypto";
import { type SecureContext, TLSSocket } from "node:tls";
import { SallyportError } from "@/lib/errors/error";
import { writeAuthMoreData } from "../protocol/auth-more-data";
import { readOpenidToken } from "../protocol/auth-openid";
import { writeAuthSwitchRequest } from "../protocol/auth-switch";
import { isSafeCollation } from "../protocol/charsets";
import { AUTH_PLUGIN, CACHING_SHA2, CAPABILITY, STATUS, UTF8MB4_GENERAL_CI } from "../protocol/constants";
import { type HandshakeResponse, readHandshakeResponse } from "../protocol/handshake-response";
import { writeHandshakeV10 } from "../protocol/handshake-v10";
import { isSslRequest } from "../protocol/ssl-request";
import type { LoginChannel } from "../socket/login-channel";
import { OFFERED_CAPABILITIES, SERVER_VERSION } from "./offered";
import type { ClientFacts } from "./ports";

/** What a client presented, before anyone has checked it. */
export interface PresentedLogin {
  readonly response: HandshakeResponse;
  /** The client's capabilities that the gateway offered. */
  readonly capabilities: number;
  readonly token: string;
  readonly authMethod: ClientFacts["authMethod"];
  readonly tlsVersion: string;
}

/** Longest packet of a login; tokens of all known issuers stay far below. */
export const MAX_LOGIN_PACKET = 64 * 1024;

const NO_TLS = new SallyportError(
  "LOGIN_REFUSED",
  "The connection is not encrypted, and a token is taken over TLS only",
  {
    next: "Turn TLS on in the client, for example --ssl-mode=REQUIRED, --ssl or ssl: {}",
  },
);

/** A NUL cannot end a scramble early in clients that treat it as text, so none of its bytes is one. */
function makeScramble(): Buffer {
  const bytes = randomBytes(20);
  return bytes.map((byte) => (byte % 127) + 1) as Buffer;
}

/**
 * Speaks the login with a client up to its token: greeting, TLS, user name, plugin. `seen` is told the user name as soon as it is
 * known, for the record of a refusal. Rejects with LOGIN_REFUSED, MalformedPacket or LoginAborted. No secret is asked for before TLS,
 * and without it none is taken, unless `plain`: benchmarks.
 */
export async function readClientLogin(
  channel: LoginChannel,
  wireId: number,
  { tls, plain }: { readonly tls: SecureContext; readonly plain: boolean },
  seen: (response: HandshakeResponse) => void,
): Promise<PresentedLogin> {
  const scramble = makeScramble();
  channel.send(
    writeHandshakeV10({
      serverVersion: SERVER_VERSION,
      threadId: wireId,
      scramble,
      capabilities: OFFERED_CAPABILITIES,
      collation: UTF8MB4_GENERAL_CI,
      status: STATUS.AUTOCOMMIT,
      authPlugin: AUTH_PLUGIN.CACHING_SHA2,
    }),
  );
  const first = await channel.read();
  const secure = isSslRequest(first);
  const tlsVersion = secure ? await startClientTls(channel, tls) : "none";
  const response = readHandshakeResponse(secure ? await channel.read() : first, OFFERED_CAPABILITIES);
  seen(response);
  if (!secure && !plain) {
    throw NO_TLS;
  }
  if (!isSafeCollation(response.collation)) {
    throw new SallyportError(
      "LOGIN_REFUSED",
      `The client's character set (collation ${response.collation}) is not supported`,
      {
        next: "Set the client's character set to utf8mb4",
      },
    );
  }
  const { token, authMethod } = await readToken(channel, response, scramble);
  if (token === "") {
    throw new SallyportError("LOGIN_REFUSED", "The client sent no access token", {
      next: "Give the OIDC access token as the password",
    });
  }
  return { response, capabilities: response.capabilities & OFFERED_CAPABILITIES, token, authMethod, tlsVersion };
}

/** What the client sent behind its SSLRequest in one go is the beginning of the TLS handshake. */
function startClientTls(channel: LoginChannel, tls: SecureContext): Promise<string> {
  return new Promise((resolve) => {
    const left = channel.takeLeft();
    const socket = channel.wire.detach();
    if (left.length > 0) {
      socket.unshift(left);
    }
    const secure = new TLSSocket(socket, { isServer: true, secureContext: tls });
    // A failed handshake closes the socket, and the channel's next read rejects.
    channel.wire.secureWith(secure);
    secure.once("secure", () => resolve(secure.getProtocol() ?? "unknown"));
    secure.once("close", () => resolve("none"));
  });
}

function withoutNul(bytes: Buffer): string {
  const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
  return bytes.toString("utf8", 0, end);
}

async function readToken(
  channel: LoginChannel,
  response: HandshakeResponse,
  scramble: Buffer,
): Promise<Pick<PresentedLogin, "token" | "authMethod">> {
  if ((response.capabilities & CAPABILITY.PLUGIN_AUTH) === 0) {
    throw new SallyportError("LOGIN_REFUSED", "The client knows no authentication plugins, so it cannot send a token", {
      next: "Use a current driver, for Node.js mysql2 or mariadb in place of mysql",
    });
  }
  switch (response.authPlugin) {
    case AUTH_PLUGIN.CLEAR: {
      let secret = response.authResponse;
      if (secret.length === 0) {
        channel.send(writeAuthSwitchRequest({ plugin: AUTH_PLUGIN.CLEAR, data: Buffer.alloc(0) }));
        secret = await channel.read();
      }
      return { token: withoutNul(secret), authMethod: AUTH_PLUGIN.CLEAR };
    }
    case AUTH_PLUGIN.OPENID_CONNECT: {
      let packet = response.authResponse;
      if (packet.length === 0) {
        channel.send(writeAuthSwitchRequest({ plugin: AUTH_PLUGIN.OPENID_CONNECT, data: Buffer.alloc(0) }));
        packet = await channel.read();
      }
      return { token: readOpenidToken(packet), authMethod: AUTH_PLUGIN.OPENID_CONNECT };
    }
    case AUTH_PLUGIN.CACHING_SHA2:
      return fullAuthentication(channel, response.authResponse);
    default: {
      channel.send(writeAuthSwitchRequest({ plugin: AUTH_PLUGIN.CACHING_SHA2, data: scramble }));
      return fullAuthentication(channel, await channel.read());
    }
  }
}

/** caching_sha2_password: the scrambled password tells nothing about a token, so the whole one is asked for. */
async function fullAuthentication(
  channel: LoginChannel,
  scrambled: Buffer,
): Promise<Pick<PresentedLogin, "token" | "authMethod">> {
  const method = { authMethod: AUTH_PLUGIN.CACHING_SHA2 };
  // An empty password is sent as nothing or as a lone NUL, and then no full authentication follows.
  if (scrambled.length <= 1) {
    return { token: "", ...method };
  }
  channel.send(writeAuthMoreData(Buffer.of(CACHING_SHA2.FULL_AUTH)));
  const secret = await channel.read();
  if (secret.length === 1 && secret[0] === CACHING_SHA2.REQUEST_KEY) {
    throw new SallyportError("LOGIN_REFUSED", "The client asks for a public key inside TLS", {
      next: "Send the token as it is: the connection is encrypted",
    });
  }
  return { token: withoutNul(secret), ...method };
}
