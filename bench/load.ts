import { COMMAND } from "@/proxy/protocol/constants";
import { writeFrame } from "@/proxy/protocol/frame";
import { lenencString } from "@/proxy/protocol/packet-writer";
import type { FromLoad, LoadRequest, LoadResult, ToLoad } from "./protocol";
import { WireClient } from "./wire-client";

/** The load process: keeps the asked number of connections busy, each with one query at a time, for the asked time. */

const command = (code: number, sql: string) => writeFrame(Buffer.concat([Buffer.of(code), Buffer.from(sql)]), 0);
const VAR_STRING = 0xfd;
const LATENCY_SAMPLES = 200_000;
const NOTHING: LoadResult = { queries: 0, bytes: 0, seconds: 0, p50: 0, p99: 0, errors: 0, firstError: null };

const tell = (message: FromLoad) => process.send?.(message);

/** Prepares `sql`; returns the command that executes it. */
async function prepare(client: WireClient, sql: string): Promise<Buffer> {
  client.send(command(COMMAND.STMT_PREPARE, sql));
  const { payload } = await client.packet();
  const id = payload.readUInt32LE(1);
  const parameters = payload.readUInt16LE(7);
  for (let left = payload.readUInt16LE(5) + parameters; left > 0; left--) await client.packet();
  const head = Buffer.alloc(10);
  head[0] = COMMAND.STMT_EXECUTE;
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(1, 6);
  const bound = parameters === 0 ? [] : [Buffer.of(0, 1, VAR_STRING, 0), lenencString(Buffer.from("42"))];
  return writeFrame(Buffer.concat([head, ...bound]), 0);
}

async function run(request: LoadRequest): Promise<LoadResult> {
  const clients = await openAll(request);
  if (request.work === "idle") {
    await go();
    await new Promise<void>((resolve) => setTimeout(resolve, request.seconds * 1000));
    for (const client of clients) client.close();
    return { ...NOTHING, seconds: request.seconds };
  }
  const frames: Buffer[] = [];
  for (const client of clients) {
    frames.push(request.work === "prepared" ? await prepare(client, request.sql) : command(COMMAND.QUERY, request.sql));
  }
  const size = await firstAnswer(clients[0], frames[0]);
  await go();
  return measure(request, clients, frames, size);
}

/** Waits until the driver says so. */
async function go(): Promise<void> {
  const told = new Promise<void>((resolve) => process.once("message", () => resolve()));
  tell({ kind: "ready" });
  await told;
}

async function openAll(request: LoadRequest): Promise<WireClient[]> {
  const clients: WireClient[] = [];
  // A few logins at a time, as a pool would.
  for (let at = 0; at < request.connections; at += 16) {
    const some = Math.min(16, request.connections - at);
    clients.push(...(await Promise.all(Array.from({ length: some }, () => WireClient.open(request)))));
  }
  return clients;
}

async function firstAnswer(client: WireClient | undefined, frame: Buffer | undefined): Promise<number> {
  if (client === undefined || frame === undefined) throw new Error("no connection");
  client.send(frame);
  return client.result();
}

function measure(request: LoadRequest, clients: WireClient[], frames: Buffer[], size: number): Promise<LoadResult> {
  return new Promise((resolve) => {
    const samples = new Float64Array(LATENCY_SAMPLES);
    let queries = 0;
    let errors = 0;
    let firstError: string | null = null;
    let running = clients.length;
    const started = performance.now();
    const deadline = started + request.seconds * 1000;
    const finished = () => {
      running -= 1;
      if (running > 0) return;
      const seconds = (performance.now() - started) / 1000;
      for (const client of clients) client.close();
      const sorted = samples.subarray(0, Math.min(queries, LATENCY_SAMPLES)).sort();
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      resolve({ queries, bytes: queries * size, seconds, p50: at(0.5), p99: at(0.99), errors, firstError });
    };
    clients.forEach((client, index) => {
      const frame = frames[index] ?? Buffer.alloc(0);
      let ended = false;
      let sent = 0;
      const next = () => {
        sent = performance.now();
        client.send(frame);
      };
      const end = () => {
        if (!ended) {
          ended = true;
          finished();
        }
      };
      client.loop(
        size,
        () => {
          const now = performance.now();
          samples[queries % LATENCY_SAMPLES] = (now - sent) * 1000;
          queries += 1;
          if (now < deadline) next();
          else end();
        },
        (error) => {
          if (ended) return;
          errors += 1;
          firstError ??= error.message;
          end();
        },
      );
      next();
    });
  });
}

process.on("message", (message: ToLoad) => {
  if (message.kind !== "load") return;
  run(message).then(
    (result) => tell({ kind: "result", ...result }),
    (error: Error) => tell({ kind: "result", ...NOTHING, errors: 1, firstError: error.message }),
  );
});
process.on("disconnect", () => process.exit(0));
