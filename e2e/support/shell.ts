import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Product } from "./product";

/** Runs a script in bash as a person would in the project's folder, with `input` on standard input. Rejects when it fails. Resolves to what it printed. */
export function runInShell(product: Product, script: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", `set -euo pipefail\n${script}`], {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, DATA_DIR: product.dataDir, npm_config_update_notifier: "false" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let printed = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`the command ended with ${code}: ${complaints}`)),
    );
    child.stdin.end(input);
  });
}
