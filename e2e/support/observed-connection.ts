import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Product } from "./product";

const SALLYPORT = join(import.meta.dirname, "../../scripts/sallyport.mjs");

/** A connection to the demo database that only observes, with a policy that lets one client in and allows nothing, as an operator applies it. */
export async function applyObserved(product: Product, name: string, clientId: string): Promise<void> {
  const { port, user, password } = product.upstream;
  const file = join(product.dataDir, `${name}.yaml`);
  writeFileSync(
    file,
    `version: 1
connections:
  - name: ${name}
    host: 127.0.0.1
    port: ${port}
    user: ${user}
    password: { env: OBSERVED_PASSWORD }
    schema: shop
    mode: observe
    approvals: { hold_seconds: 0 }
masks:
  - { connection: ${name}, column: shop.customers.email, method: email }
policies:
  - name: ${name} guests
    connection: ${name}
    identities: [{ client_id: ${clientId} }]
    rules: []
`,
  );
  const variables: Record<string, string> = JSON.parse(readFileSync(join(product.dataDir, "env.json"), "utf8"));
  await promisify(execFile)(process.execPath, [SALLYPORT, "apply", "-f", file], {
    env: { ...process.env, ...variables, OBSERVED_PASSWORD: password },
  });
}
