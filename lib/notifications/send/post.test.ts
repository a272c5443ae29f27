import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { refusedAddress } from "@/lib/connections/address";
import type { WebhookRequest } from "../attempt";
import { newSecret, signatureOf, signedHeaders } from "../signature";
import { sendWebhook } from "./post";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function receiver(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

const message = (url: string, changes: Partial<WebhookRequest> = {}): WebhookRequest => ({
  url,
  method: "POST",
  headers: { "content-type": "application/json" },
  body: '{"type":"webhook.test"}',
  timeoutMs: 5_000,
  refuses: refusedAddress,
  ...changes,
});

describe("sending a webhook", () => {
  it("delivers a body whose signature the receiver can verify", async () => {
    const secret = newSecret();
    const got: { headers: IncomingMessage["headers"]; body: string }[] = [];
    const url = await receiver(async (request, response) => {
      got.push({ headers: request.headers, body: await bodyOf(request) });
      response.end("thanks");
    });
    const body = '{"type":"approval.requested","text":"größer"}';
    const sent = await sendWebhook(message(url, { body, headers: signedHeaders(secret, "m1", new Date(), body) }));
    expect(sent).toEqual({ status: 200, body: "thanks" });
    const [one] = got;
    const timestamp = Number(one?.headers["webhook-timestamp"]);
    expect(one?.headers["webhook-signature"]).toBe(signatureOf(secret, "m1", timestamp, one?.body ?? ""));
    expect(one?.body).toBe(body);
  });

  it("does not follow a redirect", async () => {
    const asked: string[] = [];
    const url = await receiver((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
    });
    expect((await sendWebhook(message(url))).status).toBe(302);
    expect(asked).toEqual(["/hook"]);
  });

  it("gives up on a receiver that does not answer, and on one that never ends its answer", async () => {
    const silent = await receiver(() => undefined);
    await expect(sendWebhook(message(silent, { timeoutMs: 50 }))).rejects.toThrow("nothing within 0.05 seconds");
    const endless = await receiver((_request, response) => void response.write("one byte"));
    await expect(sendWebhook(message(endless, { timeoutMs: 50 }))).rejects.toThrow("nothing within");
  });

  it("reads the beginning of a long answer only", async () => {
    const url = await receiver((_request, response) => void response.end("x".repeat(1_000_000)));
    expect((await sendWebhook(message(url))).body).toHaveLength(4096);
  });

  it("calls no metadata service, whether it is written as an address or hidden behind a name", async () => {
    for (const host of ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]"]) {
      await expect(sendWebhook(message(`http://${host}/`))).rejects.toThrow(/link-local/);
    }
    const refuses = (address: string) => (address === "127.0.0.1" || address === "::1" ? "not allowed here" : null);
    await expect(sendWebhook(message("http://localhost:9/", { refuses }))).rejects.toThrow("is not allowed here");
  });

  it("rejects when nobody listens", async () => {
    await expect(sendWebhook(message("http://127.0.0.1:1/"))).rejects.toThrow(/ECONNREFUSED/);
  });
});
