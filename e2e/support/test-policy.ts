import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const SALLYPORT = join(import.meta.dirname, "../../scripts/sallyport.mjs");

/** What the demo's agents may do in tests, beside what the demo lets them: be slow. */
const POLICY = `version: 1
policies:
  - name: product tests
    connection: shop
    identities: [{ client_id: orders-agent }, { client_id: support-agent }]
    rules:
      - { name: be slow, effect: allow, statements: [select], tables: ["none.*"], functions: [sleep] }
`;

/** Publishes it on the product that runs with this data directory, as an operator would. */
export async function applyTestPolicy(dataDir: string): Promise<void> {
  const file = join(dataDir, "test-policy.yaml");
  writeFileSync(file, POLICY);
  const variables: Record<string, string> = JSON.parse(readFileSync(join(dataDir, "env.json"), "utf8"));
  await promisify(execFile)(process.execPath, [SALLYPORT, "apply", "-f", file], {
    env: { ...process.env, ...variables },
  });
}
