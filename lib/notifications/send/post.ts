import { lookup } from "node:dns";
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { SendWebhook, WebhookRequest, WebhookResponse } from "../attempt";

/** Of an answer no more than this is read. */
const READ_BYTES = 4096;

const refusal = (address: string, why: string) => new Error(`${address} is ${why}`);

/** Resolves a name and lets only addresses through that may be called: what is checked is what is connected to. */
function guardedLookup(refuses: WebhookRequest["refuses"]): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "", 0);
      const [first] = found;
      const bad = found.find(({ address }) => refuses(address) !== null);
      if (bad !== undefined) return callback(refusal(bad.address, refuses(bad.address) ?? "refused"), "", 0);
      if (first === undefined) return callback(new Error(`${host} has no address`), "", 0);
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
    });
  };
}

/** Sends one message over its own connection. An answer of any status resolves, a redirect too: it is not followed. */
export const sendWebhook: SendWebhook = (request) =>
  new Promise<WebhookResponse>((resolve, reject) => {
    const url = new URL(request.url);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const refused = isIP(host) === 0 ? null : request.refuses(host);
    if (refused !== null) return reject(refusal(host, refused));
    const open = url.protocol === "https:" ? overHttps : overHttp;
    const signal = AbortSignal.timeout(request.timeoutMs);
    const fail = (error: Error) =>
      reject(signal.aborted ? new Error(`nothing within ${request.timeoutMs / 1000} seconds`) : error);
    const sending = open(
      url,
      {
        method: request.method,
        headers: { ...request.headers, "content-length": Buffer.byteLength(request.body) },
        agent: false,
        lookup: guardedLookup(request.refuses),
        signal,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const done = () => {
          resolve({
            status: answer.statusCode ?? 0,
            body: Buffer.concat(chunks).subarray(0, READ_BYTES).toString("utf8"),
          });
          answer.destroy();
        };
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size >= READ_BYTES) done();
        });
        answer.on("end", done);
        answer.on("error", fail);
      },
    );
    sending.on("error", fail);
    sending.end(request.body);
  });
