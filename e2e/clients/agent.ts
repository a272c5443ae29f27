import { join } from "node:path";
import type { SnippetFacts } from "@/lib/connections/snippets/snippet";
import { type Product, runningProduct } from "../support/product";
import { accessToken } from "../support/tokens";

/** What a client needs to use the demo connection as orders-agent, in the words of "Connect an agent". */
export interface Agent extends SnippetFacts {
  readonly product: Product;
  readonly caPath: string;
  /** A fresh access token: the password. */
  readonly token: string;
}

export async function ordersAgent(): Promise<Agent> {
  const product = runningProduct();
  return {
    product,
    connection: "shop",
    schema: "shop",
    host: "127.0.0.1",
    port: product.gatewayPort,
    caPath: join(product.dataDir, "tls", "ca.pem"),
    token: await accessToken(product, "orders-agent"),
  };
}
