import type { AuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import { clientAddress } from "@/lib/auth/client-address";
import { isSecureConsole, sessionCookieName } from "@/lib/auth/console-cookie";
import { SESSION_SECONDS } from "@/lib/auth/console-session";
import { type SignInResult, signIn } from "@/lib/auth/sign-in";
import { env } from "@/lib/config/env";
import { masterKeyFromBase64, seal } from "@/lib/crypto/seal";
import { consoleStore } from "@/lib/db/console-store";
import { SallyportError } from "@/lib/errors/error";

declare module "next-auth" {
  interface User {
    /** Set by the signIn callback for the jwt callback of the same request. */
    signedIn?: Extract<SignInResult, { ok: true }>;
  }
}

/** The context a sealed ID token is bound to. */
export function idTokenContext(sessionId: string): string {
  return `console-session:${sessionId}`;
}

/** next-auth for one request: a generic OpenID provider, and a cookie that holds two ids. */
export function nextAuthOptions(headers: Headers): AuthOptions {
  const { OIDC_ISSUER, OIDC_GROUPS_CLAIM, SALLYPORT_ROLES } = env("oidc");
  const { OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, AUTH_SECRET } = env("console");
  return {
    secret: AUTH_SECRET,
    useSecureCookies: isSecureConsole(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecureConsole() },
      },
    },
    providers: [
      {
        id: "oidc",
        name: "Single sign-on",
        type: "oauth",
        wellKnown: `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
        issuer: OIDC_ISSUER,
        clientId: OIDC_CLIENT_ID,
        clientSecret: OIDC_CLIENT_SECRET,
        authorization: { params: { scope: "openid profile email groups" } },
        idToken: true,
        checks: ["pkce", "state", "nonce"],
        userinfo: {
          async request({ client, tokens }) {
            const claims = { ...(tokens.id_token ? decodeClaims(tokens.id_token) : {}) };
            if (client.issuer.metadata.userinfo_endpoint === undefined || tokens.access_token === undefined) {
              return claims;
            }
            const userinfo = await client.userinfo(tokens.access_token);
            // OpenID Connect Core 5.3.2: another subject's userinfo must not be used.
            if (userinfo.sub !== claims.sub) {
              throw new SallyportError("LOGIN_REFUSED", "The identity provider's userinfo is about someone else");
            }
            return { ...claims, ...userinfo };
          },
        },
        profile: (profile: { sub: string }) => ({ id: profile.sub }),
      },
    ],
    callbacks: {
      async signIn({ user, account, profile }) {
        const idToken = account?.id_token;
        const result = await signIn(consoleStore().db, {
          issuer: OIDC_ISSUER,
          claims: { ...profile },
          groupsClaim: OIDC_GROUPS_CLAIM,
          roleMap: SALLYPORT_ROLES,
          address: clientAddress(headers),
          userAgent: headers.get("user-agent"),
          sealIdToken: (sessionId) =>
            idToken
              ? seal(masterKeyFromBase64(env("secrets").SALLYPORT_MASTER_KEY), idToken, idTokenContext(sessionId))
              : null,
        });
        if (!result.ok) return `/sign-in?error=${result.why}`;
        user.signedIn = result;
        return true;
      },
      jwt({ token, user }): JWT {
        const signedIn = (user as typeof user | undefined)?.signedIn;
        return signedIn === undefined ? token : { sub: signedIn.identityId, sid: signedIn.sessionId };
      },
      redirect({ url, baseUrl }) {
        const target = new URL(url, baseUrl);
        return target.origin === new URL(baseUrl).origin ? target.href : baseUrl;
      },
    },
  };
}

/** The claims of an ID token that openid-client has verified a moment ago. */
function decodeClaims(idToken: string): Record<string, unknown> {
  const [, body = ""] = idToken.split(".");
  return JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>;
}
