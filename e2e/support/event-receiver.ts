import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A message of an event stream as it came. */
export interface Post {
  readonly id: string;
  readonly timestamp: number;
  readonly signature: string;
  readonly type: string;
  readonly body: string;
}

/** A receiver that does as it is told; what it answers with 2xx is taken. */
export class EventReceiver {
  readonly taken: Post[] = [];
  readonly refused: Post[] = [];
  answer: (post: Post, response: ServerResponse) => boolean = (_post, response) => {
    response.end();
    return true;
  };
  #server: Server | null = null;
  port = 0;

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { headers } = request;
      const post = {
        id: String(headers["webhook-id"]),
        timestamp: Number(headers["webhook-timestamp"]),
        signature: String(headers["webhook-signature"]),
        type: String(headers["content-type"]),
        body,
      };
      (this.answer(post, response) ? this.taken : this.refused).push(post);
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(null));
    this.#server = null;
  }

  /** The events that were taken, in order. */
  lines(): Record<string, unknown>[] {
    return this.taken.flatMap((post) => linesOf(post.body));
  }

  /** What each of them says under this name. */
  taking(field: string): unknown[] {
    return this.lines().map((line) => line[field]);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }
}

/** The events of a message's body. */
export const linesOf = (body: string) =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
