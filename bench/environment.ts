import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { startProduct } from "@/e2e/support/product-setup";
import { AGENT, configuration } from "./connections";
import type { FromLoad, LoadRequest, LoadResult, ToLoad } from "./protocol";

/** Everything the bench runs against: the gateway as `npm start` runs it, an upstream that answers from memory, and a load process. */
export interface BenchEnvironment {
  readonly upstreamPort: number;
  readonly gatewayPort: number;
  readonly gatewayPid: number;
  readonly ca: string;
  readonly token: string;
  /** `onReady` is awaited when everyone has logged in, before anything is measured. */
  load(request: LoadRequest, onReady: () => Promise<void>): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Tokens may come without TLS: HAProxy has none either, and its CPU is what the gateway's is compared with. */
const PLAIN = { GATEWAY_BENCH_PLAIN: "tokens-in-clear-on-loopback" };

export async function startEnvironment(): Promise<BenchEnvironment> {
  const dist = import.meta.dirname;
  const upstream = fork(join(dist, "bench-upstream.mjs"));
  const [{ port: upstreamPort }] = (await once(upstream, "message")) as [{ port: number }];
  const product = await startProduct(["--without-console"], join(dist, ".."), PLAIN);
  const variables: Readonly<Record<string, string>> = JSON.parse(
    readFileSync(join(product.dataDir, "env.json"), "utf8"),
  );
  const sallyport = (...args: string[]) =>
    execFileSync(process.execPath, [join(dist, "../scripts/sallyport.mjs"), ...args], {
      env: { ...process.env, ...variables },
      encoding: "utf8",
    });
  const file = join(product.dataDir, "bench.yaml");
  writeFileSync(file, configuration(upstreamPort));
  sallyport("apply", "-f", file);
  return {
    upstreamPort,
    gatewayPort: Number(variables.GATEWAY_PORT),
    gatewayPid: await gatewayPid(variables.DATABASE_URL ?? ""),
    ca: readFileSync(variables.GATEWAY_TLS_CA ?? "", "utf8"),
    token: sallyport("token", "--client", AGENT, "--secret", `${AGENT}-secret`).trim(),
    load: (request, onReady) => runLoad(join(dist, "bench-load.mjs"), request, onReady),
    stop: async () => {
      await product.stop();
      await end(upstream);
    },
  };
}

async function gatewayPid(databaseUrl: string): Promise<number> {
  const store = await mysql.createConnection(databaseUrl);
  const [rows] = await store.query<RowDataPacket[]>(
    "SELECT pid FROM gateways WHERE stopped_at IS NULL ORDER BY id DESC LIMIT 1",
  );
  await store.end();
  return Number(rows[0]?.pid);
}

async function runLoad(program: string, request: LoadRequest, onReady: () => Promise<void>): Promise<LoadResult> {
  const child = fork(program);
  const result = await new Promise<LoadResult>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the load process died")));
    child.on("message", (message: FromLoad) => {
      if (message.kind === "result") {
        resolve(message);
        return;
      }
      onReady().then(() => child.send({ kind: "go" } satisfies ToLoad), reject);
    });
    child.send(request satisfies ToLoad);
  });
  await end(child);
  return result;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.connected) child.disconnect();
  if (child.exitCode === null) await once(child, "exit");
}
