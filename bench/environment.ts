import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { startProduct } from "@/e2e/support/product-setup";
import type { LoadRequest, LoadResult } from "./protocol";

const AGENT = "e2e-agent";
const CONNECTION = "bench";

/** Everything the bench runs against: the gateway as `npm start` runs it, an upstream that answers from memory, and a load process. */
export interface BenchEnvironment {
  readonly upstreamPort: number;
  readonly gatewayPort: number;
  readonly gatewayPid: number;
  readonly ca: string;
  readonly user: string;
  readonly token: string;
  load(request: LoadRequest): Promise<LoadResult>;
  stop(): Promise<void>;
}

export async function startEnvironment(): Promise<BenchEnvironment> {
  const dist = import.meta.dirname;
  const upstream = fork(join(dist, "bench-upstream.mjs"));
  const [{ port: upstreamPort }] = (await once(upstream, "message")) as [{ port: number }];
  const product = await startProduct(["--without-console"], join(dist, ".."));
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
    user: CONNECTION,
    token: sallyport("token", "--client", AGENT, "--secret", `${AGENT}-secret`).trim(),
    load: (request) => runLoad(join(dist, "bench-load.mjs"), request),
    stop: async () => {
      await product.stop();
      await end(upstream);
    },
  };
}

function configuration(upstreamPort: number): string {
  return `version: 1
connections:
  - name: ${CONNECTION}
    host: 127.0.0.1
    port: ${upstreamPort}
    user: bench
    password: { value: bench }
    tls: disabled
    schema: ${CONNECTION}
policies:
  - name: ${CONNECTION}
    connection: ${CONNECTION}
    identities: [{ client_id: ${AGENT} }]
    rules:
      - { name: read everything, effect: allow, statements: [read], tables: ["${CONNECTION}.*"] }
`;
}

async function gatewayPid(databaseUrl: string): Promise<number> {
  const store = await mysql.createConnection(databaseUrl);
  const [rows] = await store.query<RowDataPacket[]>(
    "SELECT pid FROM gateways WHERE stopped_at IS NULL ORDER BY id DESC LIMIT 1",
  );
  await store.end();
  return Number(rows[0]?.pid);
}

async function runLoad(program: string, request: LoadRequest): Promise<LoadResult> {
  const child = fork(program);
  child.send(request);
  const [result] = (await once(child, "message")) as [LoadResult];
  await end(child);
  return result;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.connected) child.disconnect();
  if (child.exitCode === null) await once(child, "exit");
}
