import { SallyportError } from "@/lib/errors/error";
import { readAuthMoreData } from "../protocol/auth-more-data";
import { readAuthSwitchRequest } from "../protocol/auth-switch";
import { AUTH_PLUGIN, CACHING_SHA2, HEADER } from "../protocol/constants";
import { type ErrPacket, readErr } from "../protocol/err-packet";
import { MalformedPacket } from "../protocol/malformed";
import { type OkPacket, readOk } from "../protocol/ok-packet";
import { cachingSha2Password, nativePassword, rsaPassword } from "../protocol/scramble";
import type { LoginChannel } from "../socket/login-channel";

/** What the plugins may know. `verified`: the server's certificate was checked. */
export interface AuthContext {
  readonly password: string;
  readonly secure: boolean;
  readonly verified: boolean;
  readonly capabilities: number;
}

/** The upstream's own refusal of the login, to be turned into a message without its account. */
export class UpstreamRefusal extends Error {
  readonly error: ErrPacket;
  constructor(error: ErrPacket) {
    super(`the upstream refused the login with error ${error.errno}`);
    this.name = "UpstreamRefusal";
    this.error = error;
  }
}

/** Asks for the server's public key; another byte in each plugin. */
const SHA256_REQUEST_KEY = 1;
/** A login that takes more packets than this is not one. */
const MAX_ROUNDS = 16;

function clear(password: string): Buffer {
  return Buffer.from(`${password}\0`, "utf8");
}

/** The first answer of a plugin to the server's scramble. Throws UNAVAILABLE for plugins that the gateway does not speak. */
export function firstResponse(plugin: string, scramble: Buffer, context: AuthContext): Buffer {
  switch (plugin) {
    case AUTH_PLUGIN.NATIVE:
      return nativePassword(context.password, scramble);
    case AUTH_PLUGIN.CACHING_SHA2:
      return cachingSha2Password(context.password, scramble);
    case AUTH_PLUGIN.SHA256:
      if (context.password === "") {
        return Buffer.alloc(0);
      }
      return context.secure ? clear(context.password) : Buffer.of(SHA256_REQUEST_KEY);
    case AUTH_PLUGIN.CLEAR:
      if (!context.verified) {
        throw new SallyportError(
          "UNAVAILABLE",
          "The upstream asks for the account's password in clear, and its certificate is not verified",
          { next: "Ask an admin to set the connection's TLS mode to verify-full" },
        );
      }
      return clear(context.password);
    default:
      throw new SallyportError(
        "UNAVAILABLE",
        "The upstream account uses an authentication plugin that the gateway does not speak",
        {
          next: "Ask an admin to give the account mysql_native_password, caching_sha2_password or sha256_password",
        },
      );
  }
}

/** Goes through the server's answers until it takes the login. Rejects with UpstreamRefusal, UNAVAILABLE or MalformedPacket. */
export async function authenticate(
  channel: LoginChannel,
  greeting: { readonly plugin: string; readonly scramble: Buffer },
  context: AuthContext,
): Promise<OkPacket> {
  let { plugin, scramble } = greeting;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const payload = await channel.read();
    switch (payload[0]) {
      case HEADER.OK:
        return readOk(payload, context.capabilities);
      case HEADER.ERR:
        throw new UpstreamRefusal(readErr(payload));
      case HEADER.EOF: {
        const request = readAuthSwitchRequest(payload);
        plugin = request.plugin;
        scramble = request.data.subarray(0, 20);
        channel.send(firstResponse(plugin, scramble, context));
        break;
      }
      case HEADER.MORE_DATA: {
        const answer = moreData(plugin, readAuthMoreData(payload), scramble, context);
        if (answer !== null) {
          channel.send(answer);
        }
        break;
      }
      default:
        throw new MalformedPacket("login: an unknown packet");
    }
  }
  throw new MalformedPacket("login: no end");
}

function moreData(plugin: string, data: Buffer, scramble: Buffer, context: AuthContext): Buffer | null {
  if (plugin === AUTH_PLUGIN.CACHING_SHA2 && data.length === 1) {
    switch (data[0]) {
      case CACHING_SHA2.FAST_OK:
        return null;
      case CACHING_SHA2.FULL_AUTH:
        return context.secure ? clear(context.password) : Buffer.of(CACHING_SHA2.REQUEST_KEY);
      default:
        throw new MalformedPacket("caching_sha2_password: an unknown request");
    }
  }
  const wantsKey = plugin === AUTH_PLUGIN.CACHING_SHA2 || plugin === AUTH_PLUGIN.SHA256;
  if (wantsKey && !context.secure && data.toString("latin1", 0, 10) === "-----BEGIN") {
    return rsaPassword(context.password, scramble, data.toString("latin1"));
  }
  throw new MalformedPacket("login: data that no plugin expects");
}
