import { refusedAddress } from "@/lib/connections/address";
import { masterKey } from "@/lib/connections/credential";
import { open } from "@/lib/crypto/seal";
import type { eventStreams } from "@/lib/db/schema";
import { KEPT_CHARACTERS, type SendWebhook } from "@/lib/notifications/attempt";
import { signedHeaders } from "@/lib/notifications/signature";
import { refusedUrl } from "@/lib/notifications/target";
import { streamSecretContext } from "./secret-context";

/** A receiver that takes longer for one message has failed. */
export const STREAM_TIMEOUT_MS = 30_000;

/** What the process at the edge brings. */
export interface StreamParts {
  readonly send: SendWebhook;
  /** The file that this process's environment names; null: none. */
  readonly file: string | null;
  /** Adds text at a file's end, all of it or nothing as far as the file system can tell. */
  readonly append: (path: string, text: string) => Promise<void>;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
}

/** One message to where a stream goes; why it did not arrive, or null. Never rejects for what the receiver does. */
export async function deliver(
  stream: Pick<typeof eventStreams.$inferSelect, "id" | "url" | "sealedSecret">,
  message: { readonly id: string; readonly body: string },
  parts: StreamParts,
  at: Date,
): Promise<string | null> {
  try {
    const problem = stream.url === null ? await toFile(message.body, parts) : await toUrl(stream, message, parts, at);
    return problem?.slice(0, KEPT_CHARACTERS) ?? null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${stream.url === null ? "Not written" : "No answer"}: ${why}`.slice(0, KEPT_CHARACTERS);
  }
}

async function toFile(body: string, { file, append }: StreamParts): Promise<string | null> {
  if (file === null) return "Not written: this console's environment names no file";
  await append(file, body);
  return null;
}

async function toUrl(
  { id, url, sealedSecret }: Pick<typeof eventStreams.$inferSelect, "id" | "url" | "sealedSecret">,
  message: { readonly id: string; readonly body: string },
  parts: StreamParts,
  at: Date,
): Promise<string | null> {
  if (url === null || sealedSecret === null) return "Not sent: the stream has no signing secret";
  const refused = refusedUrl(url);
  if (refused !== null) return `Not sent: the address ${refused}`;
  const secret = open(masterKey(), sealedSecret, streamSecretContext(id));
  const response = await parts.send({
    url,
    method: "POST",
    headers: signedHeaders(secret, message.id, at, message.body, "application/x-ndjson"),
    body: message.body,
    timeoutMs: STREAM_TIMEOUT_MS,
    refuses: refusedAddress,
  });
  return response.status >= 200 && response.status < 300 ? null : `The receiver answered ${response.status}`;
}
