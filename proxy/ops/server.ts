import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readiness } from "./readiness";

export interface OpsServerOptions {
  readonly port: number;
  readonly readiness: () => Readiness;
  /** The metrics as Prometheus text. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}
export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The operator's HTTP server, on loopback only: /healthz (the process answers), /readyz (it can serve), /metrics. No secrets, no SQL. */
export async function startOpsServer({ port, readiness, metrics }: OpsServerOptions): Promise<OpsServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) => {
      response.writeHead(status, {
        "content-type": type,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (request.method !== "GET" && request.method !== "HEAD") {
      answer(405, "text/plain", "GET only\n");
      return;
    }
    switch (request.url?.split("?")[0]) {
      case "/healthz":
        answer(200, "application/json", '{"alive":true}\n');
        return;
      case "/readyz": {
        const state = readiness();
        answer(state.ready ? 200 : 503, "application/json", `${JSON.stringify(state)}\n`);
        return;
      }
      case "/metrics":
        metrics().then(
          ({ contentType, text }) => answer(200, contentType, text),
          () => answer(500, "text/plain", "The metrics could not be collected\n"),
        );
        return;
      default:
        answer(404, "text/plain", "/healthz, /readyz, /metrics\n");
    }
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
