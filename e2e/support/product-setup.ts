import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@/scripts/mariadb.mjs";
import { scratchRoot } from "@/scripts/testing/scratch-root.mjs";
import { PRINTED_FILE, PRODUCT_DIR_VARIABLE } from "./product";
import { applyTestPolicy } from "./test-policy";

const ROOT = join(import.meta.dirname, "../..");
/** A cold start builds the console; on a small machine that takes minutes. */
const READY_MS = 600_000;
/** A machine client of the tests' own, beside the demo's. */
const TEST_CLIENTS = "e2e-agent:e2e-agent-secret:agents";

/** For Playwright: starts the whole product, unless one is given. Returns what stops it. */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env[PRODUCT_DIR_VARIABLE];
  if (given !== undefined) {
    await applyTestPolicy(given);
    return async () => undefined;
  }
  const { dataDir, stop } = await startProduct();
  process.env[PRODUCT_DIR_VARIABLE] = dataDir;
  await applyTestPolicy(dataDir);
  return stop;
}

/**
 * Starts the product in the checkout `root` as `npm start -- OPTIONS` does, in a directory and on ports of its own, with further
 * `variables`. `stop` also removes the directory.
 */
export async function startProduct(
  options: readonly string[] = [],
  root: string = ROOT,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly dataDir: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(scratchRoot(), "sallyport-e2e-"));
  const child = spawn(process.execPath, [join(root, "scripts/start.mjs"), ...options], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...variables,
      ...(await freePorts()),
      DATA_DIR: dataDir,
      DEV_IDP_CLIENTS: TEST_CLIENTS,
      NODE_ENV: "development",
    },
  });
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await exited(child);
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    writeFileSync(join(dataDir, PRINTED_FILE), await ready(child));
  } catch (error) {
    await stop();
    throw error;
  }
  return { dataDir, stop };
}

async function freePorts(): Promise<Record<string, string>> {
  const names = ["PORT", "GATEWAY_PORT", "GATEWAY_OPS_PORT", "DEV_IDP_PORT", "DEV_DB_PORT"];
  const ports = new Set<number>();
  while (ports.size < names.length) {
    ports.add(await freePort());
  }
  return Object.fromEntries([...ports].map((port, at) => [names[at], String(port)]));
}

/** Resolves to what was printed once the line `ready` was; rejects with what was printed when the start fails. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => reject(new Error(`npm start is not ready in time:\n${printed}`)), READY_MS);
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      outcome();
    };
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (/^ready$/m.test(printed)) settle(() => resolve(printed));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => settle(() => reject(new Error(`npm start ended with ${code}:\n${printed}`))));
  });
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
  });
}
