import { parseArgs } from "node:util";
import { type Assignment, freshRandom, gatewayOf, tokenFor } from "./agent";
import { runOrdersAgent } from "./orders-agent";
import { runSupportAgent } from "./support-agent";

const DEFAULT_SECONDS = 60;
const AGENTS = { "orders-agent": runOrdersAgent, "support-agent": runSupportAgent } as const;

function readSeconds(): number {
  const { values } = parseArgs({ options: { seconds: { type: "string" } } });
  const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
  if (!Number.isFinite(seconds) || seconds < 1 || seconds > 86_400) {
    throw new Error("--seconds must be a number from 1 to 86400");
  }
  return seconds;
}

/** Two agents at work through the gateway, so that the console has something to show. */
async function main(): Promise<void> {
  const seconds = readSeconds();
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), seconds * 1000);
  process.once("SIGINT", () => ended.abort());
  process.once("SIGTERM", () => ended.abort());
  const gateway = gatewayOf();
  console.log(`Two agents work through the gateway for ${seconds} s. Watch them in the console. Ctrl-C ends it.\n`);
  const started = performance.now();
  const results = await Promise.allSettled(
    Object.entries(AGENTS).map(async ([name, work]) => {
      const say: Assignment["say"] = (text) => {
        const at = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
        console.log(`${at} s  ${name.padEnd(13)} ${text}`);
      };
      const token = await tokenFor(name);
      const done = await work({ gateway, token, random: freshRandom(), signal: ended.signal, say });
      return `${name} did ${done} things`;
    }),
  );
  clearTimeout(timer);
  const lines = results.map((one) => (one.status === "fulfilled" ? one.value : `failed: ${String(one.reason)}`));
  console.log(`\n${lines.join("\n")}`);
  process.exitCode = results.every((one) => one.status === "fulfilled") ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
