import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Provider } from "oidc-provider";
import { configurationOf, type IdpSettings } from "./configuration";
import { handleInteraction } from "./interactions";
import { contentSecurityPolicy } from "./page";
import { errorPage } from "./pages";

export interface DevIdp {
  readonly issuer: string;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** Starts the development IdP on loopback. Rejects when the port is taken. */
export async function startDevIdp(settings: IdpSettings): Promise<DevIdp> {
  const issuer = `http://localhost:${settings.port}`;
  const provider = new Provider(issuer, configurationOf(settings));
  const answer = provider.callback();
  const policy = contentSecurityPolicy([new URL(settings.console.url).origin]);

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader("content-security-policy", policy);
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "same-origin");
    // A page of another name that resolves to this computer (DNS rebinding) gets nothing.
    if (
      request.headers.host !== `localhost:${settings.port}` &&
      request.headers.host !== `${LOOPBACK}:${settings.port}`
    ) {
      response.writeHead(421).end();
      return;
    }
    if (!(await handleInteraction(provider, request, response))) {
      await answer(request, response);
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      // An interaction that expired, or whose cookie is another's.
      if (!response.headersSent) {
        response.writeHead(400, { "content-type": "text/html; charset=utf-8" });
      }
      response.end(errorPage("invalid_request", "This sign-in has expired or was finished already"));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, LOOPBACK, () => resolve());
  });
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
