import { type Configuration, errors, type KoaContextWithOIDC } from "oidc-provider";
import type { IdpKeys } from "./keys";
import type { MachineClient } from "./machine-clients";
import { deviceCodePage, deviceConfirmPage, deviceDonePage, errorPage, logoutPage, signedOutPage } from "./pages";
import { personBySubject } from "./people";

export interface IdpSettings {
  readonly port: number;
  readonly console: { readonly id: string; readonly secret: string; readonly url: string };
  readonly audience: string;
  readonly groupsClaim: string;
  readonly clients: readonly MachineClient[];
  readonly keys: IdpKeys;
}

/** The public client of `sallyport connect` and other programs that act for a person. */
export const DEVICE_CLIENT = "sallyport-cli";
/** Another API of the same company: tokens for it are real, and must not open a MySQL session. */
export const OTHER_API = "urn:example:billing";
const WIRE_SCOPE = "mysql:connect";
const HOUR = 3600;

/** The provider's whole configuration (oidc-provider docs, "Configuration options"). */
export function configurationOf(settings: IdpSettings): Configuration {
  const { groupsClaim, audience } = settings;
  const groupsOf = (sub: string) =>
    personBySubject(sub)?.groups ?? settings.clients.find((client) => client.id === sub)?.groups ?? [];
  return {
    clients: [consoleClient(settings), deviceClient(), ...settings.clients.map(machineClient)],
    jwks: settings.keys.jwks,
    cookies: { keys: settings.keys.cookieKeys },
    scopes: ["openid", "offline_access", "profile", "email", "groups"],
    claims: {
      openid: ["sub", groupsClaim],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
      groups: [groupsClaim],
    },
    // Claims of the granted scopes stand in the ID token too, as most companies configure theirs.
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const person = personBySubject(sub);
      return (
        person && {
          accountId: person.sub,
          claims: () => ({
            sub: person.sub,
            name: person.name,
            preferred_username: person.sub,
            email: person.email,
            email_verified: true,
            [groupsClaim]: [...person.groups],
          }),
        }
      );
    },
    extraTokenClaims: (_ctx, token) => {
      const person = "accountId" in token ? personBySubject(token.accountId) : undefined;
      return person
        ? { [groupsClaim]: [...person.groups], email: person.email, name: person.name }
        : { [groupsClaim]: [...groupsOf(token.clientId ?? "")] };
    },
    loadExistingGrant,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: (_ctx, client) => client.redirectUris !== undefined && client.redirectUris.length > 0 },
    renderError: (ctx, out) => {
      ctx.type = "html";
      ctx.body = errorPage(out.error, out.error_description ?? "");
    },
    ttl: {
      AccessToken: HOUR,
      ClientCredentials: HOUR,
      IdToken: HOUR,
      DeviceCode: HOUR / 6,
      Interaction: HOUR,
      Session: 12 * HOUR,
      Grant: 12 * HOUR,
      RefreshToken: 12 * HOUR,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // A machine client wants to reach databases; a person's sign-in to the console asks for no API.
        defaultResource: (_ctx, client, oneOf) =>
          oneOf?.[0] ?? (client.grantTypeAllowed("client_credentials") ? audience : []),
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== audience && resource !== OTHER_API) {
            throw new errors.InvalidTarget(`unknown resource; this IdP knows ${audience}`);
          }
          return {
            audience: resource,
            scope: WIRE_SCOPE,
            accessTokenFormat: "jwt",
            accessTokenTTL: HOUR,
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
      deviceFlow: {
        enabled: true,
        charset: "base-20",
        mask: "****-****",
        userCodeInputSource: (ctx, _form, _out, error) => {
          const problem = error === undefined ? null : deviceProblem(error);
          ctx.body = deviceCodePage(ctx.oidc.urlFor("code_verification"), xsrfOf(ctx), typedCode(error), problem);
        },
        userCodeConfirmSource: (ctx, form, client, _info, code) => {
          ctx.body = deviceConfirmPage(form, client.clientName ?? client.clientId, code);
        },
        successSource: (ctx) => {
          ctx.body = deviceDonePage(ctx.oidc.client?.clientName ?? "The device");
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = logoutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = signedOutPage();
        },
      },
    },
  };
}

function consoleClient({ console }: IdpSettings): NonNullable<Configuration["clients"]>[number] {
  const origin = new URL(console.url).origin;
  return {
    client_id: console.id,
    client_secret: console.secret,
    client_name: "Sallyport console",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    redirect_uris: [`${origin}/api/auth/callback/oidc`],
    post_logout_redirect_uris: [origin, `${origin}/`, `${origin}/signed-out`, `${origin}/sign-in`],
    token_endpoint_auth_method: "client_secret_basic",
  };
}

function deviceClient(): NonNullable<Configuration["clients"]>[number] {
  return {
    client_id: DEVICE_CLIENT,
    client_name: "Sallyport command line",
    application_type: "native",
    token_endpoint_auth_method: "none",
    grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
    response_types: [],
    redirect_uris: [],
  };
}

function machineClient(client: MachineClient): NonNullable<Configuration["clients"]>[number] {
  return {
    client_id: client.id,
    client_secret: client.secret,
    client_name: client.id,
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: "client_secret_basic",
  };
}

/** The console is the company's own: people are not asked whether it may know who they are. Everyone else is asked once. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, session, provider, result } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) {
    return undefined;
  }
  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (known !== undefined || client.applicationType === "native") {
    return known;
  }
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid offline_access profile email groups");
  await grant.save();
  return grant;
}

function xsrfOf(ctx: KoaContextWithOIDC): string {
  const state: unknown = ctx.oidc.session?.state;
  return typeof state === "object" && state !== null && "secret" in state ? String(state.secret) : "";
}

/** The code that was typed wrongly, to correct it. */
function typedCode(error: object | undefined): string {
  return error !== undefined && "userCode" in error && typeof error.userCode === "string" ? error.userCode : "";
}

function deviceProblem(error: Error): string {
  switch (error.name) {
    case "NoCodeError":
      return "Enter the code first.";
    case "NotFoundError":
      return "There is no such code. Compare it with the one shown.";
    case "ExpiredError":
      return "This code has expired. Start again on the device.";
    case "AlreadyUsedError":
      return "This code was used already. Start again on the device.";
    case "AbortedError":
      return "The request was cancelled.";
    default:
      return "The request could not be completed. Start again on the device.";
  }
}
