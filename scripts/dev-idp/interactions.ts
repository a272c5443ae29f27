import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import { consentPage, loginPage } from "./pages";
import { PEOPLE, personBySubject } from "./people";

const PATH = /^\/interaction\/([\w-]{1,64})(?:\/(login|consent|abort))?$/;
const MAX_BODY_BYTES = 4096;

/** What an application asks for, in words. */
const WISHES: Readonly<Record<string, string>> = {
  openid: "know who you are",
  profile: "see your name",
  email: "see your e-mail address",
  groups: "see your groups",
  offline_access: "go on while you are away",
  "mysql:connect": "connect to databases through Sallyport as you",
};

/** Answers the sign-in and consent pages. Resolves to false when the request is for something else. */
export async function handleInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const match = PATH.exec(new URL(request.url ?? "/", "http://localhost").pathname);
  if (match === null) {
    return false;
  }
  const [, uid = "", action] = match;
  const details = await provider.interactionDetails(request, response);
  if (details.uid !== uid) {
    send(response, 400, "text/plain", "This sign-in belongs to another page. Start again in the application.\n");
    return true;
  }
  if (request.method === "GET" && action === undefined) {
    send(response, 200, "text/html; charset=utf-8", await pageFor(provider, details));
    return true;
  }
  if (request.method !== "POST" || action === undefined || !sameOrigin(provider, request)) {
    send(response, 405, "text/plain", "Use the buttons of the page.\n");
    return true;
  }
  if (action === "abort") {
    await provider.interactionFinished(request, response, {
      error: "access_denied",
      error_description: "the person cancelled",
    });
  } else if (action === "login") {
    const person = personBySubject(new URLSearchParams(await readBody(request)).get("sub") ?? "");
    if (person === undefined) {
      send(response, 400, "text/plain", "There is no such person.\n");
      return true;
    }
    await provider.interactionFinished(request, response, { login: { accountId: person.sub } });
  } else {
    const grantId = await grant(provider, details);
    await provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true });
  }
  return true;
}

type Details = Awaited<ReturnType<Provider["interactionDetails"]>>;

async function pageFor(provider: Provider, details: Details): Promise<string> {
  const client = await provider.Client.find(String(details.params.client_id));
  const name = client?.clientName ?? "an application";
  if (details.prompt.name === "login") {
    return loginPage(details.uid, name, PEOPLE);
  }
  const { oidcScopes, resourceScopes } = missing(details);
  const scopes = [...oidcScopes, ...Object.values(resourceScopes).flat()];
  return consentPage(
    details.uid,
    name,
    scopes.map((scope) => WISHES[scope] ?? scope),
  );
}

/** What the prompt says is not granted yet (oidc-provider docs, "interactions"). */
function missing(details: Details) {
  const found = details.prompt.details as {
    missingOIDCScope?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  return { oidcScopes: found.missingOIDCScope ?? [], resourceScopes: found.missingResourceScopes ?? {} };
}

async function grant(provider: Provider, details: Details): Promise<string> {
  const known = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId);
  const given =
    known ??
    new provider.Grant({ accountId: details.session?.accountId ?? "", clientId: String(details.params.client_id) });
  const { oidcScopes, resourceScopes } = missing(details);
  if (oidcScopes.length > 0) {
    given.addOIDCScope(oidcScopes.join(" "));
  }
  for (const [resource, scopes] of Object.entries(resourceScopes)) {
    given.addResourceScope(resource, scopes.join(" "));
  }
  return given.save();
}

/** Browsers name the page's origin in every form submission; another site's is refused. */
function sameOrigin(provider: Provider, request: IncomingMessage): boolean {
  return request.headers.origin === undefined || request.headers.origin === provider.issuer;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) {
      throw new Error("the form is too large");
    }
  }
  return text;
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}
